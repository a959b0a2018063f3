/// Reads the text of a search filter (RFC 4515 §3).
struct FilterParser {
  /// Deeper filters are refused: reading and writing one costs stack for every level.
  private static let maximumDepth = 100

  private let text: String
  private let bytes: [UInt8]
  private var position = 0

  private init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  static func parse(_ text: String) throws(FilterError) -> Filter {
    var parser = FilterParser(text)
    parser.skipSpace()
    let filter = try parser.filter(depth: 0)
    parser.skipSpace()
    guard parser.peek == nil else { throw parser.expected("the end of the filter") }
    return filter
  }

  private mutating func filter(depth: Int) throws(FilterError) -> Filter {
    guard depth < Self.maximumDepth else { throw expected("at most \(Self.maximumDepth) levels of parentheses") }
    try take(0x28, "“(”")
    skipSpace()
    let result: Filter
    switch peek {
    case 0x26:
      position += 1
      result = .and(try list(depth: depth))
    case 0x7C:
      position += 1
      result = .or(try list(depth: depth))
    case 0x21:
      position += 1
      skipSpace()
      result = .not(try filter(depth: depth + 1))
      skipSpace()
    default: result = try item()
    }
    try take(0x29, "“)”")
    return result
  }

  private mutating func list(depth: Int) throws(FilterError) -> [Filter] {
    var filters: [Filter] = []
    skipSpace()
    while peek == 0x28 {
      filters.append(try filter(depth: depth + 1))
      skipSpace()
    }
    return filters
  }

  private mutating func item() throws(FilterError) -> Filter {
    let attribute = AttributeDescription(try name())
    if peek == 0x3A { return try extensible(attribute) }
    guard !attribute.string.isEmpty else { throw expected("an attribute type, “&”, “|” or “!”") }
    switch peek {
    case 0x3D:
      position += 1
      return try equality(attribute)
    case 0x3E:
      try takeOperator()
      return .greaterOrEqual(attribute, try value())
    case 0x3C:
      try takeOperator()
      return .lessOrEqual(attribute, try value())
    case 0x7E:
      try takeOperator()
      return .approximate(attribute, try value())
    default: throw expected("“=”, “>=”, “<=”, “~=” or “:=” after the attribute type")
    }
  }

  /// Takes the first byte of `>=`, `<=` or `~=` and the equals sign.
  private mutating func takeOperator() throws(FilterError) {
    position += 1
    try take(0x3D, "“=”")
  }

  /// Equality, presence and substrings, which differ only by their asterisks.
  private mutating func equality(_ attribute: AttributeDescription) throws(FilterError) -> Filter {
    var parts = [try value()]
    while peek == 0x2A {
      position += 1
      parts.append(try value())
    }
    guard parts.count > 1 else { return .equal(attribute, parts[0]) }
    let initial = parts.removeFirst()
    let final = parts.removeLast()
    let any = parts.filter { !$0.isEmpty }
    if initial.isEmpty, any.isEmpty, final.isEmpty { return .present(attribute) }
    return .substrings(
      attribute, initial: initial.isEmpty ? nil : initial, any: any, final: final.isEmpty ? nil : final)
  }

  /// `type[:dn][:rule]:=value` or `[:dn]:rule:=value`.
  private mutating func extensible(_ attribute: AttributeDescription) throws(FilterError) -> Filter {
    var rule: String?
    var dnAttributes = false
    let type = attribute.string.isEmpty ? nil : attribute
    while peek == 0x3A {
      position += 1
      if peek == 0x3D {
        guard type != nil || rule != nil else { throw expected("an attribute type or a matching rule before “:=”") }
        position += 1
        return .extensible(type: type, rule: rule, dnAttributes: dnAttributes, value: try value())
      }
      let part = try name()
      guard !part.isEmpty, !part.contains(";"), rule == nil else { throw expected("“:=” and the value") }
      if part.lowercased() == "dn", !dnAttributes { dnAttributes = true } else { rule = part }
    }
    throw expected("“:=” and the value")
  }

  /// An attribute description or an OID: letters, digits, `-`, `.`, `;` and the `_` that some servers allow themselves
  /// (RFC 4512 §1.4 and §2.5); may be empty.
  private mutating func name() throws(FilterError) -> String {
    let start = position
    loop: while let byte = peek {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3B, 0x5F: position += 1
      default: break loop
      }
    }
    guard start == position || Self.isAttributeType(bytes[start..<position].prefix { $0 != 0x3B }) else {
      position = start
      throw expected("an attribute type, such as cn or 2.5.4.3")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Whether a run of name bytes starts with a letter, or is all digits and dots and starts with a digit.
  private static func isAttributeType(_ type: ArraySlice<UInt8>) -> Bool {
    guard let first = type.first, first != 0x2D, first != 0x2E, first != 0x5F else { return false }
    return first > 0x39 || type.allSatisfy { $0 <= 0x39 && $0 != 0x2D }
  }

  private mutating func value() throws(FilterError) -> [UInt8] {
    var value: [UInt8] = []
    while let byte = peek, byte != 0x28, byte != 0x29, byte != 0x2A {
      position += 1
      guard byte == DNText.backslash else {
        value.append(byte)
        continue
      }
      let high = try hexDigit()
      value.append(high << 4 | (try hexDigit()))
    }
    return value
  }

  private mutating func hexDigit() throws(FilterError) -> UInt8 {
    guard let digit = peek.flatMap(DNText.hexValue) else {
      throw expected("two hexadecimal digits after the backslash (a backslash itself is written \\5c)")
    }
    position += 1
    return digit
  }

  private mutating func take(_ byte: UInt8, _ name: String) throws(FilterError) {
    guard peek == byte else { throw expected(name) }
    position += 1
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private func expected(_ what: String) -> FilterError {
    FilterError(text: text, position: position, expected: what)
  }
}
