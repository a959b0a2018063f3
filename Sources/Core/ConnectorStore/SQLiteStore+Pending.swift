package import ConnectorCore

extension SQLiteStore {
  package func addPending(_ hints: [PendingHint], partition: Int64) throws {
    try requireTransaction()
    // SQLite would give the number of a cleared hint again, and a run would take the new hint for one that it has tried.
    var number = try lastPending ?? database.number("SELECT ifnull(max(number), 0) FROM pending")
    defer { lastPending = number }
    for pending in hints {
      let hint = pending.hint
      number += 1
      try database.run(
        """
        INSERT INTO pending (number, partition, cause, kind, id, dn, new_dn, object, record, not_before, problem)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """, number, partition, pending.cause.rawValue, hint.kind.rawValue, hint.id, hint.dn, hint.newDN,
        pending.object, hint.record, pending.notBefore, pending.problem)
    }
  }

  package func pending(partition: Int64, after: Int64, run: Int64, limit: Int) throws -> [PendingHint] {
    // The plus keeps SQLite from the index over partitions, with which it would sort all hints for every few.
    try database.rows(
      """
      SELECT number, cause, kind, id, dn, new_dn, record, not_before, problem, object FROM pending
      WHERE number > ?1 AND +partition = ?2 AND not_before <= ?3 ORDER BY number LIMIT ?4
      """, after, partition, run, Int64(limit)
    ) { try hint($0) }
  }

  package func clearPending(_ numbers: [Int64]) throws {
    try requireTransaction()
    for number in numbers { try database.run("DELETE FROM pending WHERE number = ?", number) }
  }

  package func assignPending(_ number: Int64, object: Int64) throws {
    try requireTransaction()
    try database.run("UPDATE OR IGNORE pending SET object = ? WHERE number = ?", object, number)
  }

  package func keepPending(_ numbers: [Int64], problem: String) throws {
    try requireTransaction()
    for number in numbers { try database.run("UPDATE pending SET problem = ? WHERE number = ?", problem, number) }
  }

  package func pendingCount(partition: Int64) throws -> Int {
    Int(try database.number("SELECT count(*) FROM pending WHERE partition = ?", partition))
  }

  private func hint(_ row: Statement) throws -> PendingHint {
    guard let cause = PendingHint.Cause(rawValue: row.text(1)), let kind = Hint.Kind(rawValue: row.text(2)) else {
      throw unknownWord(in: "pending")
    }
    let hint = Hint(
      kind: kind, id: row.optionalText(3), dn: row.optionalText(4), newDN: row.optionalText(5), record: row.text(6))
    return PendingHint(
      cause: cause, hint: hint, object: row.optionalInt(9), notBefore: row.int(7), number: row.int(0),
      problem: row.text(8))
  }

  /// A word in the file that this version does not know.
  func unknownWord(in table: String) -> StoreError {
    StoreError(
      .damaged, path: path, problem: "the table \(table) holds a word that this version does not know",
      remedy: "If it was changed by hand, undo that; else move the file away and run a full import.")
  }
}
