import ConnectorCore

extension CookieChangelogDelta {
  /// Looks at what reading by numbers looks at, and then reads a record by cookie.
  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    var readiness = try await ChangelogDelta(settings: settings, dialect: dialect).readiness(of: partition, reader)
    guard readiness.status == .available else { return readiness }
    let log = CookieLog(log: locator.logDN, dialect: dialect, reader: reader)
    do {
      let record = try await log.first(after: ChangelogCookie())
      let cookie = try record.map { try CookieLog.cookie(after: $0).text }
      readiness.findings.append(
        cookie.map { .init(.available, "records can be read by cookie, such as \($0)") }
          ?? .init(
            .unavailable, "records are seen by number, and none by cookie (control \(CookieLog.control))",
            remedy: dialect.remedy.rights))
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      readiness.findings.append(
        .init(
          .unavailable, "the log cannot be read by cookie: \(error.code)",
          remedy:
            "Let the account use the control \(CookieLog.control), or force `deltaMethod: \(ChangelogMethod.numbers)`"))
    } catch let lost as WatermarkLost {
      readiness.findings.append(.init(.unavailable, lost.reason, remedy: dialect.remedy.rights))
    }
    return readiness
  }
}
