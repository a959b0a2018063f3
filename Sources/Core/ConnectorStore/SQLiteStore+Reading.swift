package import ConnectorCore

/// Which objects a person or a consumer wants to see.
package enum ObjectQuery: Hashable, Sendable {
  case all
  /// The object with this tree key.
  case dn(key: String)
  /// The object with this tree key, and all below it.
  case under(key: String)
  case anchor(String)
  case id(String)
  /// Objects with this value of this attribute; both compare without case in ASCII.
  case attribute(name: String, value: String)
}

/// An object as it is shown.
package struct ObjectLine: Hashable, Sendable {
  package var id: String
  package var anchor: String
  package var dn: String
  /// The attributes as JSON.
  package var document: AttributeDocument

  /// The object classes as a JSON array.
  package var objectClasses: [UInt8] { document.objectClasses }
}

/// Where a snapshot of objects stands in the feed: a consumer goes on with the records after `sequence`.
package struct FeedPosition: Hashable, Sendable {
  package var feedID: String
  package var sequence: Int64
}

extension SQLiteStore {
  /// Runs `body` on one state of the connector space, whatever another process writes meanwhile.
  package func snapshot<Result>(_ body: (FeedPosition) throws -> Result) throws -> Result {
    try reading {
      try body(FeedPosition(feedID: try meta("feed_id") ?? feedID, sequence: try lastSequence))
    }
  }

  /// Hands out the objects that match, in the order of their tree keys; of all partitions with nil.
  ///
  /// Throws `StoreError`, and what `each` throws.
  package func forEachObject(
    matching query: ObjectQuery = .all, partition: Int64? = nil, each: (ObjectLine) throws -> Void
  ) throws {
    let (condition, values) = Self.condition(query)
    let statement = try database.prepare(
      """
      SELECT id, ifnull(anchor, dn), dn, attributes FROM object
      WHERE (\(partition == nil ? "?1 IS NULL" : "partition = ?1")) AND \(condition) ORDER BY partition, key, object
      """)
    statement.bind([partition] + values)
    while try statement.step() {
      try each(
        ObjectLine(
          id: statement.text(0), anchor: statement.text(1), dn: statement.text(2),
          document: AttributeDocument(json: statement.bytes(3))))
    }
  }

  /// The query in SQL; what it compares with is bound from ?2.
  private static func condition(_ query: ObjectQuery) -> (String, [any SQLValue]) {
    switch query {
    case .all: ("true", [])
    case .dn(let key): ("key = ?2", [key])
    case .under(""): ("true", [])
    case .under(let key): ("(key = ?2 OR key >= ?3 AND key < ?4)", [key, key + ",", key + "-"])
    case .anchor(let anchor): ("(anchor = ?2 OR anchor IS NULL AND dn = ?2)", [anchor])
    case .id(let id): ("id = ?2", [id])
    case .attribute(let name, let value):
      (
        """
        EXISTS (SELECT 1 FROM json_each(attributes) AS a, json_each(a.value) AS v
          WHERE lower(a.key) = lower(?2) AND v.value = ?3 COLLATE NOCASE)
        """, [name, value]
      )
    }
  }

  /// Opens a read transaction for `body`, unless one is open.
  func reading<Result>(_ body: () throws -> Result) throws -> Result {
    if database.isInTransaction { return try body() }
    try database.execute("BEGIN")
    defer { try? database.execute("ROLLBACK") }
    return try body()
  }
}
