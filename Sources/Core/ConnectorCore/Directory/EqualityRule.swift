/// How values of an attribute are compared, as far as normalising needs to know (RFC 4517 §4.2).
package enum EqualityRule: Hashable, Sendable {
  /// caseIgnoreMatch and its kin.
  case ignoreCase
  /// caseExactMatch and its kin.
  case exactCase
  /// Byte for byte.
  case octets
  /// integerMatch.
  case integer
  /// distinguishedNameMatch.
  case distinguishedName
  /// numericStringMatch: spaces do not count.
  case numericString
  /// telephoneNumberMatch: neither spaces nor hyphens nor case count.
  case telephoneNumber
  /// generalizedTimeMatch.
  case time

  /// The rule that a schema names by name or OID; nil for an unknown one.
  package init?(_ nameOrOID: String) {
    switch nameOrOID.lowercased() {
    case "2.5.13.5", "1.3.6.1.4.1.1466.109.114.1": self = .exactCase
    case "2.5.13.2", "1.3.6.1.4.1.1466.109.114.2": self = .ignoreCase
    case "octetstringmatch", "2.5.13.17", "bitstringmatch", "2.5.13.16": self = .octets
    case "integermatch", "2.5.13.14": self = .integer
    case "distinguishednamematch", "2.5.13.1": self = .distinguishedName
    case "numericstringmatch", "2.5.13.8": self = .numericString
    case "telephonenumbermatch", "2.5.13.20": self = .telephoneNumber
    case "generalizedtimematch", "2.5.13.27": self = .time
    case let name where name.hasPrefix("caseignore"): self = .ignoreCase
    case let name where name.hasPrefix("caseexact"): self = .exactCase
    default: return nil
    }
  }

  /// The rule that the syntax implies where the schema names no equality rule; nil where it implies none.
  package init?(syntax: String) {
    let rfc4517 = "1.3.6.1.4.1.1466.115.121.1."
    guard syntax.hasPrefix(rfc4517) else { return nil }
    switch syntax.dropFirst(rfc4517.count) {
    case "12": self = .distinguishedName
    case "24": self = .time
    case "27": self = .integer
    case "36": self = .numericString
    case "40", "5", "6", "8", "28": self = .octets
    default: return nil
    }
  }

  /// The form of a value that is equal, byte for byte, where the values are equal by this rule.
  package func prepare(_ value: [UInt8]) -> [UInt8] {
    switch self {
    case .octets: value
    case .exactCase: StringPreparation.prepare(value, foldsCase: false)
    case .ignoreCase, .distinguishedName: StringPreparation.prepare(value, foldsCase: true)
    case .integer: Self.integer(value) ?? StringPreparation.prepare(value, foldsCase: true)
    case .numericString: value.filter { $0 != 0x20 }
    case .telephoneNumber:
      StringPreparation.prepare(value.filter { $0 != 0x20 && $0 != 0x2D }, foldsCase: true)
    case .time: Self.time(value) ?? StringPreparation.prepare(value, foldsCase: true)
    }
  }

  /// The number without leading zeros; nil where it is none.
  private static func integer(_ value: [UInt8]) -> [UInt8]? {
    let text = value.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
    let isNegative = text.first == 0x2D
    let digits = text.dropFirst(isNegative ? 1 : 0)
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    let significant = digits.drop { $0 == 0x30 }
    guard !significant.isEmpty else { return [0x30] }
    return (isNegative ? [0x2D] : []) + significant
  }

  private static func time(_ value: [UInt8]) -> [UInt8]? {
    GeneralizedTime(String(decoding: value, as: UTF8.self)).map { Array($0.description.utf8) }
  }
}

extension AttributeType {
  /// The rule that its definition names, or else that its syntax implies; nil for one that is not known here.
  package var equalityRule: EqualityRule? {
    equality.flatMap { EqualityRule($0) } ?? syntax.flatMap { EqualityRule(syntax: $0) }
  }
}
