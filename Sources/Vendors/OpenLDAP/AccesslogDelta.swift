import ConnectorCore

/// Finds changes in the log of OpenLDAP's overlay accesslog (slapo-accesslog(5)).
///
/// The log need not be in order, and is not: see `AccesslogPass` for what is asked, and why.
struct AccesslogDelta: DeltaStrategy {
  static let methodName: DeltaMethod = "accesslog"
  static let usualLogDN = "cn=accesslog"

  let settings: DeltaSettings
  /// How often, and how long apart, a log that lags behind its data is looked at again; overlays answer in turn.
  var patience: (tries: Int, pause: Duration) = (4, .milliseconds(300))

  var method: DeltaMethod { Self.methodName }
  var locator: AccesslogLocator { AccesslogLocator(settings: settings) }

  /// Takes the newest `contextCSN` and `minCSN`, and the newest `reqStart` that is visible.
  ///
  /// Operations under way now get a `reqStart` inside the overlap, so they are hinted later. Nothing counts as handed
  /// over yet, so the overlap is hinted once without need.
  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    let place = try await locator.locate(partition, reader)
    var position = try await newest(in: place.log, partition, reader)
    position.csn = position.csn.merging(place.log.contextCSN).merging(place.log.minCSN)
    position.logContext = place.log.contextCSN
    position.baseline = place.suffix.contextCSN
    position.handedOver = HandedOver()
    position.atWatermark = [:]
    return try position.watermark(server: place.server)
  }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    let old = try AccesslogPosition(watermark)
    let place = try await locator.locate(partition, reader)
    guard place.server == watermark.server else { throw WatermarkLost(Self.otherServer(watermark, place)) }
    let pass = AccesslogPass(
      from: old, in: place.log, partition: partition, overlapSeconds: settings.overlapSeconds)
    try await search(place.log.dn, pass.filter, reader) { batch in
      let hints = try await pass.take(batch)
      if !hints.isEmpty { try await sink(HintBatch(hints: hints)) }
    }
    try await late(pass, in: place.log.dn, reader, to: sink)
    try await checkNothingPurged(since: old, place.log, reader)
    var position = await pass.end()
    try await checkVisible(since: old, position, place.log, reader)
    position.logContext = place.log.contextCSN
    try await sink(HintBatch(hints: [], checkpoint: try position.watermark(server: watermark.server)))
  }

  /// Hands over what came into the overlap since the last pass.
  private func late(
    _ pass: AccesslogPass, in log: String, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    guard let overlap = pass.overlap else { return }
    try await search(log, overlap, attributes: [SearchRequest.noAttributes], reader) { await pass.takeNames($0) }
    guard let filter = await pass.lateRecords else { return }
    try await search(log, filter, reader) { batch in
      let hints = try await pass.take(batch, late: true)
      if !hints.isEmpty { try await sink(HintBatch(hints: hints)) }
    }
  }

  /// An account that sees the container and no records reads an empty log with success. But the container's `contextCSN`
  /// moves with every record, so that each step of it must have shown itself.
  private func checkVisible(
    since old: AccesslogPosition, _ position: AccesslogPosition, _ log: AccesslogContainer,
    _ reader: any DirectoryReader
  ) async throws {
    let read = position.csn.merging(position.seen).merging(log.minCSN)
    for newest in log.contextCSN.all where old.logContext[newest.serverID] != newest && !read.reaches(newest) {
      guard try await !hasRecord(newest, log, reader) else { continue }
      throw WatermarkLost(
        "the log has records up to \(newest.text) (contextCSN), and this account does not see them. "
          + AccesslogRemedy.rights(log.dn))
    }
  }

  /// A purge that overtook the pass may have taken records that it had not read yet.
  private func checkNothingPurged(
    since old: AccesslogPosition, _ before: AccesslogContainer, _ reader: any DirectoryReader
  ) async throws {
    let now = try await locator.log(before.dn, reader)
    for purged in now.minCSN.all {
      guard let known = old.csn[purged.serverID] ?? before.minCSN[purged.serverID], purged > known else { continue }
      guard try await !hasRecord(purged, now, reader) else { continue }
      throw WatermarkLost("the log was trimmed while it was read: minCSN \(purged.text) is above \(known.text)")
    }
  }

  /// The position of the newest visible record, looked for from the newest CSN backwards.
  private func newest(
    in log: AccesslogContainer, _ partition: DN, _ reader: any DirectoryReader
  ) async throws -> AccesslogPosition {
    if log.hasRecords == false { return AccesslogPosition() }
    let newestTime = log.contextCSN.merging(log.minCSN).all.compactMap(\.time).max()
    let starts = [Int64(settings.overlapSeconds), 86_400].map { newestTime?.subtracting(seconds: $0) }
    for start in starts.compactMap({ $0 }) + [nil] {
      let pass = AccesslogPass(
        from: AccesslogPosition(), in: log, partition: partition, overlapSeconds: settings.overlapSeconds)
      let since = start.map { [Filter.greaterOrEqual("reqStart", $0.text(fractionDigits: 6))] } ?? []
      try await search(log.dn, .and([AccesslogRecord.written] + since), reader) { _ = try await pass.take($0) }
      let position = await pass.end()
      if position.reqStart != nil { return position }
    }
    return AccesslogPosition()
  }

  private func search(
    _ log: String, _ filter: Filter, attributes: [String] = AccesslogRecord.attributes,
    _ reader: any DirectoryReader, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws {
    let request = SearchRequest(
      base: log, scope: .oneLevel, filter: filter, attributes: attributes, pageSize: settings.pageSize)
    do {
      _ = try await reader.search(request, each: each)
    } catch let error as DirectoryError {
      throw AccesslogProblem.search(of: log, error)
    }
  }

  static func otherServer(_ watermark: Watermark, _ place: AccesslogPlace) -> String {
    "the watermark belongs to another log or server (\(watermark.server); found here: \(place.server))"
  }
}
