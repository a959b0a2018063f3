import ConnectorCore
import ConnectorLDAP
import ConnectorStore

/// What imports and exports need alike, opened in the order in which it may fail: lock, store, server, adapter.
struct ConnectorSession {
  let target: Target
  let store: SQLiteStore
  let settings: ConnectionSettings
  let connection: Connection
  let evidence: ServerEvidence
  let adapter: VendorAdapter
  /// What the configuration decides against detection, or in its place; told in every report.
  let forced: [String]
  let executor = ThreadExecutor()
  private let lock: StateLock

  /// Locks the state file and opens it, connects, and finds out what the server is.
  static func open(_ target: Target, wait: Duration?) async throws -> ConnectorSession {
    let state = target.resolve(target.configuration.state)
    let lock = try await StateLock.waiting(statePath: state, patience: wait ?? .zero)
    let store = try SQLiteStore(path: state)
    let settings = try target.settings()
    let adapters = try await target.adapters()
    let connection = try await HostContext.current.connect(settings)
    do {
      let description = try await Discovery(
        connection.reader, adapters: adapters, port: target.configuration.server.effectivePort
      ).describe(forced: target.configuration.adapter)
      return ConnectorSession(
        target: target, store: store, settings: settings, connection: connection, evidence: description.evidence,
        adapter: try description.requireAdapter(), forced: target.configuration.forcedChoices(against: description),
        lock: lock)
    } catch {
      await connection.close()
      throw error
    }
  }

  private init(
    target: Target, store: SQLiteStore, settings: ConnectionSettings, connection: Connection,
    evidence: ServerEvidence, adapter: VendorAdapter, forced: [String], lock: StateLock
  ) {
    self.target = target
    self.store = store
    self.settings = settings
    self.connection = connection
    self.evidence = evidence
    self.adapter = adapter
    self.forced = forced
    self.lock = lock
  }

  /// Ends the connection and releases the store.
  func close() async {
    await connection.close()
    store.close()
    withExtendedLifetime(lock) {}
  }

  /// Another anchor makes other keys for identity systems: the feed starts anew, and only with a full import.
  func checkAnchor(beforeFullImport: Bool) throws {
    let policy = target.configuration.anchorPolicy(adapter: adapter, schema: evidence.schema)
    let now = policy.attribute?.string.lowercased() ?? "dn"
    let before = try store.anchorName
    if before == now { return }
    if let before, !beforeFullImport {
      throw WatermarkLost("the anchor changed from \(before) to \(now) since the last full import")
    }
    try store.begin()
    if before != nil { try store.startNewFeed() }
    try store.setMeta("anchor", now)
    try store.commit()
  }
}
