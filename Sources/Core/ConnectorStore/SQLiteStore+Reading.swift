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

  /// Hands out the objects that match, partition by partition in the order of their tree keys; of all with nil.
  ///
  /// Throws `StoreError`, and what `each` throws.
  package func forEachObject(
    matching query: ObjectQuery = .all, partition: Int64? = nil, each: (ObjectLine) throws -> Void
  ) throws {
    try reading {
      for number in try partition.map({ [$0] }) ?? partitions().map(\.number) {
        for (condition, values) in Self.conditions(query) {
          try forEachObject(where: condition, [number] + values, each)
        }
      }
    }
  }

  private func forEachObject(
    where condition: String, _ values: [any SQLValue], _ each: (ObjectLine) throws -> Void
  ) throws {
    let statement = try database.prepare(
      """
      SELECT id, ifnull(anchor, dn), dn, attributes FROM object
      WHERE \(condition) ORDER BY partition, key, object
      """)
    statement.bind(values)
    while try statement.step() {
      try each(
        ObjectLine(
          id: statement.text(0), anchor: statement.text(1), dn: statement.text(2),
          document: AttributeDocument(json: statement.bytes(3))))
    }
  }

  /// The query in SQL, as conditions that an index answers each, of the partition ?1; what they compare with is bound
  /// from ?2. A plus keeps SQLite from the index over partitions.
  private static func conditions(_ query: ObjectQuery) -> [(String, [any SQLValue])] {
    switch query {
    case .all, .under(""): [("partition = ?1", [])]
    case .dn(let key): [("partition = ?1 AND key = ?2", [key])]
    case .under(let key):
      [
        ("partition = ?1 AND key = ?2", [key]),
        ("partition = ?1 AND key > ?2 AND key < ?3", [key + ",", key + "-"]),
      ]
    case .anchor(let anchor):
      [
        ("+partition = ?1 AND anchor = ?2", [anchor]), ("+partition = ?1 AND anchor IS NULL AND dn = ?2", [anchor]),
      ]
    case .id(let id): [("partition = ?1 AND id = ?2", [id])]
    case .attribute(let name, let value):
      [
        (
          """
          partition = ?1 AND EXISTS (SELECT 1 FROM json_each(attributes) AS a, json_each(a.value) AS v
            WHERE lower(a.key) = lower(?2) AND v.value = ?3 COLLATE NOCASE)
          """, [name, value]
        )
      ]
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
