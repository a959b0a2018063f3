/// Carries out a plan: exactly what it says, each operation once, with a journal that survives a death at any moment.
///
/// An operation is in the journal before it is sent, and what was written enters the connector space with its result.
/// What was sent and not answered is judged by the directory itself before anything is sent again.
package actor ExportRun {
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let executor: ThreadExecutor
  let plan: ExportPlan
  let scope: ExportScope
  let store: any ConnectorSpaceStore & ExportJournal
  let secrets: @Sendable (SecretReference) -> Secret?
  let patience: ExportPatience
  /// Operations that are in the journal together before they are sent.
  let chunk: Int
  let connection: ExportConnection
  let requests: OperationRequests
  private let progress: @Sendable (ExportReport.Counts) -> Void

  let partitions: [ExportPartition]
  /// The attributes that the plan deals with.
  let edited: [AttributeDescription]
  /// Whether an earlier run carried out a part of the plan.
  private let wasKnown: Bool
  /// What is known of each operation of the plan, by number.
  var states: [Int: JournalledOperation.State]
  /// Operations of the plan that an earlier run sent, and that the directory does not show.
  var sentBefore: Set<Int> = []
  /// For an operation that was skipped: the one that is to blame, and how many there are of each.
  var blame: [Int: Int] = [:]
  var blamed: [Int: Int] = [:]
  /// What was done so far; also right when the run ended with an error.
  package internal(set) var report: ExportReport

  /// Prepares the carrying out of a plan: `store` is the connector space, whose lock the caller holds, used on the thread of
  /// `executor`; `secrets` finds a password of the input, and is asked at the moment of sending.
  package init(
    plan: ExportPlan, scope: ExportScope, store: any ConnectorSpaceStore & ExportJournal, target: any ExportTarget,
    secrets: @escaping @Sendable (SecretReference) -> Secret?, executor: ThreadExecutor,
    patience: ExportPatience = ExportPatience(), chunk: Int = 500,
    progress: @escaping @Sendable (ExportReport.Counts) -> Void = { _ in }
  ) throws {
    self.executor = executor
    self.plan = plan
    self.scope = scope
    self.store = store
    self.secrets = secrets
    self.patience = patience
    self.chunk = max(chunk, 1)
    self.progress = progress
    edited = Set(plan.operations.flatMap(\.attributeNames)).sorted().map { AttributeDescription($0) }
    let connection = ExportConnection(target, patience)
    self.connection = connection
    requests = OperationRequests(scope, secrets: secrets)
    partitions = scope.partitions.map { ExportPartition($0, of: scope, key: store.hashKey, connection) }
    let states = try store.operationStates(plan: plan.plan)
    self.states = states
    wasKnown = !states.isEmpty
    report = ExportReport(plan: plan.plan)
    report.counts.unchanged = plan.unchanged
    report.counts.alreadyDone = plan.operations.count { states[$0.number] == .done }
  }

  /// Settles what an earlier run left open, of whatever plan, and carries out the rest of this one.
  /// - Throws: `ExportRefused`; `DirectoryError` when no session can be had any more, `StoreError`, `CancellationError`:
  ///   the journal then knows how far it came, and the next run goes on from there.
  package func carryOut() async throws -> ExportReport {
    guard plan.format == ExportPlan.currentFormat else {
      throw ExportRefused("its form is of version \(plan.format)", remedy: "Make a plan anew with `export plan`.")
    }
    let clock = ContinuousClock()
    let start = clock.now
    do {
      try await settleOpen()
      try openJournal()
      try takeUp()
      try await sendPlan()
      try await finishConfirming()
      try conclude()
      report.seconds = (clock.now - start) / .seconds(1)
      try await closeRuns("complete")
      return report
    } catch {
      store.rollback()
      report.add(Finding(.error, "The export ended early: \(error)", remedy: "`export apply` goes on from there."))
      tellOpen()
      report.seconds = (clock.now - start) / .seconds(1)
      try? await closeRuns("failed")
      throw error
    }
  }

  /// Settles what earlier runs left open, and sends nothing: for use before a plan is made anew.
  package static func settle(
    scope: ExportScope, store: any ConnectorSpaceStore & ExportJournal, target: any ExportTarget,
    secrets: @escaping @Sendable (SecretReference) -> Secret?, executor: ThreadExecutor
  ) async throws -> ExportReport {
    let nothing = ExportPlan(plan: "", created: "", feed: "", adapter: "", server: "", input: "")
    let run = try ExportRun(
      plan: nothing, scope: scope, store: store, target: target, secrets: secrets, executor: executor)
    return try await run.carryOut()
  }

  private func openJournal() throws {
    guard !plan.operations.isEmpty else { return }
    try store.begin()
    try store.openPlan(
      JournalledPlan(id: plan.plan, created: plan.created, input: plan.input, operations: plan.operations.count),
      keep: Self.plansKept)
    try store.commit()
  }
  /// How many plans the journal remembers.
  private static let plansKept = 10

  /// An earlier run of this plan may have died between the journal's word and the connector space's.
  private func takeUp() throws {
    guard wasKnown else { return }
    for partition in partitions where partition.work == nil {
      let record = try store.partition(key: partition.key, dn: partition.scope.partition.string)
      guard try store.pendingCount(partition: record.number) > 0 else { continue }
      _ = try partition.confirmation(store, executor)
      partition.isNoted = true
    }
  }

  private func conclude() throws {
    tellBlame()
    let isDone = plan.operations.allSatisfy { states[$0.number] == .done }
    if isDone && !plan.operations.isEmpty {
      try store.begin()
      try store.closePlan(plan.plan)
      try store.commit()
    }
    report.isComplete = isDone && report.isComplete
  }

  func tellProgress() { progress(report.counts) }

  /// The partition that a DN lies in, the smallest one; nil where the export may not write.
  func partition(of dn: String) -> ExportPartition? {
    partitions.filter { $0.contains(dn) }.max { $0.key.utf8.count < $1.key.utf8.count }
  }
}
