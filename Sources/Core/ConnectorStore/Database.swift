import CSQLite

/// A connection to one SQLite file, used by one owner at a time.
final class Database {
  enum Access {
    case readWrite
    case create
  }

  let path: String
  private var handle: OpaquePointer?
  /// Statements by the address of their text, which the compiler fixes.
  private var statements: [UnsafeRawPointer: Statement] = [:]

  /// Opens the file; `create` makes it if it is not there. Throws `StoreError`.
  init(path: String, access: Access) throws {
    self.path = path
    _ = Self.settings
    let creation = access == .create ? SQLITE_OPEN_CREATE : 0
    let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | creation, nil)
    guard code == SQLITE_OK else {
      let error = StoreError(connection: handle, code: code, path: path)
      sqlite3_close_v2(handle)
      throw error
    }
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 10_000)
  }

  /// Once in a process: SQLite need not count its memory, which takes a lock for every allocation (measured: 5 %).
  private static let settings = csqlite_without_statistics()

  deinit { close() }

  /// Closes the connection; everything after that fails.
  func close() {
    statements = [:]
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// Leaves the write-ahead log to the writer when this connection is closed.
  func leaveLogOnClose() { _ = csqlite_no_checkpoint_on_close(handle) }

  /// How long to wait for another connection; milliseconds.
  func wait(atMost milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

  /// Whether a transaction is open.
  var isInTransaction: Bool { handle != nil && sqlite3_get_autocommit(handle) == 0 }

  /// Runs statements that give no rows, one after the other.
  func execute(_ sql: String) throws {
    let code = sqlite3_exec(try open(), sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw StoreError(connection: handle, code: code, path: path) }
  }

  /// A statement that is prepared once and kept; the caller resets it after use.
  func cached(_ sql: StaticString) throws -> Statement {
    let address = UnsafeRawPointer(sql.utf8Start)
    if let statement = statements[address] { return statement }
    let statement = try prepare(sql.description, flags: UInt32(SQLITE_PREPARE_PERSISTENT))
    statements[address] = statement
    return statement
  }

  /// A statement of its own, for reads whose callbacks may read again.
  func prepare(_ sql: String, flags: UInt32 = 0) throws -> Statement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(try open(), sql, -1, flags, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw StoreError(connection: handle, code: code, path: path) }
    return Statement(statement, path: path)
  }

  private func open() throws -> OpaquePointer {
    guard let handle else {
      throw StoreError(.misuse, path: path, problem: "the connector space is closed", remedy: "Open it again.")
    }
    return handle
  }
}

extension Database {
  /// Runs a cached statement that gives no rows.
  func run(_ sql: StaticString, _ values: any SQLValue...) throws {
    let statement = try cached(sql)
    statement.bind(values)
    try statement.run()
  }

  /// Reads every row of a cached statement, which is reset before the rows are handed out.
  func rows<Row>(_ sql: StaticString, _ values: any SQLValue..., read: (Statement) throws -> Row) throws -> [Row] {
    let statement = try cached(sql)
    defer { statement.reset() }
    statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// Reads the first row of a cached statement, if there is one.
  func row<Row>(_ sql: StaticString, _ values: any SQLValue..., read: (Statement) throws -> Row) throws -> Row? {
    let statement = try cached(sql)
    defer { statement.reset() }
    statement.bind(values)
    return try statement.step() ? try read(statement) : nil
  }

  /// Reads one whole number; 0 when there is no row.
  func number(_ sql: StaticString, _ values: any SQLValue...) throws -> Int64 {
    let statement = try cached(sql)
    defer { statement.reset() }
    statement.bind(values)
    return try statement.step() ? statement.int(0) : 0
  }
}
