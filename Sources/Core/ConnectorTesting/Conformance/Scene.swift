import ConnectorCore
import Synchronization

/// A directory in memory, and the strategy under test at work on one of its partitions.
struct Scene: Sendable {
  static let partitions = ["dc=example,dc=com", "dc=other,dc=org"]

  let trial: Trial
  let directory: MemoryDirectory
  var partition: DN
  var pageSize: Int

  /// A strategy made anew, as every run of the host makes one.
  var strategy: any DeltaStrategy {
    get throws {
      var settings = DeltaSettings(evidence: directory.evidence)
      settings.pageSize = pageSize
      guard let strategy = trial.adapter.delta(settings) else { throw BrokenPromise("the adapter has no delta here") }
      return strategy
    }
  }

  /// What the strategy reads.
  var reader: any DirectoryReader {
    get async throws { try await trial.subject.reader(directory) }
  }

  func readiness() async throws -> Readiness { try await strategy.readiness(of: partition, reader) }

  func watermark() async throws -> Watermark { try await strategy.currentWatermark(of: partition, reader) }

  func truth() -> Truth { Truth(directory, partition, trial.adapter.immutableID) }

  func apply(_ ldif: String) throws { try directory.apply(ldif: ldif) }

  /// Applies changes of which some must fail.
  func applyFailing(_ ldif: String) throws {
    var reader = LDIFReader(Array(ldif.utf8))
    while let record = try reader.next() {
      do { try directory.apply(record) } catch { continue }
      throw BrokenPromise("the directory in memory accepted what it should refuse: \(record.dn)")
    }
  }

  /// What continuity says; a watermark that cannot be read may be told by throwing.
  func continuity(of watermark: Watermark) async throws -> Continuity {
    do {
      let answer = try await strategy.continuity(of: watermark, in: partition, reader)
      if answer != .unbroken { trial.noteRefusal() }
      return answer
    } catch let lost as WatermarkLost {
      trial.noteRefusal()
      return .lost(reason: lost.reason)
    }
  }

  /// A delta import as the engine runs it: continuity, then hints, each batch stored with its checkpoint.
  /// - Parameters:
  ///   - stop: dies after so many batches, as a host may.
  ///   - beforeHints: runs when continuity was found unbroken.
  func delta(
    since watermark: Watermark, stopAfter stop: Int = .max, beforeHints: () -> Void = {}
  ) async throws -> DeltaRun {
    if case .lost(let reason) = try await continuity(of: watermark) { throw WatermarkLost(reason) }
    beforeHints()
    let run = Mutex(DeltaRun(watermark: watermark))
    do {
      try await strategy.hints(since: watermark, in: partition, reader) { batch in
        try run.withLock { try $0.store(batch, stopAfter: stop) }
      }
    } catch is DeltaRun.Crash {
      return run.withLock { $0 }
    } catch {
      trial.noteRefusal()
      throw error
    }
    let result = run.withLock { $0 }
    try expect(!result.isStopped, "the strategy went on after the sink had thrown")
    try expect(result.endsWithCheckpoint, "the last of \(result.batches) batches carried no checkpoint")
    return result
  }

  /// Runs that must not lose anything: while the trouble lasts a run may fail, but what it stores must be true.
  ///
  /// - Returns: the hints of the run in trouble, and of one after it.
  func deltaThroughTrouble(
    since watermark: Watermark, _ trouble: (inout Faults) -> Void
  ) async throws -> (during: DeltaRun?, hints: [Hint]) {
    var faults = directory.faults
    trouble(&faults)
    directory.faults = faults
    let during: DeltaRun?
    do { during = try await delta(since: watermark) } catch let broken as BrokenPromise { throw broken } catch {
      during = nil
    }
    directory.faults = Faults()
    let after = try await delta(since: during?.watermark ?? watermark)
    return (during, (during?.hints ?? []) + after.hints)
  }
}

/// What one delta import stored.
struct DeltaRun: Sendable {
  /// The host died.
  struct Crash: Error {}

  /// The last checkpoint, or where the run started.
  var watermark: Watermark
  var hints: [Hint] = []
  var batches = 0
  var endsWithCheckpoint = false
  private(set) var isStopped = false

  init(watermark: Watermark) { self.watermark = watermark }

  mutating func store(_ batch: HintBatch, stopAfter stop: Int) throws {
    guard batches < stop else {
      isStopped = true
      throw Crash()
    }
    batches += 1
    hints += batch.hints
    endsWithCheckpoint = batch.checkpoint != nil
    if let checkpoint = batch.checkpoint { watermark = checkpoint }
  }
}
