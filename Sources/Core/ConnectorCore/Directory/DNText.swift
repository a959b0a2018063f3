/// Writing and splitting the text of DNs (RFC 4514 §2.4).
enum DNText {
  static func escape(_ value: some Collection<UInt8>) -> String {
    let isText = String(validating: value, as: UTF8.self) != nil
    var out: [UInt8] = []
    out.reserveCapacity(value.count + 8)
    let last = value.count - 1
    for (index, byte) in value.enumerated() {
      switch byte {
      case _ where isControl(byte) || (byte >= 0x80 && !isText):
        appendHex(byte, to: &out)
      case _ where isSpecial(byte), 0x20 where index == 0 || index == last, 0x23 where index == 0:
        out += [backslash, byte]
      default:
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// `" + , ; < > \`, which RFC 4514 §2.4 escapes wherever they stand.
  static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x2B, 0x2C, 0x3B, 0x3C, 0x3E, backslash: true
    default: false
    }
  }

  static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

  static func appendHex(_ byte: UInt8, to out: inout [UInt8]) {
    out += [backslash, hexDigit(byte >> 4), hexDigit(byte & 15)]
  }

  static func hex(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self)
  }

  static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

  /// The value of a hexadecimal digit, nil for any other byte.
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  static let backslash: UInt8 = 0x5C
  static let quote: UInt8 = 0x22

  static func components(of dn: String) -> [Substring] {
    let text = dn.utf8
    var result: [Substring] = []
    var start = text.startIndex
    var index = start
    var scan = SeparatorScan()
    while index < text.endIndex {
      if scan.isSeparator(text[index]) {
        result.append(trimmed(dn[start..<index]))
        start = text.index(after: index)
      }
      text.formIndex(after: &index)
    }
    let rest = trimmed(dn[start...])
    if !rest.isEmpty || !result.isEmpty { result.append(rest) }
    return result
  }

  private static func trimmed(_ part: Substring) -> Substring {
    var bytes = part.utf8.drop { $0 == 0x20 }
    while bytes.last == 0x20, !endsEscaped(bytes.dropLast()) { bytes.removeLast() }
    return Substring(bytes)
  }

  /// Whether the text ends in an odd number of backslashes, so that what follows is escaped.
  private static func endsEscaped(_ text: Substring.UTF8View) -> Bool {
    text.reversed().prefix { $0 == backslash }.count % 2 == 1
  }
}

/// Tells separators of RDNs from the same bytes escaped or quoted, byte by byte.
private struct SeparatorScan {
  private enum Place { case type, valueStart, value, quoted }
  private var place = Place.type
  private var isEscaped = false

  mutating func isSeparator(_ byte: UInt8) -> Bool {
    guard !isEscaped else {
      isEscaped = false
      return false
    }
    switch (byte, place) {
    case (DNText.backslash, _):
      isEscaped = true
      if place == .valueStart { place = .value }
    case (0x3D, .type): place = .valueStart
    case (DNText.quote, .valueStart): place = .quoted
    case (DNText.quote, .quoted): place = .value
    case (0x2B, .value), (0x2B, .valueStart): place = .type
    case (0x2C, _) where place != .quoted, (0x3B, _) where place != .quoted:
      place = .type
      return true
    case (0x20, _): break
    case (_, .valueStart): place = .value
    default: break
    }
    return false
  }
}
