/// The way of a plan: wave by wave, chunk by chunk. While one chunk is under way, the one before is confirmed, and the next
/// one of the wave is made ready and journalled, so that the server never waits for the disk.
extension ExportRun {
  func sendPlan() async throws {
    var last: [OperationResult] = []
    let open = plan.operations.filter { states[$0.number] != .done }
    let waves = Dictionary(grouping: open, by: \.wave).sorted { $0.key < $1.key }
    for (_, operations) in waves {
      var ready: [Outgoing]?
      let parts = chunks(operations.sorted { $0.number < $1.number })
      for (index, part) in parts.enumerated() {
        if ready == nil {
          ready = try await makeReady(part, noting: last)
          last = []
        }
        let next = parts.dropFirst(index + 1).first.flatMap { canWait($0) ? $0 : nil }
        (last, ready) = try await send(ready ?? [], confirming: last, preparing: next)
      }
    }
    try await settle(last)
  }

  /// The operations in parts that are neither too many nor too large.
  private func chunks(_ operations: [PlannedOperation]) -> [ArraySlice<PlannedOperation>] {
    var parts: [ArraySlice<PlannedOperation>] = []
    var (start, bytes) = (0, 0)
    for (index, operation) in operations.enumerated() {
      let size = operation.byteCount
      if index > start && (index - start >= chunk || bytes + size > Self.chunkBytes) {
        parts.append(operations[start..<index])
        (start, bytes) = (index, 0)
      }
      bytes += size
    }
    if start < operations.count { parts.append(operations[start...]) }
    return parts
  }
  private static let chunkBytes = 8 << 20

  /// Whether a chunk may be made ready before the one before it has ended: no entry must be read just before.
  private func canWait(_ operations: ArraySlice<PlannedOperation>) -> Bool {
    operations.allSatisfy { operation in
      operation.kind != .deleteTree && partition(of: operation.dn)?.watch.needsReading(operation) != true
    }
  }

  /// Journals what of a chunk is to be sent, with results from before.
  private func makeReady(_ operations: ArraySlice<PlannedOperation>, noting last: [OperationResult]) async throws
    -> [Outgoing]
  {
    var (outgoing, held) = try await release(operations, holding: last)
    let isCancelled = Task.isCancelled
    if isCancelled { (outgoing, held) = ([], held.filter(\.isFinal)) }
    try await commit(last + held, intents: outgoing)
    // What is in the journal now is sent, or taken out of it again.
    if isCancelled { throw CancellationError() }
    return outgoing
  }

  /// Sends a chunk, and meanwhile confirms the one before and makes the next one ready.
  /// - Returns: what became of it, which is not in the journal yet; and the next one, which is.
  private func send(
    _ outgoing: [Outgoing], confirming last: [OperationResult], preparing next: ArraySlice<PlannedOperation>?
  ) async throws -> ([OperationResult], [Outgoing]?) {
    async let sending = deliver(outgoing)
    // What follows runs on the same thread, and must not keep the chunk from being sent.
    await Task.yield()
    var failure: (any Error)?
    var ready: [Outgoing]?
    do {
      if let next { ready = try await makeReady(next, noting: last) } else { try await commit(last, intents: []) }
      try await confirmNoted()
    } catch { failure = error }
    let delivery = await sending
    noteStates(delivery.results)
    failure = failure ?? delivery.error
    if Task.isCancelled { failure = CancellationError() }
    guard let failure else { return (delivery.results, ready) }
    let unsent = (ready ?? []).map { result($0.operation, $0.partition, $0.wasSent ? .unknown : .unsent) }
    noteStates(unsent)
    try await commit(delivery.results + unsent, intents: [])
    throw failure
  }

  /// Decides what is sent now; what cannot be sent is a result already. Where that fails, what was done before is kept.
  private func release(_ operations: ArraySlice<PlannedOperation>, holding last: [OperationResult]) async throws
    -> ([Outgoing], [OperationResult])
  {
    do {
      let prepared = prepare(operations)
      return try await checked(prepared)
    } catch {
      try await commit(last, intents: [])
      throw error
    }
  }

  /// Journals and confirms the results of a last chunk.
  func settle(_ results: [OperationResult]) async throws {
    try await commit(results, intents: [])
    try await confirmNoted()
  }

