package import ConnectorCore

/// The connector space in one SQLite file (WAL mode), for one writer and any number of readers.
///
/// What is committed survives a crash of the process and of the machine. The file is readable by its owner only.
/// Sendable only so that its owner may live on a thread of its own: one owner uses it at a time, and nothing here locks.
package final class SQLiteStore: ConnectorSpaceStore, @unchecked Sendable {
  /// The state file.
  package let path: String
  /// Whether this opening made the connector space.
  package let isNew: Bool
  /// The secret that keys content hashes.
  package private(set) var hashKey = ContentHashKey((0, 0, 0, 0))
  /// Names this very feed: another one has other objects under the same sequence numbers.
  package internal(set) var feedID = ""

  let database: Database
  var counters = Counters()
  /// References of objects added in this transaction; written in the order of the index, which costs half as much.
  var unwrittenReferences: [Reference] = []
  /// The last number that a pending hint was given; nil before the first.
  var lastPending: Int64?

  /// Opens the connector space to write, makes it or brings it to the current format.
  ///
  /// The caller holds the `StateLock`. Throws `StoreError`.
  package init(path: String) throws {
    self.path = path
    inheritedLog = StateFile.size(path + "-wal")
    try StateFile.prepare(path)
    database = try Database(path: path, access: .create)
    isNew = try FileFormat(database).openToWrite()
    try loadIdentity()
  }

  private init(reading path: String) throws {
    self.path = path
    inheritedLog = 0
    isNew = false
    database = try Database(path: path, access: .readWrite)
    database.leaveLogOnClose()
    try FileFormat(database).openToRead()
    try loadIdentity()
  }

  /// Opens an existing connector space to read, while another process may write. Throws `StoreError`.
  package static func openReadOnly(path: String) throws -> SQLiteStore {
    try StateFile.requireExisting(path)
    return try SQLiteStore(reading: path)
  }

  deinit { close() }

  /// Closes; harmless when repeated. What is committed is on the disk already; a long log is written back into the file
  /// where no reader is in the way. A shorter one waits for the next run, because a run would pay twice for every page it
  /// touched; and that run does write it back, because every opening reads it through.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    rollback()
    if StateFile.size(path + "-wal") > Self.longLog || inheritedLog > Self.shortLog {
      database.wait(atMost: 200)
      try? database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    } else {
      database.leaveLogOnClose()
    }
    database.close()
  }
  /// Bytes of log that are worth a checkpoint at the end of a run.
  private static let longLog = 64 << 20
  /// Bytes of log that every opening may well read through.
  private static let shortLog = 256 << 10
  /// Bytes of log that were there when the store was opened to write.
  private let inheritedLog: Int
  private var isClosed = false

  // MARK: Transactions

  package func begin() throws {
    try database.execute("BEGIN IMMEDIATE")
    counters = try Counters(database)
  }

  package func commit() throws {
    try writeReferences()
    if counters.hasFreedRow { try setMeta("next_object", String(counters.nextRow)) }
    try database.execute("COMMIT")
  }

  package func rollback() {
    unwrittenReferences = []
    guard database.isInTransaction else { return }
    try? database.execute("ROLLBACK")
    try? loadIdentity()
  }

  /// Runs `body` in a transaction of its own, or in the one that is open.
  func inTransaction<Result>(_ body: () throws -> Result) throws -> Result {
    if database.isInTransaction { return try body() }
    try begin()
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      rollback()
      throw error
    }
  }

  /// Guards the methods that may be called between `begin` and `commit` only.
  func requireTransaction(_ method: StaticString = #function) throws {
    guard !database.isInTransaction else { return }
    throw StoreError(
      .misuse, path: path, problem: "\(method) was called outside a transaction", remedy: "Call begin() first.")
  }

  // MARK: Facts about the store

  /// A fact kept under a name, such as the anchor or the adapter.
  package func meta(_ key: String) throws -> String? {
    try database.row("SELECT value FROM meta WHERE key = ?", key) { $0.text(0) }
  }

  /// Keeps a fact, or forgets it with nil.
  package func setMeta(_ key: String, _ value: String?) throws {
    guard let value else { return try database.run("DELETE FROM meta WHERE key = ?", key) }
    try database.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
  }

  /// The attribute that anchors come from, as `setMeta("anchor", …)` kept it; nil before the first import.
  package var anchorName: String? {
    get throws { try meta("anchor") }
  }

  private func loadIdentity() throws {
    guard let feed = try meta("feed_id"), let key = try meta("hash_key").flatMap(ContentHashKey.init(hex:)) else {
      throw StoreError(
        .damaged, path: path, problem: "the feed ID or the hash key is missing",
        remedy: "Restore a backup or move the file away, and run a full import.")
    }
    feedID = feed
    hashKey = key
  }
}

/// A row in the reference index: `object` points to the tree key with the fingerprint `target`.
struct Reference {
  var target: Int64
  var object: Int64
}

/// The numbers that a transaction counts on from.
struct Counters {
  var nextRow: Int64 = 1
  var lastSequence: Int64 = 0
  var lastTransaction: Int64 = 0
  /// Whether this transaction has written a feed record.
  var hasRecord = false
  /// Whether a row went away, whose number must never be given again: the feed names objects by it.
  var hasFreedRow = false

  init(nextRow: Int64 = 1) { self.nextRow = nextRow }

  init(_ database: Database) throws {
    let kept = try database.row("SELECT value FROM meta WHERE key = 'next_object'") { Int64($0.text(0)) }
    nextRow = max(try database.number("SELECT max(object) FROM object") + 1, (kept ?? nil) ?? 1)
    let last = try database.row("SELECT sequence, tx FROM change ORDER BY sequence DESC LIMIT 1") {
      (sequence: $0.int(0), transaction: $0.int(1))
    }
    lastSequence = last?.sequence ?? 0
    lastTransaction = last?.transaction ?? 0
  }

  /// Numbers the next feed record.
  mutating func nextRecord() -> (sequence: Int64, transaction: Int64) {
    if !hasRecord { lastTransaction += 1 }
    hasRecord = true
    lastSequence += 1
    return (lastSequence, lastTransaction)
  }

  mutating func takeRow() -> Int64 {
    defer { nextRow += 1 }
    return nextRow
  }
}
