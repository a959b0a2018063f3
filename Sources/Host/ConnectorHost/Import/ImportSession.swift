import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import Foundation

/// Everything that an import needs.
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

    var isFull: Bool { if case .full = self { true } else { false } }
  }

  private let common: ConnectorSession
  private let lookup: LookupSession

  var store: SQLiteStore { common.store }

  /// Locks the state file and opens it, connects, and finds out what the server is.
  static func open(_ target: Target, wait: Duration?) async throws -> ImportSession {
    let common = try await ConnectorSession.open(target, wait: wait)
    let (context, settings) = (HostContext.current, common.settings)
    return ImportSession(common: common, lookup: LookupSession { try await context.connect(settings) })
  }

  private init(common: ConnectorSession, lookup: LookupSession) {
    self.common = common
    self.lookup = lookup
  }

  /// Ends connections and releases the store.
  func close() async {
    await lookup.close()
    await common.close()
  }

  /// Another anchor makes other keys for identity systems: the feed starts anew, and only with a full import.
  func checkAnchor(for step: Step) throws {
    try common.checkAnchor(beforeFullImport: step.isFull)
  }

  /// Runs a step over one partition.
  func run(
    _ step: Step, _ partition: Configuration.Partition, progress: @escaping @Sendable (RunReport.Counts) -> Void
  ) async throws -> RunReport {
    let (adapter, evidence, configuration) = (common.adapter, common.evidence, common.target.configuration)
    let choice = adapter.deltaChoice(DeltaSettings(evidence, configuration.import))
    let work = try PartitionImport(
      step: step.name, store: store,
      scope: ImportScope(partition, of: configuration, adapter: adapter, schema: evidence.schema),
      reader: common.connection.reader, lookup: lookup, delta: choice.strategy, executor: common.executor,
      progress: progress)
    return try await work.carryOut(forced: common.forced) {
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
