import ConnectorCore

extension CookieChangelogDelta {
  /// Looks, in this order, at: the identity of the data, a log that went back, the server's own judgement on the cookie,
  /// and the newest change that the cookie has seen.
  /// - Throws: `DirectoryError` where the log cannot be read, which says nothing about its continuity.
  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity {
    do {
      let position = try CookiePosition(watermark)
      let cookie = position.parsed
      let server = try await server(partition, reader)
      guard server == watermark.server else { throw WatermarkLost(CookieProblem.otherServer(watermark, server)) }
      let log = CookieLog(log: locator.logDN, dialect: dialect, reader: reader)
      if let newest = try await log.newest(), let csn = cookie.ahead(of: newest) {
        throw WatermarkLost(
          "the log went back: it has been read up to \(csn.text), and now ends before it; it was restored or begun anew"
        )
      }
      _ = try await log.first(after: cookie)
      try await checkBeginning(cookie, reader)
      try await checkProof(position, cookie, log)
      return .unbroken
    } catch let lost as WatermarkLost {
      return .lost(reason: lost.reason)
    }
  }

  /// The beginning of the log is reached only while its first record is there.
  private func checkBeginning(_ cookie: ChangelogCookie, _ reader: any DirectoryReader) async throws {
    guard cookie.isEmpty else { return }
    guard let first = try await locator.bounds(reader).first, first > 1 else { return }
    throw WatermarkLost(
      "the log was empty at the watermark, and now begins with number \(first) (firstChangeNumber): it was trimmed since"
    )
  }

  private func checkProof(_ position: CookiePosition, _ cookie: ChangelogCookie, _ log: CookieLog) async throws {
    guard let (domain, csn) = cookie.newest else { return }
    let record: Entry?
    do {
      record = try await proof(csn, in: domain, of: cookie, log)
    } catch is WatermarkLost {
      // The record is the oldest left, or gone: the server took the cookie itself, and knows what it has purged.
      return
    }
    guard let record else {
      throw WatermarkLost(
        "the newest change read, \(csn.text), is no longer in \(log.log), or this account does not see it any more. "
          + dialect.remedy.rights)
    }
    let target = RecordFacts(record, dialect).targetDN
    guard let known = position.target, let target, known != target else { return }
    throw WatermarkLost("the change \(csn.text) was made to \(known), and now is said to have been made to \(target)")
  }
}
