/// An attribute that many objects of a class lost at once is held like a delete.
extension PartitionImport {
  func holdAttributeLosses() throws {
    guard !losses.isEmpty else { return }
    let excessive = try losses.excessive(share: scope.attributeLossShare) { subject in
      try store.count(
        withAttribute: subject.attribute, objectClass: subject.objectClass, partition: partition.number)
    }
    var told = Set<String>()
    for (subject, rows) in excessive {
      try transaction {
        try store.hold(rows, cause: .attributeLoss, detail: "lost \(subject.attribute)", run: run)
        try clearLosses(of: rows)
      }
      noteHeld(rows, .attributeLoss)
      guard told.insert(subject.attribute).inserted else { continue }
      find(
        .error, nil, "\(rows.count) objects lost the attribute \(subject.attribute) at once; their updates are held.",
        remedy:
          "Check the account's rights on it; `held release` accepts the loss, `held drop` waits for the next import.")
    }
  }

  /// The hints of held objects are done with: the hold takes their place.
  private func clearLosses(of rows: [Int64]) throws {
    let ids = Set(try rows.compactMap { try store.object(row: $0)?.object.id })
    var after: Int64 = 0
    while true {
      let hints = try store.pending(partition: partition.number, after: after, run: run, limit: 1000)
      guard let last = hints.last else { return }
      after = last.number
      try store.clearPending(
        hints.filter { $0.cause == .attributeLoss && ids.contains($0.hint.id ?? "") }.map(\.number))
    }
  }
}
