import ConnectorCore
import ConnectorStore
import ConnectorTesting
import Foundation
import Testing

/// The stores that the engine works on.
enum StoreKind: String, CaseIterable, Sendable {
  case inMemory
  case sqlite
}

/// A server whose log names entries by DN.
struct Server: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var dialect: NumberedChangelog.Dialect
  var immutableID: ImmutableID?

  static let ds389 = Server(
    testDescription: "389 without IDs in its log", dialect: .ds389WithoutID, immutableID: ImmutableID("nsUniqueId"))
  static let ibm = Server(
    testDescription: "IBM", dialect: .ibm, immutableID: ImmutableID("ibm-entryUuid"))
  /// Every other of the first entries has no ID.
  static let ibmOld = Server(
    testDescription: "IBM with old entries", dialect: .ibm,
    immutableID: ImmutableID("ibm-entryUuid", mayBeMissing: true))
  /// No ID for life at all: the DN is the ID.
  static let namesOnly = Server(testDescription: "a server without IDs", dialect: .init(), immutableID: nil)
  static let logsID = Server(
    testDescription: "389 with IDs in its log", dialect: .ds389, immutableID: ImmutableID("nsUniqueId"))
}

/// A directory in memory, an engine over it, and a judge that compares directory, connector space and feed.
final class EngineBench {
  static let suffix = "dc=example,dc=com"
  let directory: MemoryDirectory
  private(set) var store: any ConnectorSpaceStore
  var scope: ImportScope
  var strategy = LogStrategy()
  private let path: String?
  private let executor = ThreadExecutor()

  init(_ server: Server, _ kind: StoreKind = .inMemory) throws {
    directory = MemoryDirectory(flavour: .changelog(server.dialect))
    switch kind {
    case .inMemory:
      path = nil
      store = InMemoryStore()
    case .sqlite:
      let path = FileManager.default.temporaryDirectory.path + "/engine-\(UUID().uuidString).db"
      self.path = path
      store = try SQLiteStore(path: path)
    }
    scope = ImportScope(partition: try DN(Self.suffix), schema: Schema())
    scope.immutableID = server.immutableID
    scope.budget = DeleteBudget(count: 10_000, percent: 100)
    try directory.apply(ldif: "dn: \(Self.suffix)\nobjectClass: domain\ndc: example\n\n")
  }

  deinit {
    guard let path else { return }
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  // MARK: The directory

  func dn(_ name: String) -> String { name.isEmpty ? Self.suffix : "\(name),\(Self.suffix)" }

  func unit(_ names: String...) throws {
    for name in names { try directory.apply(ldif: "dn: \(dn(name))\nobjectClass: organizationalUnit\n\n") }
  }

  func person(_ name: String, _ words: String = "as made") throws {
    try directory.apply(ldif: "dn: \(dn(name))\nobjectClass: person\nsn: \(words)\n\n")
  }

  func modify(_ name: String, _ words: String) throws {
    try directory.apply(ldif: "dn: \(dn(name))\nchangetype: modify\nreplace: description\ndescription: \(words)\n-\n\n")
  }

  func delete(_ name: String) throws { try directory.apply(ldif: "dn: \(dn(name))\nchangetype: delete\n\n") }

  /// Takes the ID of an entry away, or gives it one, without a record.
  func setID(_ name: String, _ id: String?) {
    let dn = dn(name)
    directory.change { model in
      guard var entry = model.entry(dn) else { return }
      entry.attributes["ibm-entryUuid"] = id.map { [Array($0.utf8)] } ?? []
      model.put(entry)
    }
  }

  func rename(_ name: String, _ rdn: String, to parent: String? = nil) throws {
    let superior = parent.map { "newsuperior: \(dn($0))\n" } ?? ""
    try directory.apply(
      ldif: "dn: \(dn(name))\nchangetype: modrdn\nnewrdn: \(rdn)\ndeleteoldrdn: 1\n\(superior)\n")
  }

  // MARK: Runs

  /// - Parameter calls: calls after which the process dies; nil to live.
  @discardableResult
  func full(dyingAfter calls: Int? = nil) async throws -> RunReport {
    try await run("full import", calls) { try await $0.importAll() }
  }

  @discardableResult
  func delta(dyingAfter calls: Int? = nil) async throws -> RunReport {
    try await run("delta import", calls) { try await $0.importDelta() }
  }

  private func run(
    _ step: String, _ calls: Int?, _ body: @escaping @Sendable (PartitionImport) async throws -> Void
  ) async throws -> RunReport {
    let work = try PartitionImport(
      step: step, store: store, scope: scope, reader: directory,
      lookup: MortalReader(directory, calls: calls), delta: strategy, executor: executor)
    return try await work.carryOut(forced: []) { try await body(work) }
  }

  /// Opens the state file as the next process does.
  func restart() throws {
    guard let path, let old = store as? SQLiteStore else { return }
    old.close()
    store = try SQLiteStore(path: path)
  }

  // MARK: What the connector space holds

  var partition: Int64 { get throws { try store.partition(key: "dc=com,dc=example", dn: Self.suffix).number } }

  func objects() throws -> [ConnectorObject] {
    var rows: [Int64] = []
    try store.objects(partition: try partition) { rows.append($0.row) }
    return try rows.compactMap { try store.object(row: $0)?.object }
  }

  func pending() throws -> [PendingHint] {
    try store.pending(partition: try partition, after: 0, run: .max, limit: .max)
  }

  func feed() throws -> [ChangeRecord] {
    if let store = store as? InMemoryStore { return store.changes }
    var records: [ChangeRecord] = []
    try (store as? SQLiteStore)?.forEachChange(since: 0) { records.append($0) }
    return records
  }

  /// The changes of one run in short: `rename uid=b` and so on.
  func changes(after count: Int) throws -> [String] {
    try feed().dropFirst(count).map { change in
      let name = change.dn.replacingOccurrences(of: ",\(Self.suffix)", with: "")
      return "\(change.kind.rawValue) \(name)"
    }
  }
}
