import ConnectorCore

/// How far a numbered log has been read: what a watermark of this module holds.
struct ChangelogPosition: Hashable, WatermarkPosition {
  /// The largest number read; zero at the beginning of an empty log.
  var last: UInt64 = 0
  /// The record of that number; empty where none was read.
  var proof = RecordProof()
  /// Numbers below `last` where nothing was seen yet.
  var gaps = NumberGaps()
}

extension ChangelogPosition {
  static let method = ChangelogMethod.numbers
  static let version = 1

  var summary: String? { last == 0 ? "the beginning of the log" : "changeNumber \(last)" }

  /// Whether the ranges are what only this module writes: ascending, apart, below `last`.
  var isSound: Bool {
    var end: UInt64 = 0
    for gap in gaps.ranges {
      guard gap.from > end, gap.from <= gap.to, gap.to < last else { return false }
      end = gap.to
    }
    return true
  }
}
