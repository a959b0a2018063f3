package import ConnectorCore
import FoundationEssentials

extension SQLiteStore {
  package func partition(key: String, dn: String) throws -> PartitionRecord {
    try database.run("INSERT OR IGNORE INTO partition (key, dn) VALUES (?, ?)", key, dn)
    let found = try partitions().first { $0.key == key }
    guard let found else {
      throw StoreError(.other, path: path, problem: "partition \(dn) could not be stored", remedy: "Try again.")
    }
    return found
  }

  package func save(_ partition: PartitionRecord) throws {
    try requireTransaction()
    try database.run(
      "UPDATE partition SET key = ?, dn = ?, watermark = ?, fingerprint = ?, last_full_import = ? WHERE number = ?",
      partition.key, partition.dn, try partition.watermark.map(json), try json(partition.fingerprint),
      partition.lastFullImport, partition.number)
  }

  package func beginRun(step: String, partition: String) throws -> Int64 {
    try withoutFlush {
      try database.number(
        """
        INSERT INTO run (step, partition, started) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        RETURNING number
        """, step, partition)
    }
  }

  package func endRun(_ run: Int64, outcome: String, report: String) throws {
    try withoutFlush {
      try database.run(
        "UPDATE run SET outcome = ?, report = ?, ended = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE number = ?",
        outcome, report, run)
    }
  }

  /// Notes about runs may be lost when the machine crashes, so they need not wait for the disk; a crash of the process
  /// takes nothing, and what is committed before stays.
  private func withoutFlush<Result>(_ body: () throws -> Result) throws -> Result {
    try database.execute("PRAGMA synchronous = NORMAL")
    let result = Swift.Result { try body() }
    try database.execute("PRAGMA synchronous = FULL")
    return try result.get()
  }

  /// All partitions, in the order in which they came.
  package func partitions() throws -> [PartitionRecord] {
    try database.rows(
      "SELECT number, key, dn, watermark, fingerprint, last_full_import FROM partition ORDER BY number"
    ) { statement in
      PartitionRecord(
        number: statement.int(0), key: statement.text(1), dn: statement.text(2),
        watermark: statement.isNull(3) ? nil : try value(statement.bytes(3)),
        fingerprint: try value(statement.bytes(4)), lastFullImport: statement.optionalInt(5))
    }
  }

  private func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  private func value<Value: Decodable>(_ json: [UInt8]) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(json))
    } catch {
      throw StoreError(
        .damaged, path: path, problem: "the table partition holds a value that is not what was stored",
        remedy: "If it was changed by hand, undo that; else move the file away and run a full import.")
    }
  }
}
