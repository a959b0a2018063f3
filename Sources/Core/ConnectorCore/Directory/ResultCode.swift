/// The result code of an LDAP operation (RFC 4511 §4.1.9), or libldap's negative code for a failure on our side.
///
/// Codes that this list does not name survive as their number.
public struct ResultCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number on the wire.
  public let rawValue: Int32

  /// Takes any number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The operation succeeded.
  public static let success = ResultCode(rawValue: 0)
  /// The server could not order its own operations.
  public static let operationsError = ResultCode(rawValue: 1)
  /// The server did not understand the request.
  public static let protocolError = ResultCode(rawValue: 2)
  /// The server's time limit was reached.
  public static let timeLimitExceeded = ResultCode(rawValue: 3)
  /// A size limit was reached: the answer is incomplete.
  public static let sizeLimitExceeded = ResultCode(rawValue: 4)
  /// The server asks for a stronger bind or TLS.
  public static let strongerAuthRequired = ResultCode(rawValue: 8)
  /// Another server holds the answer.
  public static let referral = ResultCode(rawValue: 10)
  /// An administrative limit was reached: the answer is incomplete.
  public static let adminLimitExceeded = ResultCode(rawValue: 11)
  /// A critical control is not supported here.
  public static let unavailableCriticalExtension = ResultCode(rawValue: 12)
  /// The operation needs an encrypted connection.
  public static let confidentialityRequired = ResultCode(rawValue: 13)
  /// The attribute does not exist.
  public static let noSuchAttribute = ResultCode(rawValue: 16)
  /// The matching rule does not fit the attribute.
  public static let inappropriateMatching = ResultCode(rawValue: 18)
  /// A value breaks a rule of the server's, such as a password policy (RFC 4511 appendix A.2).
  package static let constraintViolation = ResultCode(rawValue: 19)
  /// There is no such entry, or it may not be seen.
  public static let noSuchObject = ResultCode(rawValue: 32)
  /// The DN has the wrong form.
  public static let invalidDNSyntax = ResultCode(rawValue: 34)
  /// The server wants another kind of authentication.
  public static let inappropriateAuthentication = ResultCode(rawValue: 48)
  /// Bind DN or password is wrong.
  public static let invalidCredentials = ResultCode(rawValue: 49)
  /// The account lacks the right.
  public static let insufficientAccessRights = ResultCode(rawValue: 50)
  /// The server is busy; try again.
  public static let busy = ResultCode(rawValue: 51)
  /// The server is shutting down or offline; try again.
  public static let unavailable = ResultCode(rawValue: 52)
  /// The server refuses.
  public static let unwillingToPerform = ResultCode(rawValue: 53)
  /// A virtual list view was asked for without sorting (draft-ietf-ldapext-ldapv3-vlv-09 §7).
  package static let sortControlMissing = ResultCode(rawValue: 60)
  /// An offset lies outside the list (draft-ietf-ldapext-ldapv3-vlv-09 §7).
  package static let offsetRangeError = ResultCode(rawValue: 61)
  /// A virtual list view failed; its response control says how (draft-ietf-ldapext-ldapv3-vlv-09 §7).
  package static let virtualListViewError = ResultCode(rawValue: 76)
  /// An assertion control does not hold (RFC 4528 §3).
  package static let assertionFailed = ResultCode(rawValue: 122)
  /// Some other error.
  public static let other = ResultCode(rawValue: 80)
  /// The connection is gone (libldap -1).
  public static let serverDown = ResultCode(rawValue: -1)
  /// A message from the server could not be decoded (libldap -4).
  public static let decodingError = ResultCode(rawValue: -4)
  /// No answer within the timeout (libldap -5).
  public static let timeout = ResultCode(rawValue: -5)
  /// The filter is not well-formed (libldap -7).
  public static let filterError = ResultCode(rawValue: -7)
  /// The request was given up on our side before it was sent (libldap -8).
  package static let cancelledHere = ResultCode(rawValue: -8)
  /// The request cannot be sent as it is (libldap -9).
  package static let parameterError = ResultCode(rawValue: -9)
  /// A connection could not be made (libldap -11).
  public static let connectError = ResultCode(rawValue: -11)
  /// An expected control was missing from the answer (libldap -12).
  public static let controlNotFound = ResultCode(rawValue: -12)

  /// True when the same request may succeed later without anybody changing anything.
  public var isRetriable: Bool {
    [.busy, .unavailable, .timeLimitExceeded, .serverDown, .timeout, .connectError].contains(self)
  }

  /// True when a limit of the server, or of the account's there, ended the operation (RFC 4511 §4.1.9, appendix A).
  public var isLimit: Bool { [.sizeLimitExceeded, .timeLimitExceeded, .adminLimitExceeded].contains(self) }

  /// The code's name in RFC 4511 with its number, such as `noSuchObject (32)`.
  public var description: String {
    guard let name = Self.names[rawValue] else { return "result code \(rawValue)" }
    return "\(name) (\(rawValue))"
  }

  private static let names: [Int32: String] = [
    0: "success", 1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
    7: "authMethodNotSupported", 8: "strongerAuthRequired", 10: "referral", 11: "adminLimitExceeded",
    12: "unavailableCriticalExtension", 13: "confidentialityRequired", 16: "noSuchAttribute",
    17: "undefinedAttributeType", 18: "inappropriateMatching", 19: "constraintViolation",
    20: "attributeOrValueExists", 21: "invalidAttributeSyntax", 32: "noSuchObject", 34: "invalidDNSyntax",
    48: "inappropriateAuthentication", 49: "invalidCredentials", 50: "insufficientAccessRights", 51: "busy",
    52: "unavailable", 53: "unwillingToPerform", 54: "loopDetect", 60: "sortControlMissing",
    61: "offsetRangeError", 64: "namingViolation",
    65: "objectClassViolation", 66: "notAllowedOnNonLeaf", 67: "notAllowedOnRDN", 68: "entryAlreadyExists",
    71: "affectsMultipleDSAs", 76: "virtualListViewError", 80: "other", 118: "canceled", 122: "assertionFailed",
    -1: "server down", -4: "decoding error", -5: "timeout", -7: "filter error",
    -8: "cancelled", -9: "parameter error", -11: "connect error",
    -12: "control not found",
  ]
}
