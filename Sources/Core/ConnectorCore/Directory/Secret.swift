/// A password, kept so that no print, log or dump shows it.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  /// Takes the password's bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Takes the password as text, sent as UTF-8 (RFC 4513 §5.1.3).
  package init(_ text: String) { bytes = Array(text.utf8) }

  package var isEmpty: Bool { bytes.isEmpty }

  /// Lends the bytes to the one place that sends them.
  package func withBytes<R>(_ body: ([UInt8]) throws -> R) rethrows -> R { try body(bytes) }

  /// Replaces the password where a text repeats it.
  package func hide(in text: String) -> String {
    let secret = String(decoding: bytes, as: UTF8.self)
    guard !secret.isEmpty, text.contains(secret) else { return text }
    return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: description)
  }

  package var description: String { "(secret)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
