import Foundation

/// Entries that a server holds before its first start, so without a trace in its log.
///
/// They must not contain the suffix entry, `cn=connector` and `cn=limited`: every server brings those.
package enum DirectorySeed: Sendable {
  case none
  case text(String)
  case file(String)

  /// The LDIF.
  func ldif() throws -> String {
    switch self {
    case .none: ""
    case .text(let text): text
    case .file(let path): try String(contentsOfFile: path, encoding: .utf8)
    }
  }
}
