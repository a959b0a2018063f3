/// What is known of operations, as the report tells it.
extension ExportRun {
  /// Takes results into states and report.
  func noteStates(_ results: some Sequence<OperationResult>) {
    for result in results where result.plan == plan.plan {
      let number = result.operation.number
      switch result.fate {
      case .done:
        states[number] = .done
        report.count(result.operation.kind)
      case .failed(let reason, let remedy):
        note(result, .failed, reason)
        report.counts.failed += 1
        tell(result, reason, remedy)
      case .refused(let reason):
        note(result, .refused, reason)
        report.counts.refused += 1
        tell(result, reason, "Make a plan anew: it sees the entry as it is now.")
      case .skipped(let reason, let root):
        note(result, .skipped, reason)
        report.counts.skipped += 1
        if let root { blame[number] = root }
        blamed[root ?? -1 - result.operation.partition, default: 0] += 1
      case .unsent: states[number] = nil
      case .unknown: states[number] = .sent
      }
    }
  }

  private func note(_ result: OperationResult, _ state: JournalledOperation.State, _ reason: String) {
    let operation = result.operation
    states[operation.number] = state
    report.add(
      ExportReport.Undone(
        number: operation.number, kind: operation.kind, dn: operation.dn, lines: operation.lines, state: state,
        reason: reason))
  }

  private func tell(_ result: OperationResult, _ reason: String, _ remedy: String?) {
    let operation = result.operation
    report.add(
      Finding(
        .error, object: operation.dn, "Operation \(operation.number) (\(operation.kind.rawValue)): \(reason)",
        remedy: remedy))
  }

  /// What was sent, and not answered when the run ended.
  func tellOpen() {
    let count = plan.operations.count { states[$0.number] == .sent }
    guard count > 0 else { return }
    report.add(
      Finding(
        .warning, "\(count) operations were sent, and their answers did not come.",
        remedy: "The next export looks what became of them before it sends anything."))
  }

  /// One finding for all operations that one failure kept from being sent.
  func tellBlame() {
    for (root, count) in blamed.sorted(by: { $0.key < $1.key }) {
      let subject = count == 1 ? "1 operation was" : "\(count) operations were"
      if root >= 0 {
        report.add(
          Finding(
            .error, "\(subject) not sent, because operation \(root) was not carried out.",
            remedy: "Mend what stopped that one, and carry the plan out again."))
      } else if plan.partitions.indices.contains(-1 - root) {
        let partition = plan.partitions[-1 - root]
        report.add(
          Finding(
            .error, object: partition.dn,
            "\(subject) not sent: the plan deletes \(partition.deletes) entries, and the budget allows "
              + "\(partition.allowance).",
            remedy: "Look at the plan, and make it anew with the deletes allowed."))
      }
    }
    blamed = [:]
  }
}
