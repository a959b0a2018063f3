/// Delta import in two durable steps: hints and watermark in one transaction, then each hint with its result.
extension PartitionImport {
  /// Imports what changed since the watermark.
  /// - Throws: `WatermarkLost` when only a full import can help; nothing was changed then.
  package func importDelta() async throws {
    guard let delta else { throw WatermarkLost("this directory has no delta import here") }
    let watermark = try usableWatermark(delta)
    if case .lost(let reason) = try await delta.continuity(of: watermark, in: scope.partition, reader) {
      throw WatermarkLost(reason)
    }
    try await delta.hints(since: watermark, in: scope.partition, reader) { batch in try await self.store(batch) }
    try await resolveAndDelete()
    report.isComplete = true
    report.watermark = partition.watermark
    report.counts.pending = try unresolvedCount()
  }

  private func usableWatermark(_ delta: any DeltaStrategy) throws -> Watermark {
    guard let watermark = partition.watermark else {
      throw WatermarkLost("there is no watermark yet for \(scope.partition)")
    }
    guard watermark.method == delta.method else {
      throw WatermarkLost("the watermark was made by the method \(watermark.method), and now it is \(delta.method)")
    }
    let now = scope.fingerprint
    let changed = Set(now.keys).union(partition.fingerprint.keys).filter { now[$0] != partition.fingerprint[$0] }
    guard changed.isEmpty else {
      throw WatermarkLost(
        "the configuration changed since the last full import: \(changed.sorted().joined(separator: ", "))")
    }
    return watermark
  }

  /// Stores hints, and the checkpoint that covers them, in one transaction.
  private func store(_ batch: HintBatch) throws {
    report.counts.hints += batch.hints.count
    let moved = batch.checkpoint.map { $0 != partition.watermark } ?? false
    guard !batch.hints.isEmpty || moved else { return }
    try transaction {
      try store.addPending(try pendingHints(for: batch.hints), partition: partition.number)
      guard let checkpoint = batch.checkpoint else { return }
      partition.watermark = checkpoint
      try store.save(partition)
    }
    progress(report.counts)
  }
}
