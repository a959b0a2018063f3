import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a watermark of the method by cookie holds.
struct CookiePosition: Hashable, Sendable, Codable {
  /// The server's own text.
  var cookie = ""
  /// The entry that the newest change of the cookie was made to; proves that the log is still the same.
  var target: String?
}

extension CookiePosition {
  static let version = 1

  /// Reads position and cookie out of a watermark.
  /// - Throws: `WatermarkLost` for a watermark of another method or form.
  static func read(_ watermark: Watermark) throws -> (CookiePosition, ChangelogCookie) {
    guard watermark.method == ChangelogMethod.cookies else {
      throw WatermarkLost("the watermark was written by the method “\(watermark.method)”, not by the log's cookies")
    }
    guard watermark.version == version,
      let position = try? JSONDecoder().decode(Self.self, from: Data(watermark.position.utf8)),
      let cookie = ChangelogCookie(position.cookie)
    else {
      throw WatermarkLost("the watermark's form (version \(watermark.version)) is not one that this adapter reads")
    }
    return (position, cookie)
  }

  /// The watermark for this position in one topology.
  func watermark(server: String) throws -> Watermark {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Watermark(
      method: ChangelogMethod.cookies, version: Self.version, server: server,
      position: String(decoding: try encoder.encode(self), as: UTF8.self),
      summary: cookie.isEmpty ? "the beginning of the log" : cookie)
  }
}
