import ConnectorCore

/// Finds changes in the external change log of OpenDS and its descendants by cookie: the watermark is valid on every
/// replica, and the server itself says when it no longer is.
struct CookieChangelogDelta: DeltaStrategy {
  let settings: DeltaSettings
  let dialect: ChangelogDialect
  /// How often, and how long apart, a log that lags behind the root DSE is looked at again.
  var patience: (tries: Int, pause: Duration) = (5, .milliseconds(200))

  var method: DeltaMethod { ChangelogMethod.cookies }
  var locator: ChangelogLocator { ChangelogLocator(settings: settings, dialect: dialect) }

  /// Takes the newest cookie that the root DSE tells, else that of the newest record.
  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    let server = try await server(partition, reader)
    let log = CookieLog(log: locator.logDN, dialect: dialect, reader: reader)
    let pass = CookiePass(partition, dialect)
    if let newest = try await log.newest(), let (domain, csn) = newest.newest {
      await pass.start(at: newest)
      guard let record = try await proof(csn, in: domain, of: newest, log) else {
        throw DirectoryError(
          .insufficientAccessRights, operation: "search of \(log.log)",
          message: CookieProblem.hidden(csn, dialect))
      }
      _ = try await pass.take(record)
    } else {
      try await log.read(after: ChangelogCookie()) { _ = try await pass.take($0) }
    }
    return try await pass.position.watermark(server: server)
  }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    let old = try CookiePosition(watermark)
    let cookie = old.parsed
    let server = try await server(partition, reader)
    guard server == watermark.server else { throw WatermarkLost(CookieProblem.otherServer(watermark, server)) }
    let log = CookieLog(log: locator.logDN, dialect: dialect, reader: reader)
    let newest = try await log.newest()
    let pass = CookiePass(partition, dialect)
    await pass.start(at: cookie, target: old.target)
    for attempt in 1... {
      try await log.read(after: cookie) { entry in
        let hints = try await pass.take(entry)
        if !hints.isEmpty { try await sink(HintBatch(hints: hints)) }
      }
      // The root DSE may be ahead of what a search sees; where nothing at all was ever seen, it may be a missing right.
      guard cookie.isEmpty, await !pass.sawRecord, newest?.isEmpty == false else { break }
      guard attempt < patience.tries else { throw WatermarkLost(CookieProblem.hidden(newest?.newest?.csn, dialect)) }
      try await Task.sleep(for: patience.pause)
    }
    let end = try await pass.position.watermark(server: server)
    try await sink(HintBatch(hints: await pass.rest(), checkpoint: end))
  }

  /// What all replicas of the data share, and other data does not: the topmost entry's ID and the generation.
  func server(_ partition: DN, _ reader: any DirectoryReader) async throws -> String {
    let answer = try await reader.read(partition.string, attributes: ["entryUUID", "ds-sync-generation-id"])
    guard case .entry(let suffix) = answer else {
      throw answer.error(reading: partition.string, remedy: dialect.remedy.partition)
    }
    let generation = suffix.string("ds-sync-generation-id").map { ", generation \($0)" } ?? ""
    return "suffix \(suffix.string("entryUUID") ?? "unknown")\(generation)"
  }

  /// The record of a change that a cookie has seen, read from right before it; nil where it is not there.
  func proof(
    _ csn: ChangelogCookie.CSN, in domain: String, of cookie: ChangelogCookie, _ log: CookieLog
  ) async throws -> Entry? {
    guard let before = cookie.before(csn, in: domain) else { return nil }
    return try await log.first(after: before, filter: .equal("replicationCSN", csn.text))
  }
}

/// What one pass has read: hints, and the cookie that comes of it.
actor CookiePass {
  private(set) var position = CookiePosition()
  private(set) var sawRecord = false
  private var cookie = ChangelogCookie()
  private var newest: ChangelogCookie.CSN?
  private var hints: [Hint] = []
  private let partitionKey: String
  private let dialect: ChangelogDialect
  private let dns = DNNormalizer()
  private static let hintsPerBatch = 1000

  init(_ partition: DN, _ dialect: ChangelogDialect) {
    // A partition whose DN cannot be read takes every record, which is safe.
    partitionKey = (try? dns.key(of: partition.string)) ?? ""
    self.dialect = dialect
  }

  func start(at cookie: ChangelogCookie, target: String? = nil) {
    self.cookie = cookie
    newest = cookie.newest?.csn
    position = CookiePosition(cookie: cookie.text, target: target)
  }

  /// Takes a record, and answers with the hints so far once there are enough; the cookie is the larger of each replica's,
  /// so that the order of records does not matter.
  func take(_ record: Entry) throws -> [Hint] {
    sawRecord = true
    let facts = RecordFacts(record, dialect)
    let hint = try facts.hint(record: record.dn, dialect)
    if facts.concerns(partitionKey, dns) { hints.append(hint) }
    cookie.merge(try CookieLog.cookie(after: record))
    if let csn = record.string("replicationCSN").flatMap({ ChangelogCookie.CSN($0) }), csn >= newest ?? csn {
      newest = csn
      position.target = facts.targetDN
    }
    position.cookie = cookie.text
    return hints.count >= Self.hintsPerBatch ? rest() : []
  }

  /// The hints that were not handed over yet.
  func rest() -> [Hint] {
    defer { hints = [] }
    return hints
  }
}

/// Problems of a log that is read by cookie, in words.
enum CookieProblem {
  static func otherServer(_ watermark: Watermark, _ server: String) -> String {
    "the watermark belongs to other data (\(watermark.server); found here: \(server))"
  }

  static func hidden(_ csn: ChangelogCookie.CSN?, _ dialect: ChangelogDialect) -> String {
    "the server has logged changes up to \(csn?.text ?? "some CSN") (\(CookieLog.newestCookie)), and this account does not "
      + "see them: " + dialect.remedy.rights
  }
}
