import ConnectorCore

extension ChangelogDelta {
  /// Looks, in this order, at: the server's identity, the last record read (the inclusive test of the draft), the first
  /// number that is left, a log that went back, and missing numbers that can no longer show.
  /// - Throws: `DirectoryError` where the log cannot be read, which says nothing about its continuity.
  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity {
    do {
      let position = try ChangelogPosition(watermark)
      let place = try await place(of: watermark, partition, reader)
      let log = log(place.log, reader)
      try await verify(position, position.proof.isEmpty ? nil : log.record(position.last), place, reader)
      return .unbroken
    } catch let lost as WatermarkLost {
      return .lost(reason: lost.reason)
    }
  }

  /// The log of a watermark.
  /// - Throws: `WatermarkLost` where another log, or another server, is in its place.
  func place(
    of watermark: Watermark, _ partition: DN, _ reader: any DirectoryReader
  ) async throws -> ChangelogPlace {
    let place = try await locator.locate(partition, reader)
    guard place.server == watermark.server else {
      throw WatermarkLost(
        "the watermark belongs to another log or server (\(watermark.server); found here: \(place.server))")
    }
    return place
  }

  /// Proves that the log still holds everything after a position.
  /// - Parameter found: the record of the position's number, where one is seen.
  func verify(
    _ position: ChangelogPosition, _ found: ChangelogRecord?, _ place: ChangelogPlace, _ reader: any DirectoryReader
  ) async throws {
    if let found, !position.proof.isEmpty {
      guard let difference = position.proof.difference(from: RecordProof(found.entry)) else {
        return try checkGaps(position, place.bounds)
      }
      throw WatermarkLost(
        "record \(position.last) is not the one that was read (\(difference)): the log was restored or begun anew")
    }
    // Read again, for the record may have gone since the bounds were read.
    let bounds = try await locator.bounds(reader)
    try checkReach(position, bounds)
    try checkGaps(position, bounds)
    guard !position.proof.isEmpty, !Self.isJustBelow(bounds, position.last) else { return }
    throw WatermarkLost(
      "the last record read, number \(position.last), is no longer in \(place.log), or this account does not see it any "
        + "more. " + dialect.remedy.rights)
  }

  /// Whether the log begins right above a number, or is empty and never went further, so that nothing is missing.
  private static func isJustBelow(_ bounds: ChangelogBounds, _ number: UInt64) -> Bool {
    if bounds.isEmpty { return bounds.last == number }
    return bounds.first.map { $0 > number && $0 - number == 1 } ?? false
  }

  private func checkReach(_ position: ChangelogPosition, _ bounds: ChangelogBounds) throws {
    if let last = bounds.last, last < position.last {
      throw WatermarkLost(
        "the log's numbers went back to \(last) (lastChangeNumber), and have been read up to \(position.last): it was "
          + "restored from an older copy, begun anew, or belongs to another server")
    }
    if bounds.isEmpty, let last = bounds.last, last > position.last {
      throw WatermarkLost("the log is empty, and numbers up to \(last) were given since \(position.last) was read")
    }
    if let first = bounds.first, first > position.last, first - position.last > 1 {
      throw WatermarkLost(
        "the log was trimmed past the watermark: it reaches back to number \(first) (firstChangeNumber), and has been "
          + "read up to \(position.last)")
    }
  }

  /// A number that was missing may have got its record, and lost it again, before it was asked for.
  private func checkGaps(_ position: ChangelogPosition, _ bounds: ChangelogBounds) throws {
    guard let missing = position.gaps.lowest, let first = bounds.first, first > missing else { return }
    throw WatermarkLost(
      "number \(missing) had no record yet when it was read, and the log has been trimmed past it since, to number "
        + "\(first) (firstChangeNumber)")
  }

  /// A trim that overtook the pass took records that it had not read yet: their numbers are missing now.
  func checkNothingTrimmed(_ position: ChangelogPosition, _ reader: any DirectoryReader) async throws {
    if !position.gaps.isEmpty { try checkGaps(position, try await locator.bounds(reader)) }
  }

  /// An account without rights reads an empty log with success, but the counters show that there are records.
  func checkVisible(since old: ChangelogPosition, _ place: ChangelogPlace, _ log: ChangelogReader) async throws {
    guard let last = place.bounds.last, last > old.last, !place.bounds.isEmpty else { return }
    for attempt in 1... {
      // A number is given before its record can be seen.
      if try await log.any(from: old.last) != nil { return }
      guard attempt < patience.tries else { break }
      try await Task.sleep(for: patience.pause)
    }
    throw WatermarkLost(ChangelogProblem.hidden(upTo: last, in: place.log, dialect))
  }
}
