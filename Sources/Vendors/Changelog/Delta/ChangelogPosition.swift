import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How far a numbered log has been read: what a watermark of this module holds.
struct ChangelogPosition: Hashable, Sendable, Codable {
  /// The largest number read; zero at the beginning of an empty log.
  var last: UInt64 = 0
  /// The record of that number; empty where none was read.
  var proof = RecordProof()
  /// Numbers below `last` where nothing was seen yet.
  var gaps = NumberGaps()
}

extension ChangelogPosition {
  static let version = 1

  /// Reads the position out of a watermark.
  /// - Throws: `WatermarkLost` for a watermark of another method or form.
  init(_ watermark: Watermark) throws {
    guard watermark.method == ChangelogMethod.numbers else {
      throw WatermarkLost("the watermark was written by the method “\(watermark.method)”, not by the change log")
    }
    guard watermark.version == Self.version,
      let position = try? JSONDecoder().decode(Self.self, from: Data(watermark.position.utf8)), position.isSound
    else {
      throw WatermarkLost("the watermark's form (version \(watermark.version)) is not one that this adapter reads")
    }
    self = position
  }

  /// The watermark for this position on one server.
  func watermark(server: String) throws -> Watermark {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    return Watermark(
      method: ChangelogMethod.numbers, version: Self.version, server: server, position: text,
      summary: last == 0 ? "the beginning of the log" : "changeNumber \(last)")
  }

  /// Whether the ranges are what only this module writes: ascending, apart, below `last`.
  private var isSound: Bool {
    var end: UInt64 = 0
    for gap in gaps.ranges {
      guard gap.from > end, gap.from <= gap.to, gap.to < last else { return false }
      end = gap.to
    }
    return true
  }
}
