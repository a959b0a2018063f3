import ConnectorCore
import ConnectorLDAP

/// What to do about each way in which a connection fails, in the words of our settings.
enum ConnectionRemedy {
  static let noTLS = "set `server.transport` to `startTLS` or `ldaps`, unless the way to the server is trusted"
  private static let ports =
    "check that `server.port` and `server.transport` belong together: `ldaps` is usually 636, `startTLS` 389"
  static let rootDSE =
    "let this account read the root DSE (base “”, scope base); every LDAP v3 server lets even anonymous users by default"

  /// What to do about a failure of TLS.
  static func tls(_ cause: ConnectionError.Cause) -> String? {
    switch cause {
    case .closed, .tls: ports
    default: text(for: cause)
    }
  }

  /// What to do about a failure before the bind; the error itself says what happened.
  static func text(for cause: ConnectionError.Cause) -> String? {
    switch cause {
    case .nameNotFound: "check the spelling of `server.host`, and that this machine's resolver knows the name"
    case .refused: "check `server.port`, and that the server runs and listens on that address"
    case .timedOut:
      "check for a firewall on the way, and `server.transport`; raise `server.connectionTimeout` if it is far"
    case .unreachable: "check the address, and this machine's network and routes"
    case .certificate:
      "name the certificate of the CA in `server.caFile`, and the server in `server.host` as the certificate does"
    case .tls: ports
    case .startTLSRefused: "switch TLS on in the server, or set `server.transport` to `ldaps` with its port"
    case .closed: "look into the server's log; it may take connections from certain addresses, or with TLS, alone"
    case .badSetting, .system: nil
    }
  }

  /// What to do about a bind that the server refused.
  static func bind(_ code: ResultCode) -> String? {
    switch code {
    case .invalidCredentials: "check `bind.dn` and the password; some servers answer the same for locked accounts"
    case .confidentialityRequired, .strongerAuthRequired:
      "the server wants TLS: set `server.transport` to `startTLS` or `ldaps`"
    case .inappropriateAuthentication:
      "the server refuses this kind of bind: set `bind.method` to `simple`, with an account"
    case .invalidDNSyntax, .noSuchObject: "check `bind.dn`: the server knows no such account"
    case .unwillingToPerform: "the server refuses for now; its message, or its log, says why"
    case .timeout: "the server accepts connections but does not answer; check whether it is overloaded"
    default: nil
    }
  }
}
