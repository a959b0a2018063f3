package import ConnectorCore

/// What `status` shows of a connector space.
package struct StoreStatus: Hashable, Sendable {
  package struct Partition: Hashable, Sendable {
    package var record: PartitionRecord
    package var objects: Int
    package var pending: Int
    package var holds: Int
  }

  package var feedID: String
  /// The oldest and the newest feed record; 0 where there is none.
  package var firstSequence: Int64
  package var lastSequence: Int64
  package var partitions: [Partition]
  /// The last run of each step and partition, the newest first.
  package var runs: [RunRecord]
  /// The file without its log; bytes.
  package var fileSize: Int64
}

/// A run as it was stored.
package struct RunRecord: Hashable, Sendable {
  package var number: Int64
  package var step: String
  package var partition: String
  /// Times of this machine (RFC 3339), for people only.
  package var started: String
  package var ended: String?
  /// Nil while the run is on, and for ever if it was killed.
  package var outcome: String?
  /// The report as JSON.
  package var report: String?
}

extension SQLiteStore {
  /// What SQLite finds wrong with the file (`PRAGMA integrity_check`); nothing in a sound one.
  package func problems() throws -> [String] {
    try database.rows("PRAGMA integrity_check") { $0.text(0) }.filter { $0 != "ok" }
  }

  /// The facts for `status`, as of one moment.
  package func status() throws -> StoreStatus {
    try snapshot { position in
      StoreStatus(
        feedID: position.feedID, firstSequence: try firstSequence, lastSequence: position.sequence,
        partitions: try partitions().map { record in
          StoreStatus.Partition(
            record: record, objects: try count(partition: record.number),
            pending: try pendingCount(partition: record.number), holds: try holds(partition: record.number).count)
        },
        runs: try lastRuns(),
        fileSize: try database.number("PRAGMA page_count") * database.number("PRAGMA page_size"))
    }
  }

  /// A run by its number, or nil.
  package func run(_ number: Int64) throws -> RunRecord? {
    try database.row(
      "SELECT number, step, partition, started, ended, outcome, report FROM run WHERE number = ?", number
    ) { $0.runRecord }
  }

  private func lastRuns() throws -> [RunRecord] {
    try database.rows(
      """
      SELECT number, step, partition, started, ended, outcome, report FROM run
      WHERE number IN (SELECT max(number) FROM run GROUP BY step, partition) ORDER BY number DESC
      """
    ) { $0.runRecord }
  }
}

extension Statement {
  /// The columns number, step, partition, started, ended, outcome, report.
  fileprivate var runRecord: RunRecord {
    RunRecord(
      number: int(0), step: text(1), partition: text(2), started: text(3), ended: optionalText(4),
      outcome: optionalText(5), report: optionalText(6))
  }
}
