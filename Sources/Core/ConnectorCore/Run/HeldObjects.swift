/// The operator's word on held objects.
extension PartitionImport {
  /// Reads each held object again and carries out what was held, where it still stands: a delete of what is still gone,
  /// an update of what is there.
  package func release(_ rows: [Int64]) async throws {
    withheld.subtract(rows)
    released.formUnion(rows)
    var items: [ResolveItem] = []
    for row in rows {
      guard let stored = try store.object(row: row) else { continue }
      items.append(ResolveItem(id: stored.object.id, candidates: [stored.object.dn], stored: stored))
    }
    try await read(&items)
    for index in items.indices where items[index].isAbsent { items[index].evidence = "released by the operator" }
    for item in items {
      if case .failed(let problem) = item.answer { find(.warning, item.name, "Still held: \(problem).") }
    }
    try await settle(&items)
    try deleteReleased()
    try await resolveAndDelete()
    report.isComplete = true
    report.counts.pending = try unresolvedCount()
  }

  /// What the operator released is outside the budget.
  private func deleteReleased() throws {
    let gone = leaving.values.sorted { $0.name.key.utf8.count > $1.name.key.utf8.count }
    leaving = [:]
    guard !gone.isEmpty else { return }
    try transaction { for object in gone { try delete(object.name, reason: object.reason) } }
  }

  /// Keeps the objects until a later run misses them again.
  package func drop(_ rows: [Int64]) throws {
    try transaction { try store.endHolds(rows: rows) }
    heldRows.subtract(rows)
    withheld.subtract(rows)
    report.isComplete = true
  }
}
