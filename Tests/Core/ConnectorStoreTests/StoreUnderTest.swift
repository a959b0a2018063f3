import ConnectorCore
import ConnectorStore
import Foundation

/// The stores that keep the contract.
enum StoreKind: String, CaseIterable, Sendable {
  case inMemory
  case sqlite
}

/// A fresh store of either kind with one partition and one run, and the ways in which tests look at it.
final class StoreUnderTest {
  let store: any ConnectorSpaceStore
  let partition: Int64
  let run: Int64
  private let folder = TemporaryFolder()

  init(_ kind: StoreKind) throws {
    store =
      switch kind {
      case .inMemory: InMemoryStore()
      case .sqlite: try SQLiteStore(path: folder.file("state.db"))
      }
    partition = try store.partition(key: "dc=com,dc=example", dn: "dc=example,dc=com").number
    run = try store.beginRun(step: "full import", partition: "dc=example,dc=com")
  }

  var reason: ChangeReason { ChangeReason(run: run) }

  func feed() throws -> [ChangeRecord] {
    if let store = store as? InMemoryStore { return store.changes }
    guard let store = store as? SQLiteStore else { return [] }
    var records: [ChangeRecord] = []
    try store.forEachChange(since: 0) { records.append($0) }
    return records
  }

  @discardableResult
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try store.begin()
    do {
      let result = try body()
      try store.commit()
      return result
    } catch {
      store.rollback()
      throw error
    }
  }

  @discardableResult
  func add(_ objects: ConnectorObject...) throws -> [Int64] {
    try transaction { try objects.map { try store.add($0, partition: partition, reason: reason) } }
  }

  func stored(_ row: Int64) throws -> StoredObject {
    guard let object = try store.object(row: row) else { throw MissingObject(row: row) }
    return object
  }

  func keys(below key: String) throws -> [String] {
    var keys: [String] = []
    try store.descendants(of: key, partition: partition) { keys.append($0.key) }
    return keys
  }

  func dns() throws -> [String] {
    var dns: [String] = []
    try store.objects(partition: partition) { dns.append($0.dn) }
    return dns
  }
}

struct MissingObject: Error {
  var row: Int64
}

/// A folder of its own, removed with its value.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/connector-store-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

extension ConnectorObject {
  /// An object with the standard tree key of its DN; its hash is made of DN and attributes.
  static func sample(
    _ dn: String, id: String? = nil, anchor: String? = nil, json: String = #"{"objectClass":["person","top"]}"#,
    references: [Int64] = []
  ) throws -> ConnectorObject {
    let key = ContentHashKey((1, 2, 3, 5))
    return ConnectorObject(
      id: id ?? "id of \(dn)", anchor: anchor ?? dn, dn: dn, key: try DNNormalizer.standard.key(of: dn),
      document: AttributeDocument(json: Array(json.utf8)), hash: key.hash(dn + json, domain: 0), references: references)
  }
}

extension ChangeRecord {
  var contentText: String { String(decoding: content, as: UTF8.self) }
  var classesText: String { String(decoding: objectClasses, as: UTF8.self) }
}

extension StoreUnderTest {
  /// The sequences that a trimmed feed still holds.
  func keptSequences() throws -> [Int64] {
    if let store = store as? InMemoryStore { return store.changes.map(\.sequence) }
    guard let store = store as? SQLiteStore else { return [] }
    var sequences: [Int64] = []
    try store.forEachChange(since: try store.firstSequence - 1) { sequences.append($0.sequence) }
    return sequences
  }
}
