/// What went wrong in the directory or on the way to it, told so that an operator can act.
public struct DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The server's result code, or libldap's negative one.
  public var code: ResultCode
  /// What was being done, such as `search of dc=example,dc=com`.
  public var operation: String
  /// The nearest entry that exists, where the server named it (RFC 4511 §4.1.9).
  public var matchedDN: String
  /// The server's diagnostic message, or our own explanation; never holds a secret of ours.
  public var message: String
  /// Where the server pointed to instead (RFC 4511 §4.1.10).
  public var referrals: [String]

  /// Joins the facts of one failure.
  public init(
    _ code: ResultCode, operation: String, matchedDN: String = "", message: String = "", referrals: [String] = []
  ) {
    self.code = code
    self.operation = operation
    self.matchedDN = matchedDN
    self.message = message
    self.referrals = referrals
  }

  /// True when the same request may succeed later without anybody changing anything.
  public var isRetriable: Bool { code.isRetriable }

  /// The same error with what to do about it behind the message.
  public func adding(_ remedy: String) -> DirectoryError {
    var error = self
    error.message += (message.isEmpty ? "" : ". ") + remedy
    return error
  }

  /// One line: what was done, the code by name, and what the server said.
  public var description: String {
    var text = "\(operation): \(code)"
    if !message.isEmpty { text += ": \(message)" }
    if !matchedDN.isEmpty { text += " (nearest entry: \(matchedDN))" }
    if !referrals.isEmpty { text += " (see: \(referrals.joined(separator: ", ")))" }
    return text
  }
}
