import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import Foundation
import TestSupport
import Testing

/// A real slapd, a connector space in a file, and plans made by hand.
final class ExportBench {
  static let base = TestDirectory.base
  static let people = "ou=people,\(base)"

  let server: any DirectoryUnderTest
  private let product: ExportProduct
  private(set) var store: SQLiteStore
  private(set) var executor = ThreadExecutor()
  var scope: ExportScope
  var patience = ExportPatience()
  var chunk = 500
  let faults = ExportFaults()
  private(set) var settings: ConnectionSettings
  private(set) var target: LiveTarget
  var passwords: [SecretReference: Secret] = [:]
  fileprivate let path: String

  /// Runs `body` with slapd.
  static func running(
    _ options: SlapdOptions = SlapdOptions(), importing: Bool = true, _ body: (ExportBench) async throws -> Void
  ) async throws {
    try await SlapdServer.running(options) { server in
      try await running(server, .slapd, importing: importing, body)
    }
  }

  /// Runs `body` with each product in turn.
  static func each(_ body: (ExportBench) async throws -> Void) async throws {
    try await SlapdServer.running { try await running($0, .slapd, body) }
    try await UnboundIDServer.running { try await running($0, .unboundID, body) }
    try await DS389Server.running { try await running($0, .ds389, body) }
  }

  private static func running(
    _ server: any DirectoryUnderTest, _ product: ExportProduct, importing: Bool = true,
    _ body: (ExportBench) async throws -> Void
  ) async throws {
    let bench = try await ExportBench(server, product)
    try await server.admin.add("dn: \(people)\nobjectClass: organizationalUnit\nou: people\n")
    if importing { try await bench.full() }
    try await body(bench)
    try? FileManager.default.removeItem(atPath: bench.path)
  }

  private init(_ server: any DirectoryUnderTest, _ product: ExportProduct) async throws {
    self.server = server
    self.product = product
    path = FileManager.default.temporaryDirectory.path + "/export-\(UUID().uuidString).db"
    store = try SQLiteStore(path: path)
    settings = ConnectionSettings(host: "127.0.0.1", port: server.port)
    settings.bind = .simple(dn: server.admin.bindDN ?? "", password: Secret(product.adminPassword))
    settings.operationTimeout = .seconds(20)
    target = LiveTarget(settings, faults)
    let session = try await LDAPSession.connect(to: settings)
    let root = RootDSE(try #require(try await session.collect(Self.baseSearch("", ["*", "+"])).first))
    let schemaDN = try #require(root.subschemaSubentry)
    let schema = try #require(
      try await session.collect(Self.baseSearch(schemaDN, ["objectClasses", "attributeTypes"])).first)
    await session.close()
    var partition = ImportScope(
      partition: try DN(Self.base),
      schema: Schema(objectClasses: schema.strings("objectClasses"), attributeTypes: schema.strings("attributeTypes")))
    partition.immutableID = product.immutableID
    var facts = ExportFacts()
    facts.versionAttribute = product.versionAttribute
    scope = ExportScope(
      partitions: [partition], facts: facts, product: product.name, schema: partition.schema,
      capabilities: Set(root.supportedControls + root.supportedExtensions + root.supportedFeatures))
    patience.first = .milliseconds(20)
  }

  private static func baseSearch(_ base: String, _ attributes: [String]) -> SearchRequest {
    SearchRequest(base: base, scope: .base, attributes: attributes, pageSize: nil)
  }

  /// The next process: the state file opened anew, new sessions, nothing of the old run.
  func restart() async throws {
    try await Task.sleep(for: .milliseconds(60))
    store = try SQLiteStore(path: path)
    executor = ThreadExecutor()
    faults.set {
      $0.requestsToLive = nil
      $0.readsToLive = nil
      $0.isDead = false
    }
    target = LiveTarget(settings, faults)
  }

  // MARK: Runs

  func run(_ plan: ExportPlan) throws -> ExportRun {
    let passwords = passwords
    return try ExportRun(
      plan: plan, scope: scope, store: store, target: target, secrets: { passwords[$0] }, executor: executor,
      patience: patience, chunk: chunk)
  }

