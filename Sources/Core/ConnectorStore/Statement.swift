import CSQLite

/// A prepared statement; its values are bound by position, from 1.
///
/// A value that SQLite does not take is reported by the next `step`.
final class Statement {
  private let handle: OpaquePointer
  private let path: String
  private var bindCode = SQLITE_OK

  init(_ handle: OpaquePointer, path: String) {
    self.handle = handle
    self.path = path
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Binding

  func bind(_ value: Int64, at index: Int32) { note(sqlite3_bind_int64(handle, index, value)) }

  func bindNull(at index: Int32) { note(sqlite3_bind_null(handle, index)) }

  func bind(_ value: String, at index: Int32) {
    var value = value
    value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        note(csqlite_bind_text_copy(handle, index, $0.baseAddress ?? Self.empty, UInt64($0.count)))
      }
    }
  }

  func bind(text bytes: UnsafeBufferPointer<UInt8>, at index: Int32) {
    bytes.withMemoryRebound(to: CChar.self) {
      note(csqlite_bind_text_copy(handle, index, $0.baseAddress ?? Self.empty, UInt64($0.count)))
    }
  }

  func bind(blob bytes: UnsafeRawBufferPointer, at index: Int32) {
    note(csqlite_bind_blob_copy(handle, index, bytes.baseAddress, UInt64(bytes.count)))
  }

  /// Binds without a copy while `body` runs: documents may be large.
  func withText<Result>(_ bytes: [UInt8], at index: Int32, _ body: () throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { buffer in
      try buffer.withMemoryRebound(to: CChar.self) {
        note(csqlite_bind_text_static(handle, index, $0.baseAddress ?? Self.empty, UInt64($0.count)))
        defer { sqlite3_bind_null(handle, index) }
        defer { reset() }
        return try body()
      }
    }
  }

  /// Binds values in order, from 1.
  func bind(_ values: [any SQLValue]) {
    for (index, value) in values.enumerated() { value.bind(to: self, at: Int32(truncatingIfNeeded: index + 1)) }
  }

  private func note(_ code: Int32) {
    if code != SQLITE_OK, bindCode == SQLITE_OK { bindCode = code }
  }

  /// A pointer for empty text, which SQLite would otherwise take for NULL.
  private static var empty: UnsafePointer<CChar> { csqlite_empty_text() }

  // MARK: Running

  /// Steps to the next row; false at the end. Throws `StoreError`.
  func step() throws -> Bool {
    guard bindCode == SQLITE_OK else { throw failure(bindCode) }
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  /// Runs to the end, for statements without rows, and makes the statement ready for the next run.
  func run() throws {
    defer { reset() }
    while try step() {}
  }

  func reset() {
    sqlite3_reset(handle)
    bindCode = SQLITE_OK
  }

  private func failure(_ code: Int32) -> StoreError {
    let error = StoreError(connection: sqlite3_db_handle(handle), code: code, path: path)
    reset()
    return error
  }

  // MARK: Columns, from 0

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  func text(_ column: Int32) -> String {
    withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  /// The bytes of a text or blob, valid while `body` runs.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}

/// What can be bound to a statement.
protocol SQLValue {
  func bind(to statement: Statement, at index: Int32)
}

extension Int64: SQLValue {
  func bind(to statement: Statement, at index: Int32) { statement.bind(self, at: index) }
}

extension String: SQLValue {
  func bind(to statement: Statement, at index: Int32) { statement.bind(self, at: index) }
}

/// Bytes of UTF-8, stored as text.
extension [UInt8]: SQLValue {
  func bind(to statement: Statement, at index: Int32) {
    withUnsafeBufferPointer { statement.bind(text: $0, at: index) }
  }
}

extension Optional: SQLValue where Wrapped: SQLValue {
  func bind(to statement: Statement, at index: Int32) {
    guard let value = self else { return statement.bindNull(at: index) }
    value.bind(to: statement, at: index)
  }
}
