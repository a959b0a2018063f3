#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A position that a strategy keeps in its watermarks, as JSON: whatever it needs to go on from there.
public protocol WatermarkPosition: Codable, Sendable {
  /// The method whose watermarks hold it.
  static var method: DeltaMethod { get }
  /// The version of its form; another one is not read.
  static var version: Int { get }
  /// The position in a few words, for people.
  var summary: String? { get }
  /// Whether it is one that the strategy itself would write; what was garbled on the way may still be JSON.
  var isSound: Bool { get }
}

extension WatermarkPosition {
  /// True: every value of the type is a position.
  public var isSound: Bool { true }

  /// Reads the position out of a watermark.
  /// - Throws: `WatermarkLost` for a watermark of another method or form, and for one that was garbled.
  public init(_ watermark: Watermark) throws {
    guard watermark.method == Self.method else {
      throw WatermarkLost("the watermark was written by the method “\(watermark.method)”, and this is “\(Self.method)”")
    }
    guard watermark.version == Self.version,
      let position = try? JSONDecoder().decode(Self.self, from: Data(watermark.position.utf8)), position.isSound
    else {
      throw WatermarkLost("the watermark's form (version \(watermark.version)) is not one that this adapter reads")
    }
    self = position
  }

  /// The watermark for this position on one server; equal positions give equal watermarks.
  public func watermark(server: String) throws -> Watermark {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Watermark(
      method: Self.method, version: Self.version, server: server,
      position: String(decoding: try encoder.encode(self), as: UTF8.self), summary: summary)
  }
}
