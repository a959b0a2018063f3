import CTransport
package import ConnectorCore

/// Why no session could be opened, up to and including TLS; what comes after is a `DirectoryError`.
package struct ConnectionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The step that failed, and how.
  package enum Cause: Hashable, Sendable {
    /// A setting cannot work, such as an unreadable CA file.
    case badSetting
    case nameNotFound
    case refused
    case timedOut
    case unreachable
    /// The server's certificate was refused: its chain, its dates, its names, or the pin.
    case certificate
    /// No TLS, or none from the minimum version on.
    case tls
    case startTLSRefused(ResultCode)
    /// The server hung up.
    case closed
    /// This machine is out of memory or file descriptors.
    case system
  }

  package let cause: Cause
  /// What happened, where, and what to do.
  package let message: String

  package var description: String { message }

  /// True when the same attempt may succeed later without anybody changing anything.
  package var isRetriable: Bool {
    switch cause {
    case .refused, .timedOut, .unreachable, .closed, .system: true
    case .startTLSRefused(let code): code.isRetriable
    case .badSetting, .nameNotFound, .certificate, .tls: false
    }
  }

  init(_ cause: Cause, _ message: String) {
    self.cause = cause
    self.message = message
  }

  init(_ failure: ct_failure, resultCode: Int32, message: String) {
    let cause: Cause =
      switch failure {
      case CT_BAD_SETTING: .badSetting
      case CT_NAME_NOT_FOUND: .nameNotFound
      case CT_REFUSED: .refused
      case CT_TIMED_OUT: .timedOut
      case CT_UNREACHABLE: .unreachable
      case CT_CERTIFICATE: .certificate
      case CT_TLS_FAILED: .tls
      case CT_STARTTLS_REFUSED: .startTLSRefused(ResultCode(rawValue: resultCode))
      case CT_CLOSED: .closed
      default: .system
      }
    self.init(cause, message)
  }
}
