import ConnectorCore
import FoundationEssentials

/// Recognises, makes and migrates a connector space's file.
struct FileFormat {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Brings the file to the current format; true if it was empty. Throws `StoreError`.
  func openToWrite() throws -> Bool {
    let found = try format()
    // Large pages: measured, they halve what a commit of many objects costs.
    if found == nil { try database.execute("PRAGMA page_size = 16384; PRAGMA auto_vacuum = NONE") }
    try database.execute(Self.settings)
    if try format() != Schema.currentFormat { try migrate() }
    return found == nil
  }

  /// Prepares an existing file to be read. Throws `StoreError`.
  func openToRead() throws {
    guard let found = try format() else { throw notOurs("the file is empty") }
    guard found == Schema.currentFormat else {
      throw StoreError(
        .olderFormat, path: database.path,
        problem: "the file has format \(found), and this version reads format \(Schema.currentFormat)",
        remedy: "The next import brings it up to date; run one first.")
    }
    try database.execute("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -4000; PRAGMA query_only = ON")
  }

  /// FULL makes a commit survive a power loss: a consumer may have read it already. The log is long (64 MB), because a
  /// page that many transactions write then reaches the file once.
  private static let settings = """
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;
    """

  /// The format; nil for an empty file. Throws for what is no connector space, and for a newer format.
  private func format() throws -> Int64? {
    let application = try database.number("PRAGMA application_id")
    let version = try database.number("PRAGMA user_version")
    if application == 0, version == 0, try database.number("SELECT count(*) FROM sqlite_schema") == 0 { return nil }
    guard application == Schema.applicationID else { throw notOurs("it is another application's SQLite database") }
    guard version <= Schema.currentFormat else {
      throw StoreError(
        .newerFormat, path: database.path,
        problem: "the file has format \(version), and this version knows formats up to \(Schema.currentFormat)",
        remedy: "Use the version that wrote it, or a newer one.")
    }
    return version
  }

  private func migrate() throws {
    try database.execute("BEGIN IMMEDIATE")
    do {
      // Another process may have been faster.
      let found = try format()
      for step in Schema.steps.dropFirst(Int(found ?? 0)) { try database.execute(step) }
      if found == nil { try writeIdentity() }
      try database.execute("PRAGMA user_version = \(Schema.currentFormat)")
      try database.execute("COMMIT")
    } catch {
      if database.isInTransaction { try? database.execute("ROLLBACK") }
      throw error
    }
  }

  private func writeIdentity() throws {
    try database.execute("PRAGMA application_id = \(Schema.applicationID)")
    try database.run("INSERT INTO meta VALUES ('feed_id', ?)", Self.newFeedID())
    try database.run("INSERT INTO meta VALUES ('hash_key', ?)", ContentHashKey.random().hex)
  }

  /// A random UUID (RFC 9562 §5.4).
  static func newFeedID() -> String { UUID().uuidString.lowercased() }

  private func notOurs(_ problem: String) -> StoreError {
    StoreError(
      .notAConnectorSpace, path: database.path, problem: "this is no connector space: \(problem)",
      remedy: "Name another state file; nothing was changed in this one.")
  }
}

extension ContentHashKey {
  /// The four words as 64 hexadecimal digits.
  var hex: String {
    [words.0, words.1, words.2, words.3]
      .map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }
      .joined()
  }

  /// Nil for anything but 64 hexadecimal digits.
  init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    let words = stride(from: 0, to: 64, by: 16).compactMap { start in
      UInt64(String(decoding: digits[start..<(start + 16)], as: UTF8.self), radix: 16)
    }
    guard words.count == 4 else { return nil }
    self.init((words[0], words[1], words[2], words[3]))
  }
}
