package import ConnectorCore

extension SQLiteStore {
  package func hold(_ rows: [Int64], cause: HoldCause, detail: String, run: Int64) throws {
    try requireTransaction()
    for row in rows {
      try database.run(
        """
        INSERT INTO hold (object, cause, detail, run) SELECT object, ?, ?, ? FROM object WHERE object = ?
        ON CONFLICT DO NOTHING
        """, cause.rawValue, detail, run, row)
    }
  }

  package func holds(partition: Int64?) throws -> [Hold] {
    try database.rows(
      """
      SELECT o.object, o.partition, o.id, o.dn, h.cause, h.detail, h.run
      FROM hold AS h JOIN object AS o ON o.object = h.object
      WHERE ?1 IS NULL OR o.partition = ?1 ORDER BY h.object
      """, partition
    ) { row in
      guard let cause = HoldCause(rawValue: row.text(4)) else { throw unknownWord(in: "hold") }
      return Hold(
        row: row.int(0), partition: row.int(1), id: row.text(2), dn: row.text(3), cause: cause, detail: row.text(5),
        run: row.int(6))
    }
  }

  package func endHolds(rows: [Int64]) throws {
    try requireTransaction()
    for row in rows { try database.run("DELETE FROM hold WHERE object = ?", row) }
  }
}
