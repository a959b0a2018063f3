extension InMemoryStore: ExportJournal {
  /// A plan of the journal with its operations, by number.
  struct KeptPlan {
    var plan: JournalledPlan
    var isComplete = false
    var operations: [Int: JournalledOperation] = [:]

    var isOpen: Bool { operations.values.contains { $0.state == .sent } }
  }

  package func openPlan(_ plan: JournalledPlan, keep: Int) throws {
    try requireTransaction()
    if index(of: plan.id) == nil { state.plans.append(KeptPlan(plan: plan)) }
    let kept = Set(state.plans.suffix(max(keep, 0)).map(\.plan.id) + [plan.id])
    state.plans.removeAll { !kept.contains($0.plan.id) && !$0.isOpen }
  }

  package func closePlan(_ plan: String) throws {
    try requireTransaction()
    guard let index = index(of: plan) else { return }
    state.plans[index].isComplete = true
    for number in state.plans[index].operations.keys { state.plans[index].operations[number]?.content = nil }
  }

  package func journal(_ operations: [JournalledOperation]) throws {
    try requireTransaction()
    for operation in operations {
      guard let index = index(of: operation.plan) else { continue }
      var new = operation
      new.content = new.content ?? state.plans[index].operations[operation.number]?.content
      if new.state == .done { new.content = nil }
      state.plans[index].operations[operation.number] = new
    }
  }

  package func forget(plan: String, _ numbers: [Int]) throws {
    try requireTransaction()
    guard let index = index(of: plan) else { return }
    for number in numbers { state.plans[index].operations[number] = nil }
  }

  package func operationStates(plan: String) throws -> [Int: JournalledOperation.State] {
    index(of: plan).map { state.plans[$0].operations.mapValues(\.state) } ?? [:]
  }

  package func openOperations() throws -> [JournalledOperation] {
    state.plans.flatMap { plan in
      plan.operations.values.filter { $0.state == .sent }.sorted { $0.number < $1.number }
    }
  }

  private func index(of plan: String) -> Int? { state.plans.firstIndex { $0.plan.id == plan } }
}
