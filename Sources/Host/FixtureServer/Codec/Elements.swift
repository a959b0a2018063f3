import SwiftASN1

extension ASN1Identifier {
  /// `[APPLICATION n]`, the tag of an operation.
  static func application(_ number: UInt) -> ASN1Identifier {
    ASN1Identifier(tagWithNumber: number, tagClass: .application)
  }

  /// `[n]`, the tag of a choice or of an optional part.
  static func context(_ number: UInt) -> ASN1Identifier {
    ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
  }
}

/// The ASN.1 forms of RFC 4511 that SwiftASN1 has no name for; the tags of LDAP are all implicit.
extension ASN1NodeCollection.Iterator {
  mutating func required(_ what: String) throws -> ASN1Node {
    guard let node = next() else { throw MalformedMessage("\(what) is missing") }
    return node
  }

  /// The next part, if it has this tag; else nothing is taken.
  mutating func optional(_ identifier: ASN1Identifier) -> ASN1Node? {
    var ahead = self
    guard let node = ahead.next(), node.identifier == identifier else { return nil }
    self = ahead
    return node
  }

  mutating func octets(_ what: String) throws -> [UInt8] {
    try required(what).octets(.octetString)
  }

  mutating func text(_ what: String) throws -> String {
    try required(what).text(.octetString, what)
  }

  mutating func integer(_ what: String, _ identifier: ASN1Identifier = .integer) throws -> Int {
    try required(what).integer(identifier)
  }

  mutating func boolean(_ what: String) throws -> Bool {
    try Bool(berEncoded: try required(what))
  }
}

extension ASN1Node {
  func octets(_ identifier: ASN1Identifier) throws -> [UInt8] {
    Array(try ASN1OctetString(berEncoded: self, withIdentifier: identifier).bytes)
  }

  /// An LDAPString: UTF-8 (RFC 4511 §4.1.2).
  func text(_ identifier: ASN1Identifier, _ what: String) throws -> String {
    guard let text = String(validating: try octets(identifier), as: UTF8.self) else {
      throw MalformedMessage("\(what) is not UTF-8")
    }
    return text
  }

  /// An INTEGER or ENUMERATED; none of LDAP's is larger than `maxInt` (RFC 4511 §4.1.1).
  func integer(_ identifier: ASN1Identifier) throws -> Int {
    Int(try Int32(berEncoded: self, withIdentifier: identifier))
  }

  /// The parts of a SEQUENCE OF or SET OF.
  func parts<Part>(_ identifier: ASN1Identifier, _ read: (ASN1Node) throws -> Part) throws -> [Part] {
    guard self.identifier == identifier, case .constructed(let nodes) = content else {
      throw MalformedMessage("expected \(identifier), found \(self.identifier)")
    }
    return try nodes.map(read)
  }
}

/// Writing is in DER, which is BER that every client must read (RFC 4511 §5.1).
extension DER.Serializer {
  mutating func octets(_ bytes: [UInt8], _ identifier: ASN1Identifier = .octetString) {
    appendPrimitiveNode(identifier: identifier) { $0.append(contentsOf: bytes) }
  }

  mutating func text(_ text: String, _ identifier: ASN1Identifier = .octetString) {
    octets(Array(text.utf8), identifier)
  }

  mutating func integer(_ value: Int, _ identifier: ASN1Identifier = .integer) {
    var bytes = withUnsafeBytes(of: Int64(value).bigEndian) { Array($0) }[...]
    while let first = bytes.first, let second = bytes.dropFirst().first,
      (first == 0 && second < 0x80) || (first == 0xFF && second >= 0x80)
    {
      bytes = bytes.dropFirst()
    }
    octets(Array(bytes), identifier)
  }

  mutating func boolean(_ value: Bool) {
    octets([value ? 0xFF : 0], .boolean)
  }

  /// One value by itself, such as the value of a control.
  static func bytes(_ write: (inout DER.Serializer) -> Void) -> [UInt8] {
    var serializer = DER.Serializer()
    write(&serializer)
    return serializer.serializedBytes
  }
}
