/// What an earlier run sent and got no answer to: the directory tells what became of it.
extension ExportRun {
  /// The judge's word on an operation, and the ID of the entry that shows it.
  struct Judgement: Sendable {
    var verdict: OperationJudge.Verdict
    var id: String?
  }

  func settleOpen() async throws {
    let open = try store.openOperations()
    guard !open.isEmpty else { return }
    var items: [(plan: String, operation: PlannedOperation, partition: ExportPartition)] = []
    for entry in open {
      guard let content = entry.content,
        let operation = try? PlannedOperation(json: content),
        let partition = partition(of: operation.dn)
      else {
        noteStrange(entry)
        continue
      }
      items.append((entry.plan, operation, partition))
    }
    let verdicts = try await verdicts(items.map { ($0.operation, $0.partition) })
    var results: [OperationResult] = []
    for (item, judgement) in zip(items, verdicts) {
      let fate = fate(of: item.operation, item.plan, judgement)
      results.append(
        OperationResult(operation: item.operation, partition: item.partition, fate: fate, plan: item.plan))
    }
    noteStates(results)
    try await settle(results)
  }

  private func fate(
    of operation: PlannedOperation, _ plan: String, _ judgement: Judgement
  ) -> OperationResult.Fate {
    let name = "Operation \(operation.number) of plan \(plan.prefix(8))"
    switch judgement.verdict {
    case .done:
      let proof = operation.kind == .password ? "verified by a bind" : "the directory shows it"
      tell(.info, operation.dn, "\(name) was carried out by an earlier run: \(proof).")
      return .done(nil, id: judgement.id)
    case .notDone:
      if plan == self.plan.plan { sentBefore.insert(operation.number) }
      let next = plan == self.plan.plan ? "it is sent again" : "it is forgotten, for another plan is carried out"
      tell(.info, operation.dn, "\(name) was not carried out by the run that sent it: \(next).")
      return .unsent
    case .unknown(let why):
      if plan == self.plan.plan { sentBefore.insert(operation.number) }
      tell(.warning, operation.dn, "Nobody knows whether \(name.lowercased()) was carried out: \(why)")
      return plan == self.plan.plan || operation.kind == .password ? .unsent : .unknown
    }
  }

  private func tell(_ severity: Finding.Severity, _ dn: String, _ summary: String) {
    report.add(Finding(severity, object: dn, summary))
  }

  private func noteStrange(_ entry: JournalledOperation) {
    report.add(
      Finding(
        .warning,
        "Operation \(entry.number) of plan \(entry.plan.prefix(8)) was sent by an earlier run, and lies in "
          + "no partition that is selected now: nobody looked what became of it.",
        remedy: "Select its partition again; the next export looks then."))
  }

  /// Judges operations by what the directory shows, passwords by a bind.
  func verdicts(_ items: [(operation: PlannedOperation, partition: ExportPartition)]) async throws -> [Judgement] {
    var found: [Judgement] = items.map { _ in Judgement(verdict: .notDone) }
    let groups = Dictionary(grouping: items.indices.filter { items[$0].operation.kind != .password }) {
      ObjectIdentifier(items[$0].partition)
    }
    for group in groups.values {
      guard let first = group.first else { continue }
      let partition = items[first].partition
      let sights = try await sights(group.map { items[$0].operation }, partition)
      for (index, sight) in zip(group, sights) {
        found[index].verdict = partition.judge.verdict(items[index].operation, sight)
        if case .entry(let entry) = sight.after { found[index].id = partition.scope.immutableID?.value(of: entry) }
      }
    }
    for index in items.indices where items[index].operation.kind == .password {
      found[index].verdict = await passwordVerdict(items[index].operation)
    }
    return found
  }

  private func sights(
    _ operations: [PlannedOperation], _ partition: ExportPartition
  ) async throws -> [OperationJudge.Sight] {
    let attributes = OperationJudge.attributes(for: operations, partition.scope.immutableID)
    let renamed = operations.filter { $0.kind == .rename }
    let bases = operations.map(\.dnAfter) + renamed.map(\.dn)
    let answers = try await connection.reading { try await $0.read(bases, attributes: attributes) }
    var before = answers.dropFirst(operations.count).makeIterator()
    return zip(operations, answers).map { operation, answer in
      OperationJudge.Sight(after: answer, before: operation.kind == .rename ? before.next() : nil)
    }
  }

  private func passwordVerdict(_ operation: PlannedOperation) async -> OperationJudge.Verdict {
    guard let reference = operation.secret, let secret = secrets(reference) else {
      return .unknown("its password is not at hand")
    }
    // A hash cannot be tried, and setting it again does no harm.
    if operation.isHashedSecret ?? false { return .notDone }
    do {
      return try await connection.binds(as: operation.dn, with: secret) ? .done : .notDone
    } catch {
      return .unknown("\(error)")
    }
  }
}
