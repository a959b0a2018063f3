import ConnectorCore
import Synchronization

extension MemoryDirectory {
  /// Makes a directory of a fixture: its root DSE, schema and entries, and the log that `directory.json` names.
  ///
  /// Records of a log among the entries are left out: the directory writes its own.
  public convenience init(_ fixture: Fixture) throws {
    let flavour = Self.flavour(fixture)
    let partitions = Self.partitions(fixture)
    self.init(partitions: partitions, flavour: flavour, rootDSE: fixture.rootDSE, schemaEntry: fixture.schemaEntry)
    let inside = fixture.entries.filter { record in state.withLock { $0.model.partition(of: record.dn) != nil } }
    try load(inside)
    guard let account = fixture.directory, let dn = account.bindDN else { return }
    state.withLock { $0.account = (dn, Array((account.password ?? "").utf8)) }
  }

  /// What `expected.json` says, else the contexts that hold the topmost entries.
  private static func partitions(_ fixture: Fixture) -> [String] {
    if let stated = fixture.expected.partitions { return stated }
    let contexts = RootDSE(fixture.rootDSE).namingContexts.filter { !$0.isEmpty && $0 != "\0" }
    let keys = Set(fixture.entries.compactMap { try? DN($0.dn) })
    let used = contexts.filter { context in (try? DN(context)).map { keys.contains($0) } ?? false }
    if !used.isEmpty { return used }
    return fixture.entries.first.map { [$0.dn] } ?? contexts
  }

  private static func flavour(_ fixture: Fixture) -> any ChangeLogFlavour {
    let container = fixture.directory?.logDN
    switch fixture.directory?.log {
    case .accesslog: return .accesslog(container: container ?? "cn=accesslog")
    case .changelog: return .changelog(dialect(of: fixture.expected.winner), container: container ?? "cn=changelog")
    case .externalChangelog: return .externalChangelog(container: container ?? "cn=changelog")
    case .usn: return .usn()
    case .timestamp, nil: return .timestamp(keeps: keeps(fixture.expected))
    }
  }

  private static func dialect(of product: String) -> NumberedChangelog.Dialect {
    switch product {
    case "389ds": .ds389
    case "oracle-dsee", "sunone": .sun
    case "opendj", "opends", "oud": .openDJ
    case "ping": .unboundID
    case "ibm": .ibm
    default: .init()
    }
  }

  private static func keeps(_ expected: Fixture.Expectation) -> OperationalAttributes {
    guard case .value(let name) = expected.immutableID else { return .entryUUID }
    let isBinary = ["guid", "objectguid"].contains(name.lowercased())
    return OperationalAttributes(ids: [(AttributeDescription(name), isBinary ? .octets : .uuid)])
  }
}
