import ConnectorCore

/// What a watermark of the method by cookie holds.
struct CookiePosition: Hashable, WatermarkPosition {
  /// The server's own text.
  var cookie = ""
  /// The entry that the newest change of the cookie was made to; proves that the log is still the same.
  var target: String?
}

extension CookiePosition {
  static let method = ChangelogMethod.cookies
  static let version = 1

  var summary: String? { cookie.isEmpty ? "the beginning of the log" : cookie }
  var isSound: Bool { ChangelogCookie(cookie) != nil }

  /// The cookie, read; that of a sound position always can be.
  var parsed: ChangelogCookie { ChangelogCookie(cookie) ?? ChangelogCookie() }
}
