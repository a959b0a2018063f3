package import ConnectorCore

extension SQLiteStore {
  /// The sequence of the newest feed record; 0 before the first.
  package var lastSequence: Int64 {
    get throws { try database.number("SELECT max(sequence) FROM change") }
  }

  /// The sequence of the oldest record that is still there; 0 before the first.
  package var firstSequence: Int64 {
    get throws { try database.number("SELECT min(sequence) FROM change") }
  }

  /// Hands out the records after `since` in order, at most `limit` of them, as of one moment.
  ///
  /// Throws `FeedTrimmed` when some of them are gone, `StoreError`, and what `each` throws.
  package func forEachChange(
    since: Int64, limit: Int = .max, each: (ChangeRecord) throws -> Void
  ) throws {
    try reading {
      let first = try firstSequence
      guard since >= first - 1 else { throw FeedTrimmed(since: since, first: first) }
      let statement = try database.prepare(
        """
        SELECT sequence, tx, kind, id, dn, anchor, old_dn, old_anchor, object_classes, content, run, step, detail, old_id
        FROM feed WHERE sequence > ? ORDER BY sequence LIMIT ?
        """)
      statement.bind([since, Int64(limit)])
      while try statement.step() { try each(try record(statement)) }
    }
  }

  /// Drops records beyond the newest `keep`; the very newest stays, because sequences count on from it.
  package func trimFeed(keep: Int) throws {
    try requireTransaction()
    try database.run(
      """
      DELETE FROM change WHERE sequence <=
        (SELECT sequence FROM change ORDER BY sequence DESC LIMIT 1 OFFSET ?)
      """, Int64(max(keep, 1)))
  }

  /// Forgets objects, feed, pending hints, holds and watermarks, and gives the feed a new ID.
  ///
  /// Needed when objects get another anchor. May be called between `begin` and `commit` only.
  package func startNewFeed() throws {
    try requireTransaction()
    unwrittenReferences = []
    for table in ["object", "reference", "change", "pending", "hold"] { try database.execute("DELETE FROM \(table)") }
    try database.execute("UPDATE partition SET watermark = NULL, fingerprint = '{}', last_full_import = NULL")
    try setMeta("feed_id", FileFormat.newFeedID())
    feedID = try meta("feed_id") ?? ""
    counters = Counters(nextRow: counters.nextRow)
    counters.hasFreedRow = true
  }

  private func record(_ row: Statement) throws -> ChangeRecord {
    guard let kind = ChangeRecord.Kind(rawValue: row.text(2)) else { throw unknownWord(in: "change") }
    let content = row.bytes(9)
    return ChangeRecord(
      sequence: row.int(0), transaction: row.int(1), kind: kind, id: row.text(3), anchor: row.text(5), dn: row.text(4),
      oldID: row.optionalText(13), oldAnchor: row.optionalText(7), oldDN: row.optionalText(6),
      objectClasses: row.isNull(8) ? AttributeDocument(json: content).objectClasses : row.bytes(8), content: content,
      reason: ChangeRecord.reason(step: row.text(11), run: row.int(10), detail: row.optionalText(12)))
  }
}
