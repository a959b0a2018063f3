package import ConnectorCore

extension SQLiteStore {
  package func add(_ object: ConnectorObject, partition: Int64, reason: ChangeReason) throws -> Int64 {
    try requireTransaction()
    let row = counters.takeRow()
    let record = counters.nextRecord()
    try insert(object, row: row, partition: partition, added: record.sequence)
    for target in object.references { unwrittenReferences.append(Reference(target: target, object: row)) }
    // The record refers to the object's stored version until that version goes.
    let statement = try database.cached(
      "INSERT INTO change (sequence, tx, kind, object, run, detail) VALUES (?, ?, 'add', ?, ?, ?)")
    statement.bind(record.sequence, at: 1)
    statement.bind(record.transaction, at: 2)
    statement.bind(row, at: 3)
    statement.bind(reason.run, at: 4)
    reason.detail.bind(to: statement, at: 5)
    try statement.run()
    return row
  }

  package func replace(_ old: StoredObject, with new: ConnectorObject, reason: ChangeReason) throws {
    try requireTransaction()
    try completeAdd(of: old.row)
    try replaceReferences(of: old.row, with: new.references)
    let moved = !new.isNamed(like: old.object)
    let record = counters.nextRecord()
    let isSameID = new.id.hasBytes(of: old.object.id)
    try database.run(
      """
      INSERT INTO change (sequence, tx, kind, object, run, id, dn, anchor, old_id, old_dn, old_anchor, object_classes,
        detail, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, record.sequence, record.transaction, moved ? "rename" : "update", old.row, reason.run, new.id, new.dn,
      new.storedAnchor, isSameID ? nil : old.object.id, moved ? old.object.dn : nil,
      moved ? old.object.storedAnchor : nil, new.document.objectClasses, reason.detail,
      new.document.difference(from: old.object.document))
    try update(old, to: new)
  }

  package func rename(
    row: Int64, id: String, dn: String, key: String, anchor: String, hash: ContentHash, reason: ChangeReason
  ) throws {
    try requireTransaction()
    try completeAdd(of: row)
    let record = counters.nextRecord()
    let storedAnchor = anchor.hasBytes(of: dn) ? nil : anchor
    try database.run(
      """
      INSERT INTO change (sequence, tx, kind, object, run, id, dn, anchor, old_id, old_dn, old_anchor, object_classes,
        detail, content)
      SELECT ?1, ?2, 'rename', object, ?3, ?8, ?4, ?5, nullif(id, ?8), dn, anchor,
        ifnull((SELECT value FROM json_each(attributes) WHERE lower(key) = 'objectclass'), '[]'), ?6, '{}'
      FROM object WHERE object = ?7
      """, record.sequence, record.transaction, reason.run, dn, storedAnchor, reason.detail, row, id)
    // An index is written when its column is set, changed or not, and IDs that stay are the rule.
    let isSameID = try database.number("SELECT count(*) FROM object WHERE object = ? AND id = ?", row, id) > 0
    if !isSameID { try database.run("UPDATE object SET id = ? WHERE object = ?", id, row) }
    try database.run(
      "UPDATE object SET dn = ?, anchor = ?, key = ?, hash_high = ?, hash_low = ?, added = NULL WHERE object = ?",
      dn, storedAnchor, key, Int64(bitPattern: hash.high), Int64(bitPattern: hash.low), row)
  }

  package func delete(row: Int64, reason: ChangeReason) throws {
    try requireTransaction()
    try completeAdd(of: row)
    try replaceReferences(of: row, with: [])
    let record = counters.nextRecord()
    try database.run(
      """
      INSERT INTO change (sequence, tx, kind, object, run, id, dn, anchor, detail, content)
      SELECT ?, ?, 'delete', object, ?, id, dn, anchor, ?, attributes FROM object WHERE object = ?
      """, record.sequence, record.transaction, reason.run, reason.detail, row)
    try database.run("DELETE FROM hold WHERE object = ?", row)
    try database.run("DELETE FROM object WHERE object = ?", row)
    counters.hasFreedRow = true
  }

  // MARK: Parts

  private func insert(_ object: ConnectorObject, row: Int64, partition: Int64, added: Int64) throws {
    let statement = try database.cached(
      """
      INSERT INTO object (object, partition, added, id, dn, anchor, key, hash_high, hash_low, targets, attributes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    statement.bind(row, at: 1)
    statement.bind(partition, at: 2)
    statement.bind(added, at: 3)
    try run(statement, with: object, from: 4)
  }

  /// Writes the new version; what stands in an index is left out where it stays, for SQLite writes an index whose
  /// columns are set, changed or not, and each is another page far from the last one.
  private func update(_ old: StoredObject, to object: ConnectorObject) throws {
    let (id, key, anchor) = (old.object.id, old.object.key, old.object.storedAnchor)
    let isIndexedAlike = id == object.id && key == object.key && anchor == object.storedAnchor
    let statement =
      isIndexedAlike
      ? try database.cached(
        """
        UPDATE object SET added = NULL, dn = ?3, hash_high = ?6, hash_low = ?7, targets = ?8, attributes = ?9
          WHERE object = ?1
        """)
      : try database.cached(
        """
        UPDATE object SET added = NULL, id = ?2, dn = ?3, anchor = ?4, key = ?5, hash_high = ?6, hash_low = ?7,
          targets = ?8, attributes = ?9 WHERE object = ?1
        """)
    statement.bind(old.row, at: 1)
    try run(statement, with: object, from: 2)
  }

  /// Binds id, dn, anchor, key, both halves of the hash, targets and attributes, and runs the statement.
  private func run(_ statement: Statement, with object: ConnectorObject, from first: Int32) throws {
    statement.bind(object.id, at: first)
    statement.bind(object.dn, at: first + 1)
    object.storedAnchor.bind(to: statement, at: first + 2)
    statement.bind(object.key, at: first + 3)
    statement.bind(Int64(bitPattern: object.hash.high), at: first + 4)
    statement.bind(Int64(bitPattern: object.hash.low), at: first + 5)
    statement.bind(targets: object.references, at: first + 6)
    try statement.withText(object.document.json, at: first + 7) { try statement.run() }
  }

  /// Copies the version that an `add` record refers to into the record, before that version goes.
  private func completeAdd(of row: Int64) throws {
    try database.run(
      """
      UPDATE change SET (id, dn, anchor, content) = (SELECT id, dn, anchor, attributes FROM object WHERE object = ?1)
      WHERE sequence = (SELECT added FROM object WHERE object = ?1) AND dn IS NULL
      """, row)
  }
}

extension ConnectorObject {
  /// The anchor as it is stored: NULL where it is the DN, as with most products.
  fileprivate var storedAnchor: String? { anchor.hasBytes(of: dn) ? nil : anchor }
}
