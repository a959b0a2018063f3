/// Reads the text of a DN (RFC 4514 §3; RFC 2253 §4 and RFC 1779 for what older servers write).
///
/// Reading is more liberal than RFC 4514 where nothing becomes ambiguous: `<`, `>` and, inside a value, `"` may
/// stand unescaped.
struct DNParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  static func parse(_ text: String) throws(DNError) -> [[RDN.Assertion]] {
    try text.utf8.span.withUnsafeBufferPointer { (bytes) throws(DNError) in try parse(bytes) }
  }

  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(DNError) -> [[RDN.Assertion]] {
    var parser = DNParser(bytes)
    return try parser.distinguishedName()
  }

  private mutating func distinguishedName() throws(DNError) -> [[RDN.Assertion]] {
    skipSpaces()
    guard position < bytes.count else { return [] }
    var rdns = [try relativeName()]
    while let separator = peek {
      guard separator == 0x2C || separator == 0x3B else { throw unexpected("“,” and the next RDN, or the end") }
      position += 1
      rdns.append(try relativeName())
    }
    return rdns
  }

  private mutating func relativeName() throws(DNError) -> [RDN.Assertion] {
    var assertions = [try assertion()]
    while peek == 0x2B {
      position += 1
      assertions.append(try assertion())
    }
    return assertions
  }

  private mutating func assertion() throws(DNError) -> RDN.Assertion {
    skipSpaces()
    let type = try attributeType()
    skipSpaces()
    guard peek == 0x3D else { throw unexpected("“=” after the attribute type") }
    position += 1
    skipSpaces()
    switch peek {
    case 0x23: return try hexValue(of: type)
    case DNText.quote: return RDN.Assertion(type: type, value: try quotedValue())
    default: return RDN.Assertion(type: type, value: try plainValue())
    }
  }

  private mutating func attributeType() throws(DNError) -> String {
    let start = position
    while let byte = peek, isTypeByte(byte) { position += 1 }
    guard position > start else { throw unexpected("an attribute type, such as cn or 2.5.4.3") }
    let type = String(decoding: bytes[start..<position], as: UTF8.self)
    let hasPrefix = type.utf8.count > 4 && type.prefix(4).lowercased() == "oid."
    return hasPrefix ? String(type.dropFirst(4)) : type
  }

  /// Letters, digits, `-` and `.` (RFC 4512 §1.4), and the `_` that some servers allow themselves.
  private func isTypeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  private mutating func plainValue() throws(DNError) -> [UInt8] {
    var value: [UInt8] = []
    var significant = 0
    while let byte = peek, byte != 0x2C, byte != 0x2B, byte != 0x3B {
      value.append(byte == DNText.backslash ? try escapedByte() : byte)
      position += 1
      if byte != 0x20 { significant = value.count }
    }
    value.removeLast(value.count - significant)
    return value
  }

  private mutating func quotedValue() throws(DNError) -> [UInt8] {
    var value: [UInt8] = []
    position += 1
    while let byte = peek, byte != DNText.quote {
      value.append(byte == DNText.backslash ? try escapedByte() : byte)
      position += 1
    }
    guard peek != nil else { throw unexpected("the closing quotation mark of the value") }
    position += 1
    skipSpaces()
    return value
  }

  /// Reads what follows a backslash and stops on its last byte.
  private mutating func escapedByte() throws(DNError) -> UInt8 {
    position += 1
    guard let byte = peek else { throw unexpected("the character that the backslash escapes") }
    if let high = DNText.hexValue(byte) {
      position += 1
      guard let low = peek.flatMap(DNText.hexValue) else { throw unexpected("a second hexadecimal digit") }
      return high << 4 | low
    }
    guard DNText.isSpecial(byte) || byte == 0x20 || byte == 0x23 || byte == 0x3D else {
      throw unexpected("one of \" # + , ; < = > \\, a space or two hexadecimal digits after the backslash")
    }
    return byte
  }

  private mutating func hexValue(of type: String) throws(DNError) -> RDN.Assertion {
    position += 1
    var value: [UInt8] = []
    while let high = peek.flatMap(DNText.hexValue) {
      position += 1
      guard let low = peek.flatMap(DNText.hexValue) else { throw unexpected("a second hexadecimal digit") }
      position += 1
      value.append(high << 4 | low)
    }
    guard !value.isEmpty else { throw unexpected("hexadecimal digits after “#” (a plain “#” is written “\\#”)") }
    skipSpaces()
    guard let text = Self.stringContent(ofBER: value) else {
      return RDN.Assertion(type: type, value: value, isBER: true)
    }
    return RDN.Assertion(type: type, value: text)
  }

  /// The content of a primitive OCTET STRING, UTF8String, PrintableString or IA5String; nil for anything else.
  private static func stringContent(ofBER element: [UInt8]) -> [UInt8]? {
    guard let tag = element.first, [0x04, 0x0C, 0x13, 0x16].contains(tag), element.count >= 2 else { return nil }
    let form = Int(element[1])
    guard form >= 0x80 else { return element.count == 2 + form ? Array(element[2...]) : nil }
    let lengthBytes = element.dropFirst(2).prefix(form - 0x80)
    guard (1...4).contains(form - 0x80), lengthBytes.count == form - 0x80 else { return nil }
    let length = lengthBytes.reduce(0) { $0 << 8 | Int($1) }
    let content = element.dropFirst(2 + lengthBytes.count)
    return content.count == length ? Array(content) : nil
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpaces() {
    while peek == 0x20 { position += 1 }
  }

  private func unexpected(_ expected: String) -> DNError {
    let found = peek.map { $0 > 0x20 && $0 < 0x7F ? "“\(Character(Unicode.Scalar($0)))”" : "byte \($0)" }
    return DNError(
      text: String(decoding: bytes, as: UTF8.self), position: position, expected: expected, found: found ?? "the end")
  }
}
