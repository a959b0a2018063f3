import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds changes in a numbered log (draft-good-ldap-changelog-04), in the dialect of a product.
///
/// The watermark is the largest number read, with what proves that it is still that record, and the numbers below it
/// where nothing was seen: they are asked for again until they show, or long enough, because a number is given before
/// its record can be seen.
struct ChangelogDelta: DeltaStrategy {
  let settings: DeltaSettings
  let dialect: ChangelogDialect
  /// How often, and how long apart, a log that lags behind its counters is looked at again.
  var patience: (tries: Int, pause: Duration) = (5, .milliseconds(200))
  /// Seconds since 1970.
  var clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

  var method: DeltaMethod { ChangelogMethod.numbers }
  var locator: ChangelogLocator { ChangelogLocator(settings: settings, dialect: dialect) }

  /// Takes the newest record that is visible, and the holes within reach below it: changes under way have numbers there.
  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    let place = try await locator.locate(partition, reader)
    let log = log(place.log, reader)
    guard let newest = try await newest(place, log) else {
      return try ChangelogPosition(last: place.bounds.last ?? 0).watermark(server: place.server)
    }
    var pass = ChangelogPass(from: ChangelogPosition(), partition: partition, now: clock(), startsAnywhere: true)
    var stretch: ClosedRange? = (newest > Self.reach ? newest - Self.reach : 0)...newest
    while let now = stretch {
      try await log.read(now) { _ = try pass.take($0) }
      stretch = try await following(now, pass.position.last, log)
    }
    guard pass.sawRecord else { throw ChangelogProblem.trimmedMeanwhile(place.log) }
    return try pass.position.watermark(server: place.server)
  }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    let old = try ChangelogPosition(watermark)
    let place = try await place(of: watermark, partition, reader)
    let log = log(place.log, reader)
    var pass = ChangelogPass(from: old, partition: partition, now: clock())
    for gap in old.gaps.ranges {
      try await log.read(gap.from...gap.to) { records in
        try await sink(HintBatch(hints: try pass.take(records), checkpoint: try pass.watermark(place.server)))
      }
    }
    pass.forgetGaps(olderThan: Int64(settings.overlapSeconds))
    var stretch: ClosedRange? = Self.stretch(from: old.last, log.width)
    var isVerified = false
    while let now = stretch {
      try await log.read(now) { records in
        if !isVerified { try await verify(old, records.first { $0.number == old.last }, place, reader) }
        isVerified = true
        try await sink(HintBatch(hints: try pass.take(records), checkpoint: try pass.watermark(place.server)))
      }
      stretch = try await following(now, pass.position.last, log)
    }
    if !pass.sawRecord { try await checkVisible(since: old, place, log) }
    try await checkNothingTrimmed(pass.position, reader)
    try await sink(HintBatch(hints: [], checkpoint: try pass.watermark(place.server)))
  }

  /// How far below the newest record a first watermark looks for changes under way.
  private static let reach: UInt64 = 1000

  func log(_ dn: String, _ reader: any DirectoryReader) -> ChangelogReader {
    ChangelogReader(log: dn, dialect: dialect, settings: settings, reader: reader)
  }

  /// The largest number that is seen; nil where the log is empty by the server's own word, or where nothing tells.
  /// - Throws: `DirectoryError` where the server counts records that this account does not see.
  private func newest(_ place: ChangelogPlace, _ log: ChangelogReader) async throws -> UInt64? {
    for attempt in 1... {
      if let newest = try await log.newest(guess: place.bounds.last) { return newest }
      guard let last = place.bounds.last, !place.bounds.isEmpty else { return nil }
      guard attempt < patience.tries else {
        throw DirectoryError(
          .insufficientAccessRights, operation: "search of \(place.log)",
          message: ChangelogProblem.hidden(upTo: last, in: place.log, dialect))
      }
      try await Task.sleep(for: patience.pause)
    }
    return nil
  }

  private static func stretch(from number: UInt64, _ width: UInt64) -> ClosedRange<UInt64> {
    let (end, overflows) = number.addingReportingOverflow(width - 1)
    return number...(overflows ? .max : end)
  }

  /// The stretch above one that was read, wide enough to hold a record; nil where there is none.
  private func following(
    _ stretch: ClosedRange<UInt64>, _ last: UInt64, _ log: ChangelogReader
  ) async throws -> ClosedRange<UInt64>? {
    guard stretch.upperBound < .max else { return nil }
    let next = Self.stretch(from: stretch.upperBound + 1, log.width)
    if last == stretch.upperBound { return next }
    return try await log.any(from: next.lowerBound).map { next.lowerBound...max(next.upperBound, $0) }
  }
}