  @discardableResult
  func carryOut(_ plan: ExportPlan) async throws -> ExportReport { try await run(plan).carryOut() }

  /// Carries a plan out until the faults end the process.
  /// - Returns: whether they did; else the plan came to its end.
  func dies(_ plan: ExportPlan) async throws -> Bool {
    let run = try run(plan)
    let end = ExportFaultsEnd()
    Task.detached {
      do { end.note(.success(try await run.carryOut())) } catch { end.note(.failure(error)) }
    }
    while true {
      if let result = end.result {
        _ = try result.get()
        return false
      }
      if faults.isDead { return true }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @discardableResult
  func full() async throws -> RunReport {
    let session = try await target.session()
    let work = try PartitionImport(
      step: "full import", store: store, scope: scope.partitions[0], reader: session, lookup: session, delta: nil,
      executor: executor)
    return try await work.carryOut(forced: []) { try await work.importAll() }
  }

  /// What a full import finds that the connector space did not know.
  func news() async throws -> String {
    let counts = try await full().counts
    return "\(counts.added) added, \(counts.updated) updated, \(counts.renamed) renamed, \(counts.deleted) deleted, "
      + "\(counts.held) held"
  }
  static let noNews = "0 added, 0 updated, 0 renamed, 0 deleted, 0 held"

  // MARK: What is there

  func feed() throws -> [ChangeRecord] {
    var records: [ChangeRecord] = []
    try store.forEachChange(since: 0) { records.append($0) }
    return records
  }

  /// The records after a number in short, such as `add cn=a,ou=people`.
  func changes(after count: Int) throws -> [String] {
    try feed().dropFirst(count).map {
      "\($0.kind.rawValue) \($0.dn.replacingOccurrences(of: ",\(Self.base)", with: ""))"
    }
  }

  /// Compares the connector space with what `ldapsearch` finds.
  func expectTruth(_ location: SourceLocation = #_sourceLocation) async throws {
    let id = product.immutableID.attribute.string
    let found = try await server.admin.search(
      Self.base, attributes: ["*", id], options: ["-E", "pr=1000/noprompt"])
    var lines: [UInt8] = []
    try store.forEachObject { object in
      let names = [("dn", object.dn), ("id", object.id), ("anchor", object.anchor)]
      let head = names.map { Array("\"\($0.0)\":".utf8) + JSONText.quote($0.1) + [0x2C] }.flatMap(\.self)
      lines += [0x7B] + head + Array("\"objectClasses\":".utf8) + object.objectClasses
      lines += Array(",\"attributes\":".utf8) + object.document.json + Array("}\n".utf8)
    }
    #expect(try Judge.differences(objectsJSONLines: lines, directory: found, id: id) == [], sourceLocation: location)
  }

  /// The values of an attribute, by `ldapsearch`; nil where there is no such entry.
  func values(_ dn: String, _ attribute: String) async throws -> [String]? {
    try await server.admin.read(dn, attributes: [attribute])?.strings(attribute).sorted()
  }

  func names() async throws -> Set<String> {
    let found = try await server.admin.search(
      Self.people, attributes: ["1.1"], options: ["-E", "pr=1000/noprompt"])
    return Set(found.map(\.dn))
  }

  // MARK: Plans

  func plan(_ operations: [PlannedOperation]) -> ExportPlan {
    var plan = ExportPlan(
      plan: UUID().uuidString.lowercased(), created: "2026-01-01T00:00:00Z", feed: store.feedID, adapter: "openldap",
      server: "ldap://127.0.0.1", input: "input.json")
    plan.partitions = [PlannedPartition(dn: Self.base)]
    for (index, operation) in operations.enumerated() {
      var operation = operation
      operation.number = index + 1
      operation.lines = [index + 1]
      plan.operations.append(operation)
    }
    return plan
  }

  static func dn(_ name: String) -> String { "cn=\(name),\(people)" }

  static func person(_ name: String, wave: Int = 1, _ more: [String: [String]] = [:]) -> PlannedOperation {
    var operation = PlannedOperation(number: 0, kind: .add, wave: wave, partition: 0, dn: dn(name))
    let attributes = more.merging(["objectClass": ["inetOrgPerson"], "cn": [name], "sn": [name]]) { first, _ in first }
    operation.attributes = attributes.sorted { $0.key < $1.key }.map {
      PlannedAttribute(name: $0.key, values: $0.value.map { PlannedValue(Array($0.utf8)) })
    }
    return operation
  }

  /// An operation on an entry that is there, with the state that a planner gives it.
  func existing(_ kind: PlannedOperation.Kind, _ dn: String, wave: Int = 1) async throws -> PlannedOperation {
    try await existing(kind, [dn], wave: wave)[0]
  }

  func existing(_ kind: PlannedOperation.Kind, _ dns: [String], wave: Int = 1) async throws -> [PlannedOperation] {
    let session = try await LDAPSession.connect(to: settings)
    let answers = try await session.read(dns, attributes: scope.attributesToRead())
    await session.close()
    return try zip(dns, answers).map { dn, answer in
      guard case .entry(let entry) = answer else { throw SupportError("\(dn) is not there") }
      var operation = PlannedOperation(number: 0, kind: kind, wave: wave, partition: 0, dn: dn)
      operation.id = scope.partitions[0].immutableID?.value(of: entry)
      operation.state = scope.state(of: entry, key: store.hashKey)
      return operation
    }
  }

  func replacing(_ dn: String, _ attribute: String, _ values: [String], wave: Int = 1) async throws -> PlannedOperation
  {
    var operation = try await existing(.modify, dn, wave: wave)
    operation.modifications = [PlannedModification(.replace, attribute, values.map { PlannedValue(Array($0.utf8)) })]
    return operation
  }

  func renaming(_ dn: String, _ rdn: String, to parent: String? = nil, wave: Int = 1) async throws -> PlannedOperation {
    var operation = try await existing(.rename, dn, wave: wave)
    operation.rename = Self.rename(dn, rdn, to: parent)
    return operation
  }

  static func rename(_ dn: String, _ rdn: String, to parent: String?) -> PlannedRename {
    let old = dn.split(separator: ",", maxSplits: 1).last.map(String.init) ?? ""
    return PlannedRename(newRDN: rdn, deleteOldRDN: true, newSuperior: parent, dn: "\(rdn),\(parent ?? old)")
  }

  func add(_ names: [String]) async throws {
    try await server.admin.add(
      names.map { "dn: \(Self.dn($0))\nobjectClass: inetOrgPerson\ncn: \($0)\nsn: \($0)\n\n" }.joined())
  }
}

/// What differs from product to product.
struct ExportProduct {
  var name: String
  var adminPassword: String
  var immutableID: ImmutableID
  var versionAttribute: AttributeDescription?

  static let slapd = ExportProduct(
    name: "OpenLDAP", adminPassword: SlapdServer.adminPassword, immutableID: .entryUUID, versionAttribute: "entryCSN")
  static let unboundID = ExportProduct(
    name: "UnboundID", adminPassword: UnboundIDServer.adminPassword, immutableID: .entryUUID)
  static let ds389 = ExportProduct(
    name: "389", adminPassword: DS389Server.adminPassword, immutableID: ImmutableID("nsUniqueId"))
}

/// The end of a run that may never come.
final class ExportFaultsEnd: @unchecked Sendable {
  private let lock = NSLock()
  private var end: Result<ExportReport, any Error>?
  var result: Result<ExportReport, any Error>? { lock.withLock { end } }
  func note(_ result: Result<ExportReport, any Error>) { lock.withLock { end = result } }
}

extension ExportBench {
  /// All that the state file holds, as text.
  func storedBytes() throws -> String {
    ["", "-wal"].map { suffix in
      let data = FileManager.default.contents(atPath: path + suffix) ?? Data()
      return String(decoding: data, as: UTF8.self)
    }.joined()
  }
}
