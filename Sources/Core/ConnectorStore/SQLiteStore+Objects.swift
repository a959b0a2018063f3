package import ConnectorCore

extension SQLiteStore {
  package func version(id: String, partition: Int64) throws -> StoredVersion? {
    let statement = try database.cached(
      "SELECT object, hash_high, hash_low FROM object WHERE partition = ? AND id = ?")
    defer { statement.reset() }
    statement.bind(partition, at: 1)
    statement.bind(id, at: 2)
    guard try statement.step() else { return nil }
    return StoredVersion(row: statement.int(0), hash: statement.hash(1))
  }

  package func object(row: Int64) throws -> StoredObject? {
    try database.row(
      "SELECT id, ifnull(anchor, dn), dn, key, hash_high, hash_low, attributes FROM object WHERE object = ?", row
    ) { statement in
      StoredObject(
        row: row,
        object: ConnectorObject(
          id: statement.text(0), anchor: statement.text(1), dn: statement.text(2), key: statement.text(3),
          document: AttributeDocument(json: statement.bytes(6)), hash: statement.hash(4), references: []))
    }
  }

  package func holders(key: String, partition: Int64) throws -> [Int64] {
    let statement = try database.cached("SELECT object FROM object WHERE partition = ? AND key = ? ORDER BY object")
    defer { statement.reset() }
    statement.bind(partition, at: 1)
    statement.bind(key, at: 2)
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.int(0)) }
    return rows
  }

  package func rows(anchor: String, partition: Int64) throws -> [Int64] {
    // A plus keeps SQLite from the index over partitions. An anchor that is the DN is stored as NULL, and the DN has no
    // index: the tree key finds it.
    let rows = try database.rows(
      "SELECT object FROM object WHERE anchor = ?1 AND +partition = ?2 ORDER BY object", anchor, partition
    ) { $0.int(0) }
    guard rows.isEmpty, let key = try? DNNormalizer.standard.key(of: anchor) else { return rows }
    return try database.rows(
      "SELECT object FROM object WHERE partition = ?1 AND key = ?2 AND anchor IS NULL AND dn = ?3 ORDER BY object",
      partition, key, anchor
    ) { $0.int(0) }
  }

  package func descendants(of key: String, partition: Int64, each: (ObjectName) throws -> Void) throws {
    if key.isEmpty { return try objects(after: "", upTo: nil, partition: partition, each) }
    // `-` follows `,` in ASCII, and neither stands for anything else in a tree key.
    try objects(after: key + ",", upTo: key + "-", partition: partition, each)
  }

  package func objects(partition: Int64, each: (ObjectName) throws -> Void) throws {
    for row in try holders(key: "", partition: partition) {
      if let name = try name(row: row) { try each(name) }
    }
    try objects(after: "", upTo: nil, partition: partition, each)
  }

  package func objects(
    partition: Int64, unless known: (Int64) -> Bool, each: (ObjectName) throws -> Void
  ) throws {
    var last = (key: "", row: Int64.min)
    while true {
      let rows = try rowsByKey(after: &last, partition: partition)
      for row in rows where !known(row) {
        if let name = try name(row: row) { try each(name) }
      }
      if rows.count < Self.rowsPerBlock { return }
    }
  }

  package func count(partition: Int64) throws -> Int {
    Int(try database.number("SELECT count(*) FROM object WHERE partition = ?", partition))
  }

  package func referrers(of reference: Int64, partition: Int64) throws -> [ObjectName] {
    try writeReferences()
    return try database.rows(
      """
      SELECT o.object, o.id, o.dn, o.key, o.hash_high, o.hash_low
      FROM reference AS r JOIN object AS o ON o.object = r.object
      WHERE r.target = ? AND o.partition = ? ORDER BY o.object
      """, reference, partition
    ) { $0.name }
  }

  package func count(withAttribute attribute: String, objectClass: String?, partition: Int64) throws -> Int {
    let attribute = AttributeDescription(attribute)
    let statement = try database.prepare("SELECT attributes FROM object WHERE partition = ?")
    statement.bind([partition])
    var count = 0
    while try statement.step() {
      if AttributeDocument(json: statement.bytes(0)).holds(attribute, objectClass: objectClass) { count += 1 }
    }
    return count
  }

  private static let rowsPerBlock = 4000

  /// The next block of rows in the order of their keys, from the index alone.
  private func rowsByKey(after last: inout (key: String, row: Int64), partition: Int64) throws -> [Int64] {
    let statement = try database.cached(
      """
      SELECT object, key FROM object INDEXED BY object_key
      WHERE partition = ? AND (key, object) > (?, ?) ORDER BY key, object LIMIT ?
      """)
    defer { statement.reset() }
    statement.bind([partition, last.key, last.row, Int64(Self.rowsPerBlock)])
    var rows: [Int64] = []
    while try statement.step() {
      rows.append(statement.int(0))
      if rows.count == Self.rowsPerBlock { last = (statement.text(1), statement.int(0)) }
    }
    return rows
  }

  private func name(row: Int64) throws -> ObjectName? {
    try database.row("SELECT object, id, dn, key, hash_high, hash_low FROM object WHERE object = ?", row) { $0.name }
  }

  /// Visits the objects of a range of keys in blocks, so that `each` may read and write what it likes.
  private func objects(
    after: String, upTo end: String?, partition: Int64, _ each: (ObjectName) throws -> Void
  ) throws {
    var last = (key: after, row: Int64.max)
    while true {
      let block = try database.rows(
        """
        SELECT object, id, dn, key, hash_high, hash_low FROM object
        WHERE partition = ?1 AND (key, object) > (?2, ?3) AND key < ifnull(?4, x'') ORDER BY key, object LIMIT 500
        """, partition, last.key, last.row, end
      ) { $0.name }
      for name in block { try each(name) }
      guard block.count == 500, let end = block.last else { return }
      last = (end.key, end.row)
    }
  }
}

extension Statement {
  /// A content hash in this column and the next.
  func hash(_ column: Int32) -> ContentHash {
    ContentHash(high: UInt64(bitPattern: int(column)), low: UInt64(bitPattern: int(column + 1)))
  }

  /// The columns object, id, dn, key, hash_high, hash_low.
  fileprivate var name: ObjectName {
    ObjectName(row: int(0), id: text(1), dn: text(2), key: text(3), hash: hash(4))
  }
}
