package import ConnectorCore

extension SQLiteStore: ExportJournal {
  package func openPlan(_ plan: JournalledPlan, keep: Int) throws {
    try requireTransaction()
    try database.run(
      """
      INSERT INTO export_plan (plan, created, input, operations, started)
      VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) ON CONFLICT DO NOTHING
      """, plan.id, plan.created, plan.input, Int64(plan.operations))
    let old = try database.rows(
      """
      SELECT number FROM export_plan AS p
      WHERE plan <> ?1 AND NOT EXISTS (SELECT 1 FROM export_operation WHERE plan = p.number AND state = 'sent')
        AND number NOT IN (SELECT number FROM export_plan ORDER BY number DESC LIMIT ?2)
      """, plan.id, Int64(keep)
    ) { $0.int(0) }
    for number in old {
      try database.run("DELETE FROM export_operation WHERE plan = ?", number)
      try database.run("DELETE FROM export_plan WHERE number = ?", number)
    }
  }

  package func closePlan(_ plan: String) throws {
    try requireTransaction()
    try database.run(
      "UPDATE export_plan SET completed = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE plan = ? AND completed IS NULL",
      plan)
    try database.run(
      """
      UPDATE export_operation SET content = NULL
      WHERE plan = (SELECT number FROM export_plan WHERE plan = ?) AND content IS NOT NULL
      """, plan)
  }

  /// The content of what is done goes at once: nobody has to judge it any more.
  package func journal(_ operations: [JournalledOperation]) throws {
    try requireTransaction()
    for operation in operations {
      let state = operation.state.rawValue
      try database.run(
        """
        INSERT INTO export_operation (plan, number, state, detail, content)
        SELECT number, ?2, ?3, ?4, ?5 FROM export_plan WHERE plan = ?1
        ON CONFLICT DO UPDATE SET state = excluded.state, detail = excluded.detail,
          content = iif(excluded.state = 'done', NULL, ifnull(excluded.content, content))
        """, operation.plan, Int64(operation.number), state, operation.detail, operation.content)
    }
  }

  package func forget(plan: String, _ numbers: [Int]) throws {
    try requireTransaction()
    for number in numbers {
      try database.run(
        "DELETE FROM export_operation WHERE plan = (SELECT number FROM export_plan WHERE plan = ?) AND number = ?",
        plan, Int64(number))
    }
  }

  package func operationStates(plan: String) throws -> [Int: JournalledOperation.State] {
    let rows = try database.rows(
      """
      SELECT o.number, o.state FROM export_operation AS o JOIN export_plan AS p ON p.number = o.plan WHERE p.plan = ?
      """, plan
    ) { (Int($0.int(0)), try state($0.text(1))) }
    return Dictionary(rows) { $1 }
  }

  package func openOperations() throws -> [JournalledOperation] {
    try database.rows(
      """
      SELECT p.plan, o.number, o.state, o.detail, o.content
      FROM export_operation AS o JOIN export_plan AS p ON p.number = o.plan
      WHERE o.state = 'sent' ORDER BY o.plan, o.number
      """
    ) { row in
      JournalledOperation(
        plan: row.text(0), number: Int(row.int(1)), state: try state(row.text(2)), detail: row.text(3),
        content: row.isNull(4) ? nil : row.bytes(4))
    }
  }

  private func state(_ word: String) throws -> JournalledOperation.State {
    guard let state = JournalledOperation.State(rawValue: word) else { throw unknownWord(in: "export_operation") }
    return state
  }
}
