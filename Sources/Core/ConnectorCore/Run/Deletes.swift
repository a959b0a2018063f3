/// Where deletes happen: nothing else in a run removes an object, and the budget is asked first.
extension PartitionImport {
  private static let deletesPerTransaction = 500

  /// Deletes what left if the budget allows it, else holds all of it; deepest objects first.
  func settleLeaving() throws {
    let gone = Array(leaving.values)
    leaving = [:]
    guard !gone.isEmpty else { return }
    let allowance = try allowance()
    guard deletes + gone.count <= allowance else { return try hold(gone, allowance) }
    let ordered = gone.sorted { $0.name.key.utf8.count > $1.name.key.utf8.count }
    for start in stride(from: 0, to: ordered.count, by: Self.deletesPerTransaction) {
      let part = ordered[start..<min(start + Self.deletesPerTransaction, ordered.count)]
      try transaction {
        for object in part { try delete(object.name, reason: object.reason) }
        try store.clearPending(part.flatMap(\.pending))
      }
    }
    deletes += gone.count
  }

  func hold(_ gone: [Leaving], _ allowance: Int) throws {
    try transaction {
      try store.hold(
        gone.map(\.name.row), cause: .budget, detail: "\(gone.count) deletes, \(allowance) allowed", run: run)
      try store.clearPending(gone.flatMap(\.pending))
    }
    noteHeld(gone.map(\.name.row), .budget)
    find(
      .error, nil, "\(gone.count) deletes are held: the delete budget allows \(allowance) in one run.",
      remedy: "Look at them with `held list`; `held release` deletes what is still gone, `held drop` keeps the objects."
    )
  }

  func noteHeld(_ rows: [Int64], _ cause: HoldCause) {
    report.counts.held += rows.count { !heldRows.contains($0) }
    heldRows.formUnion(rows)
    if cause.needsOperator { withheld.formUnion(rows) }
  }

  /// Removes one object and hints at whoever refers to it; must run in a transaction.
  func delete(_ name: ObjectName, reason detail: String) throws {
    guard try store.object(row: name.row) != nil else { return }
    try store.delete(row: name.row, reason: reason(detail))
    heldRows.remove(name.row)
    withheld.remove(name.row)
    report.counts.deleted += 1
    try hintReferrers(ofKey: name.key)
  }

  /// Deletes and the hints that follow from them, until neither leaves the other work.
  func resolveAndDelete() async throws {
    for _ in 0..<8 {
      try await resolvePending()
      guard !leaving.isEmpty else { return }
      try settleLeaving()
    }
  }
}

extension HoldCause {
  /// Whether a log record that explains the delete does not end the hold: it was known, and still too much.
  var needsOperator: Bool { self == .budget || self == .configuration }
}
