import ConnectorCore

/// One external change log, read by cookie.
struct CookieLog: Sendable {
  /// The external change log's control (OpenDS and its descendants).
  static let control = "1.3.6.1.4.1.26027.1.5.4"
  static let newestCookie = "lastExternalChangelogCookie"

  let log: String
  let dialect: ChangelogDialect
  let reader: any DirectoryReader

  /// What is asked of records: all but the number, which the server leaves out here.
  private var attributes: [String] { ChangelogRecord.attributes(dialect) + ["changeLogCookie"] }

  /// Hands over what came after a cookie, in the server's order.
  /// - Throws: `WatermarkLost` where the server says that the cookie no longer fits.
  func read(
    after cookie: ChangelogCookie, filter: Filter? = nil, sizeLimit: Int = 0,
    each: @Sendable (Entry) async throws -> Void
  ) async throws {
    let records = Filter.equal("objectClass", "changeLogEntry")
    let request = SearchRequest(
      base: log, filter: filter.map { .and([records, $0]) } ?? records, attributes: attributes, pageSize: nil,
      sizeLimit: sizeLimit, controls: [Control(Self.control, isCritical: true, value: cookie.controlValue)])
    do {
      _ = try await reader.search(request) { batch in for entry in batch { try await each(entry) } }
    } catch let error as DirectoryError {
      throw Self.told(error, dialect)
    }
  }

  /// The first record after a cookie that a filter finds; nil where there is none.
  func first(after cookie: ChangelogCookie, filter: Filter? = nil) async throws -> Entry? {
    struct Found: Error { let entry: Entry }
    do {
      try await read(after: cookie, filter: filter, sizeLimit: 1) { throw Found(entry: $0) }
      return nil
    } catch let found as Found {
      return found.entry
    }
  }

  /// The cookie of this moment as the root DSE tells it; nil where it does not.
  /// - Throws: `DirectoryError` where it cannot be read.
  func newest() async throws -> ChangelogCookie? {
    switch try await reader.read("", attributes: [Self.newestCookie]) {
    case .entry(let root): return root.string(AttributeDescription(Self.newestCookie)).flatMap { ChangelogCookie($0) }
    case .absent: return nil
    case .failed(let error): throw error
    }
  }

  /// The cookie after a record.
  static func cookie(after record: Entry) throws -> ChangelogCookie {
    guard let text = record.string("changeLogCookie"), let cookie = ChangelogCookie(text) else {
      throw DirectoryError(
        .decodingError, operation: "read of \(record.dn)",
        message: "the record shows no changeLogCookie that can be read; let the connector's account read it")
    }
    return cookie
  }

  private static func told(_ error: DirectoryError, _ dialect: ChangelogDialect) -> any Error {
    if error.code == .unwillingToPerform, error.message.lowercased().contains("resync") {
      return WatermarkLost("the server refuses the cookie: \(error.message)")
    }
    return ChangelogProblem.search(error, dialect)
  }
}
