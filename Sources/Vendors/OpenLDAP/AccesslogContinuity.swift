import ConnectorCore

extension AccesslogDelta {
  /// Looks, in this order, at: the server's identity, what was purged, the last record read, a log that went backwards,
  /// and changes that the log does not hold.
  /// - Throws: `DirectoryError` where the log cannot be read, which says nothing about its continuity.
  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity {
    do {
      let position = try AccesslogPosition(watermark)
      let place = try await locator.locate(partition, reader)
      guard place.server == watermark.server else { return .lost(reason: Self.otherServer(watermark, place)) }
      try await checkPurge(position, place.log, reader)
      try await checkLastRecord(position, place.log, reader)
      try await checkCoverage(position, place, reader)
      return .unbroken
    } catch let lost as WatermarkLost {
      return .lost(reason: lost.reason)
    }
  }

  /// slapd writes `minCSN` before it deletes: the CSN of the newest record purged, and where nothing was purged yet that
  /// of the first record, which is then still there.
  private func checkPurge(
    _ position: AccesslogPosition, _ log: AccesslogContainer, _ reader: any DirectoryReader
  ) async throws {
    for purged in log.minCSN.all {
      if let read = position.csn[purged.serverID] {
        guard purged > read else { continue }
        guard try await !hasRecord(purged, log, reader) else { continue }
        throw WatermarkLost(
          "the log was trimmed past the watermark: it reaches back to \(purged.text) (minCSN), and has been read up to "
            + read.text)
      }
      guard try await !hasRecord(purged, log, reader) else { continue }
      throw WatermarkLost("records of server ID \(purged.serverID) were trimmed before any was read (\(purged.text))")
    }
  }

  private func checkLastRecord(
    _ position: AccesslogPosition, _ log: AccesslogContainer, _ reader: any DirectoryReader
  ) async throws {
    guard let last = position.last else { return try checkEmptyLog(log) }
    switch try await reader.read(last.dn, attributes: ["entryUUID"]) {
    case .entry(let entry):
      guard entry.string("entryUUID") != last.entryUUID else { return }
      throw WatermarkLost("the log was replaced: \(last.dn) is another record now")
    case .failed(let error): throw error
    case .absent:
      // A purge goes by reqStart and takes this record last, so afterwards minCSN is the newest CSN that was read.
      guard let server = last.serverID, let purged = log.minCSN[server], purged == position.csn[server] else {
        let extent = log.minCSN.isEmpty ? "this slapd keeps no minCSN" : "minCSN does not show that it was purged"
        throw WatermarkLost("the last record read, \(last.dn), is no longer in the log, and \(extent)")
      }
    }
  }

  private func checkEmptyLog(_ log: AccesslogContainer) throws {
    guard log.minCSN.isEmpty, log.hasRecords != false else { return }
    throw WatermarkLost(
      "the log was empty at the watermark, and without minCSN (slapd 2.5) nobody can tell what was purged since")
  }

  /// The suffix's `contextCSN` moves with every write; a log that does not follow misses writes.
  private func checkCoverage(
    _ position: AccesslogPosition, _ place: AccesslogPlace, _ reader: any DirectoryReader
  ) async throws {
    var log = place.log
    for attempt in 1... {
      let backwards = log.contextCSN.all.first { csn in position.logContext[csn.serverID].map { csn < $0 } ?? false }
      let missing = try await uncovered(position, place.suffix, log, reader)
      if backwards == nil, missing == nil { return }
      guard attempt < patience.tries else { throw Self.lost(backwards: backwards, missing: missing) }
      try await Task.sleep(for: patience.pause)
      log = try await locator.log(log.dn, reader)
    }
  }

  private func uncovered(
    _ position: AccesslogPosition, _ suffix: LoggedSuffix, _ log: AccesslogContainer, _ reader: any DirectoryReader
  ) async throws -> ChangeSequenceNumber? {
    let known = position.baseline.merging(position.csn).merging(log.contextCSN).merging(log.minCSN)
    for csn in suffix.contextCSN.all where !known.reaches(csn) {
      if try await !hasRecord(csn, log, reader) { return csn }
    }
    return nil
  }

  private static func lost(backwards: ChangeSequenceNumber?, missing: ChangeSequenceNumber?) -> WatermarkLost {
    if let backwards {
      return WatermarkLost("the log went back to \(backwards.text) (contextCSN): it was restored from an older copy")
    }
    return WatermarkLost(
      "the log does not hold the newest change of the partition, \(missing?.text ?? "") (contextCSN): logops does not "
        + "cover all writes, data was loaded offline, or the overlay was taken off for a while")
  }

  /// Whether the log holds a record with this CSN.
  func hasRecord(
    _ csn: ChangeSequenceNumber, _ log: AccesslogContainer, _ reader: any DirectoryReader
  ) async throws -> Bool {
    let request = SearchRequest(
      base: log.dn, scope: .oneLevel, filter: .equal("entryCSN", csn.text), attributes: [SearchRequest.noAttributes],
      pageSize: nil)
    return try await !reader.collect(request).isEmpty
  }
}
