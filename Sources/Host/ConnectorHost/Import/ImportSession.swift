import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import Foundation

/// Everything that a run needs, opened in the order in which it may fail: lock, store, server, adapter.
struct ImportSession {
  /// What to do with each partition.
  enum Step: Sendable {
    case full
    /// A delta import; where it is impossible, a full one if `orFull`.
    case delta(orFull: Bool)
    case release([Hold])
    case drop([Hold])

    var name: String {
      switch self {
      case .full: "full import"
      case .delta: "delta import"
      case .release: "held release"
      case .drop: "held drop"
      }
    }
  }

  let target: Target
  let store: SQLiteStore
  private let lock: StateLock
  private let bulk: Connection
  private let lookup: LookupSession
  private let evidence: ServerEvidence
  private let adapter: VendorAdapter
  /// What the configuration decides against detection, or in its place; told in every report.
  private let forced: [String]
  private let executor = ThreadExecutor()

  /// Locks the state file and opens it, connects, and finds out what the server is.
  static func open(_ target: Target, wait: Duration?) async throws -> ImportSession {
    let state = target.resolve(target.configuration.state)
    let lock = try await StateLock.waiting(statePath: state, patience: wait ?? .zero)
    let store = try SQLiteStore(path: state)
    let settings = try target.settings()
    let adapters = try await target.adapters()
    let context = HostContext.current
    let bulk = try await context.connect(settings)
    do {
      let forced = target.configuration.adapter
      let description = try await Discovery(
        bulk.reader, adapters: adapters, port: target.configuration.server.effectivePort
      ).describe(forced: forced)
      let lookup = LookupSession { try await context.connect(settings) }
      return ImportSession(
        target: target, store: store, lock: lock, bulk: bulk, lookup: lookup, evidence: description.evidence,
        adapter: try description.requireAdapter(), forced: target.configuration.forcedChoices(against: description))
    } catch {
      await bulk.close()
      throw error
    }
  }

  private init(
    target: Target, store: SQLiteStore, lock: StateLock, bulk: Connection, lookup: LookupSession,
    evidence: ServerEvidence, adapter: VendorAdapter, forced: [String]
  ) {
    self.target = target
    self.store = store
    self.lock = lock
    self.bulk = bulk
    self.lookup = lookup
    self.evidence = evidence
    self.adapter = adapter
    self.forced = forced
  }

  /// Ends connections and releases the store.
  func close() async {
    await lookup.close()
    await bulk.close()
    store.close()
    withExtendedLifetime(lock) {}
  }

  /// Another anchor makes other keys for identity systems: the feed starts anew, and only with a full import.
  func checkAnchor(for step: Step) throws {
    let policy = target.configuration.anchorPolicy(adapter: adapter, schema: evidence.schema)
    let now = policy.attribute?.string.lowercased() ?? "dn"
    let before = try store.anchorName
    if before == now { return }
    if let before {
      guard case .full = step else {
        throw WatermarkLost("the anchor changed from \(before) to \(now) since the last full import")
      }
    }
    try store.begin()
    if before != nil { try store.startNewFeed() }
    try store.setMeta("anchor", now)
    try store.commit()
  }

  /// Runs a step over one partition.
  func run(
    _ step: Step, _ partition: Configuration.Partition, progress: @escaping @Sendable (RunReport.Counts) -> Void
  ) async throws -> RunReport {
    let choice = adapter.deltaChoice(DeltaSettings(evidence, target.configuration.import))
    let work = try PartitionImport(
      step: step.name, store: store,
      scope: ImportScope(partition, of: target.configuration, adapter: adapter, schema: evidence.schema),
      reader: bulk.reader, lookup: lookup, delta: choice.strategy, executor: executor, progress: progress)
    return try await work.carryOut(forced: forced) {
      switch step {
      case .full: try await work.importAll()
      case .delta(let orFull): try await Self.importDelta(work, orFull: orFull, choice)
      case .release(let holds): try await work.release(holds.map(\.row))
      case .drop(let holds): try await work.drop(holds.map(\.row))
      }
    }
  }

  private static func importDelta(
    _ work: PartitionImport, orFull: Bool, _ choice: DeltaChoice
  ) async throws {
    do {
      if let reason = choice.reason { throw WatermarkLost(reason) }
      try await work.importDelta()
    } catch let lost as WatermarkLost where orFull {
      await work.note("A full import instead of a delta import: \(lost.reason)")
      try await work.importAll()
    }
  }
}
