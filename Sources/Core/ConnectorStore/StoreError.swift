import CSQLite

/// Why the connector space cannot be used, and what to do about it.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What callers tell apart.
  package enum Kind: Hashable, Sendable {
    /// Another process holds the file for longer than we wait.
    case busy
    case damaged
    case diskFull
    /// The file has a format that this version does not know.
    case newerFormat
    /// The file has an older format and was opened only to be read.
    case olderFormat
    case networkFileSystem
    /// No SQLite file, or one of another application.
    case notAConnectorSpace
    case permission
    /// The caller broke the store's contract.
    case misuse
    case other
  }

  package var kind: Kind
  /// The state file.
  package var path: String
  package var problem: String
  /// What the operator can do.
  package var remedy: String

  package init(_ kind: Kind, path: String, problem: String, remedy: String) {
    self.kind = kind
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(path): \(problem). \(remedy)" }
}

extension StoreError {
  /// Describes the last error of a connection in SQLite's words (sqlite.org/rescode.html).
  init(connection: OpaquePointer?, code: Int32, path: String) {
    let message = connection.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let text = message.map { String(cString: $0) } ?? "unknown error"
    let (kind, remedy) = Self.advice(code & 0xFF)
    self.init(kind, path: path, problem: "SQLite says: \(text) (code \(code))", remedy: remedy)
  }

  private static func advice(_ code: Int32) -> (Kind, String) {
    switch code {
    case SQLITE_FULL:
      (.diskFull, "Make room on the file system, and repeat the run; nothing of the last transaction was kept.")
    case SQLITE_NOTADB:
      (.notAConnectorSpace, "Name another state file, or move this one away and run a full import.")
    case SQLITE_CORRUPT:
      (.damaged, "Keep a copy, restore a backup or move the file away, and run a full import.")
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
      (.permission, "Check that the folder exists and that this user may write to it and to the file.")
    case SQLITE_BUSY, SQLITE_LOCKED:
      (.busy, "Another process is using the file; try again when it has ended.")
    case SQLITE_IOERR:
      (.other, "Check the disk and the system log; nothing of the last transaction was kept.")
    default:
      (.other, "Nothing of the last transaction was kept.")
    }
  }
}

/// The records after a sequence are no longer all there, so that a consumer must start from a snapshot.
package struct FeedTrimmed: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for: all after this sequence.
  package var since: Int64
  /// The oldest record that is still there.
  package var first: Int64

  package var description: String {
    """
    The change feed no longer holds the records after \(since): the oldest one is \(first). \
    Read `objects --json` anew and go on from the sequence that it states.
    """
  }
}