  /// Notes results, and the operations that are about to be sent, in one transaction.
  func commit(_ results: [OperationResult], intents: [Outgoing]) async throws {
    for result in results {
      guard case .done(let entry?, _) = result.fate, let partition = result.partition else { continue }
      await partition.reader.remember(entry, as: result.operation.dnAfter)
      if let id = partition.normalizer.identity(of: entry)?.id, let base = partition.scope.immutableID?.base(for: id) {
        await partition.reader.remember(entry, as: base)
      }
    }
    guard !results.isEmpty || !intents.isEmpty else { return }
    for result in results where result.isWritten { _ = try result.partition?.confirmation(store, executor) }
    try store.begin()
    do {
      try note(results)
      try store.journal(self.intents(intents.map(\.operation)))
      try store.commit()
    } catch {
      store.rollback()
      throw error
    }
    tellProgress()
  }

  private func note(_ results: [OperationResult]) throws {
    var written: [ObjectIdentifier: (partition: ExportPartition, entries: [WrittenEntry])] = [:]
    for result in results {
      guard result.isWritten, let partition = result.partition else { continue }
      written[ObjectIdentifier(partition), default: (partition, [])].entries.append(result.written)
    }
    for (partition, entries) in written.values {
      try partition.confirmation(store, executor).assumeIsolated { try $0.note(entries) }
      partition.isNoted = true
    }
    try store.journal(results.compactMap(\.journalled))
    let unsent = results.filter(\.isUnsent)
    for (plan, group) in Dictionary(grouping: unsent, by: \.plan) {
      try store.forget(plan: plan, group.map(\.operation.number))
    }
  }

  private func intents(_ operations: [PlannedOperation]) -> [JournalledOperation] {
    operations.map { operation in
      JournalledOperation(plan: plan.plan, number: operation.number, state: .sent, content: operation.json)
    }
  }

  func confirmNoted() async throws {
    for partition in partitions where partition.isNoted {
      guard let work = partition.work else { continue }
      partition.isNoted = false
      try await work.confirm()
      await partition.reader.forget()
    }
  }

  func finishConfirming() async throws {
    report.isComplete = true
    for work in partitions.compactMap(\.work) {
      try await work.finishConfirming()
      let confirmed = await work.report
      if !confirmed.isComplete { report.isComplete = false }
      confirmed.findings.forEach { report.add($0) }
      report.moreFindings += confirmed.moreFindings
    }
  }

  /// Closes the runs that confirmed.
  func closeRuns(_ outcome: String) async throws {
    report.runs = []
    for work in partitions.compactMap(\.work) {
      report.runs.append(try await work.close(outcome, seconds: report.seconds))
    }
  }
}

extension OperationResult {
  /// Whether it has, or may have, changed the directory.
  var isWritten: Bool {
    switch fate {
    case .done: true
    case .failed: operation.kind == .deleteTree
    default: false
    }
  }

  private var isFailed: Bool { if case .failed = fate { true } else { false } }

  var isUnsent: Bool { if case .unsent = fate { true } else { false } }

  /// Whether it is decided and says something new.
  var isFinal: Bool {
    switch fate {
    case .unsent, .unknown: false
    default: true
    }
  }

  /// What the journal says of it; nil where that stays as it is.
  var journalled: JournalledOperation? {
    let (state, detail): (JournalledOperation.State, String) =
      switch fate {
      case .done: (.done, "")
      case .failed(let reason, _): (.failed, reason)
      case .refused(let reason): (.refused, reason)
      case .skipped(let reason, _): (.skipped, reason)
      case .unsent, .unknown: (.sent, "")
      }
    return state == .sent
      ? nil : JournalledOperation(plan: plan, number: operation.number, state: state, detail: detail)
  }

  var written: WrittenEntry {
    var id = operation.id
    if case .done(let entry, let found) = fate {
      id = id ?? found ?? entry.flatMap { partition?.normalizer.identity(of: $0)?.id }
    }
    let kind: WrittenEntry.Kind =
      switch operation.kind {
      case .add, .modify, .password: .changed
      case .rename: .renamed(from: operation.dn)
      case .delete: .deleted
      case .deleteTree: isFailed ? .partlyDeleted : .deletedTree
      }
    return WrittenEntry(kind, dn: operation.dnAfter, id: id, record: record)
  }
}

extension PlannedOperation {
  /// The bytes of all values that it writes.
  fileprivate var byteCount: Int {
    let values = (attributes ?? []).flatMap(\.values) + (modifications ?? []).flatMap(\.values)
    return values.reduce(0) { $0 + $1.bytes.count }
  }
}
