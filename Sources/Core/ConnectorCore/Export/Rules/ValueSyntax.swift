/// A syntax of values that the connector can check (RFC 4517 §3.3, RFC 4530 §2.1).
///
/// Where servers accept more than the RFC, so does this; what it does not know, it does not judge.
enum ValueSyntax: String, CaseIterable {
  case bitString = "1.3.6.1.4.1.1466.115.121.1.6"
  case boolean = "1.3.6.1.4.1.1466.115.121.1.7"
  case countryString = "1.3.6.1.4.1.1466.115.121.1.11"
  case distinguishedName = "1.3.6.1.4.1.1466.115.121.1.12"
  case directoryString = "1.3.6.1.4.1.1466.115.121.1.15"
  case generalizedTime = "1.3.6.1.4.1.1466.115.121.1.24"
  case ia5String = "1.3.6.1.4.1.1466.115.121.1.26"
  case integer = "1.3.6.1.4.1.1466.115.121.1.27"
  case nameAndOptionalUID = "1.3.6.1.4.1.1466.115.121.1.34"
  case numericString = "1.3.6.1.4.1.1466.115.121.1.36"
  case oid = "1.3.6.1.4.1.1466.115.121.1.38"
  case postalAddress = "1.3.6.1.4.1.1466.115.121.1.41"
  case printableString = "1.3.6.1.4.1.1466.115.121.1.44"
  case telephoneNumber = "1.3.6.1.4.1.1466.115.121.1.50"
  case uuid = "1.3.6.1.1.16.1"

  init?(oid: String) { self.init(rawValue: oid) }

  /// The syntax's name within a sentence.
  var name: String {
    switch self {
    case .bitString: "bit string"
    case .boolean: "boolean"
    case .countryString: "country code"
    case .distinguishedName: "DN"
    case .directoryString: "text in UTF-8 with at least one character"
    case .generalizedTime: "time"
    case .ia5String: "text in ASCII"
    case .integer: "integer"
    case .nameAndOptionalUID: "DN with an optional bit string"
    case .numericString: "string of digits"
    case .oid: "name or OID"
    case .postalAddress: "postal address"
    case .printableString: "printable string"
    case .telephoneNumber: "telephone number"
    case .uuid: "UUID"
    }
  }

  /// What to write.
  var form: String {
    switch self {
    case .bitString: "binary digits as in '0101'B"
    case .boolean: "TRUE or FALSE, in capitals"
    case .countryString: "two letters, such as DE"
    case .distinguishedName: "a DN, such as cn=Ann,dc=example,dc=com"
    case .directoryString: "at least one character, or remove the attribute"
    case .generalizedTime: "a time as 20261231235959Z"
    case .ia5String: "letters without accents or umlauts"
    case .integer: "digits without leading zeros, with “-” in front where it is negative"
    case .nameAndOptionalUID: "a DN, and “#” with binary digits behind it where there is a UID"
    case .numericString: "digits and spaces"
    case .oid: "a name such as inetOrgPerson, or an OID such as 2.5.6.6"
    case .postalAddress: "text in UTF-8, lines parted by “$”"
    case .printableString: "letters without accents, digits, spaces and ' ( ) + , - . = / : ?"
    case .telephoneNumber: "digits, spaces and ' ( ) + , - . = / : ?, such as +49 30 1234"
    case .uuid: "a UUID such as 597ae2f6-16a6-1027-98f4-d28b5365dc14"
    }
  }

  func accepts(_ value: [UInt8]) -> Bool {
    switch self {
    case .bitString: Self.isBitString(value[...])
    case .boolean: value == Array("TRUE".utf8) || value == Array("FALSE".utf8)
    case .countryString: value.count == 2 && Self.isPrintable(value)
    case .distinguishedName: Self.isName(value)
    case .directoryString: !value.isEmpty && String(validating: value, as: UTF8.self) != nil
    case .postalAddress: String(validating: value, as: UTF8.self) != nil
    case .generalizedTime: GeneralizedTime(String(decoding: value, as: UTF8.self)) != nil
    case .ia5String: value.allSatisfy { $0 < 0x80 }
    case .integer: Self.isInteger(value)
    case .nameAndOptionalUID: Self.isNameAndOptionalUID(value)
    case .numericString: !value.isEmpty && value.allSatisfy { $0 == 0x20 || Self.isDigit($0) }
    case .oid: Self.isOID(value)
    case .printableString, .telephoneNumber: Self.isPrintable(value)
    case .uuid: Self.isUUID(value)
    }
  }
}

extension ValueSyntax {
  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

  private static func isBitString(_ value: ArraySlice<UInt8>) -> Bool {
    value.count >= 3 && value.first == 0x27 && value.suffix(2).elementsEqual([0x27, 0x42])
      && value.dropFirst().dropLast(2).allSatisfy { $0 == 0x30 || $0 == 0x31 }
  }

  private static func isInteger(_ value: [UInt8]) -> Bool {
    let digits = value.first == 0x2D ? value.dropFirst() : value[...]
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return false }
    return digits.first != 0x30 || value == [0x30]
  }

  /// A DN; or the form in angle brackets by which some servers let an entry be named by its ID.
  private static func isName(_ value: [UInt8]) -> Bool {
    if value.first == 0x3C { return value.contains(0x3E) && value.contains(0x3D) }
    guard String(validating: value, as: UTF8.self) != nil else { return false }
    return value.withUnsafeBufferPointer { (try? DNParser.parse($0)) != nil }
  }

  private static func isNameAndOptionalUID(_ value: [UInt8]) -> Bool {
    if isName(value) { return true }
    guard let hash = value.lastIndex(of: 0x23), isBitString(value[(hash + 1)...]) else { return false }
    return isName(Array(value[..<hash]))
  }

  /// A short name, or numbers with dots between them (RFC 4512 §1.4).
  private static func isOID(_ value: [UInt8]) -> Bool {
    guard let first = value.first else { return false }
    if isLetter(first) { return value.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D || $0 == 0x5F } }
    let arcs = value.split(separator: 0x2E, omittingEmptySubsequences: false)
    return arcs.count >= 2 && arcs.allSatisfy { isInteger(Array($0)) && $0.first != 0x2D }
  }

  private static func isPrintable(_ value: [UInt8]) -> Bool {
    let marks: Set<UInt8> = [0x27, 0x28, 0x29, 0x2B, 0x2C, 0x2D, 0x2E, 0x3D, 0x2F, 0x3A, 0x3F, 0x20]
    return !value.isEmpty && value.allSatisfy { isLetter($0) || isDigit($0) || marks.contains($0) }
  }

  private static func isUUID(_ value: [UInt8]) -> Bool {
    let parts = value.split(separator: 0x2D, omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12]
      && parts.allSatisfy { $0.allSatisfy { DNText.hexValue($0) != nil } }
  }
}
