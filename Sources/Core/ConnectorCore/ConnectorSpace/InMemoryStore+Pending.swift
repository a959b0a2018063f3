extension InMemoryStore {
  // MARK: Pending hints

  package func addPending(_ hints: [PendingHint], partition: Int64) throws {
    try requireTransaction()
    for hint in hints where !isPending(hint, partition) {
      state.lastPending += 1
      var new = hint
      new.number = state.lastPending
      state.pending[new.number] = new
      state.pendingPartitions[new.number] = partition
    }
  }

  package func pending(partition: Int64, after: Int64, run: Int64, limit: Int) throws -> [PendingHint] {
    let due = state.pending.values.filter {
      $0.number > after && $0.notBefore <= run && state.pendingPartitions[$0.number] == partition
    }
    return Array(due.sorted { $0.number < $1.number }.prefix(limit))
  }

  package func clearPending(_ numbers: [Int64]) throws {
    try requireTransaction()
    for number in numbers {
      state.pending[number] = nil
      state.pendingPartitions[number] = nil
    }
  }

  package func assignPending(_ number: Int64, object: Int64) throws {
    try requireTransaction()
    state.pending[number]?.object = object
  }

  package func keepPending(_ numbers: [Int64], problem: String) throws {
    try requireTransaction()
    for number in numbers { state.pending[number]?.problem = problem }
  }

  package func pendingCount(partition: Int64) throws -> Int { state.pendingPartitions.values.count { $0 == partition } }

  private func isPending(_ new: PendingHint, _ partition: Int64) -> Bool {
    state.pending.values.contains { old in
      state.pendingPartitions[old.number] == partition && old.cause == new.cause && old.hint.kind == new.hint.kind
        && old.hint.id == new.hint.id && old.hint.dn == new.hint.dn && old.hint.newDN == new.hint.newDN
        && old.object == new.object && old.notBefore == new.notBefore
        && (new.hint.kind == .changed && new.hint.id != nil || old.hint.record == new.hint.record)
    }
  }

  // MARK: Holds

  package func hold(_ rows: [Int64], cause: HoldCause, detail: String, run: Int64) throws {
    try requireTransaction()
    for row in rows where state.holds[row] == nil {
      guard let held = state.objects[row] else { continue }
      state.holds[row] = Hold(
        row: row, partition: held.partition, id: held.object.id, dn: held.object.dn, cause: cause, detail: detail,
        run: run)
    }
  }

  package func holds(partition: Int64?) throws -> [Hold] {
    state.holds.values.filter { partition == nil || $0.partition == partition }
      .compactMap { hold in
        guard let object = state.objects[hold.row]?.object else { return nil }
        var hold = hold
        (hold.id, hold.dn) = (object.id, object.dn)
        return hold
      }
      .sorted { $0.row < $1.row }
  }

  package func endHolds(rows: [Int64]) throws {
    try requireTransaction()
    for row in rows { state.holds[row] = nil }
  }
}
