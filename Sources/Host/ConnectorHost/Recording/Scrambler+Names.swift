import ConnectorCore

extension Scrambler {
  /// Whether the text is a DN of attributes that somebody knows; schemas do not always say so.
  func isName(_ text: String) -> Bool {
    guard text.utf8.contains(0x3D), let dn = try? DN(text), !dn.isEmpty else { return false }
    return dn.rdns.allSatisfy { $0.assertions.allSatisfy { treatments.knows($0.type) } }
  }

  /// A DN scrambled level by level; separators, spaces and the way of escaping stay. Text that is no DN is text.
  func name(_ dn: String) -> String {
    let levels = DN.components(of: dn)
    var result = ""
    var position = dn.startIndex
    for (index, level) in levels.enumerated() {
      result += dn[position..<level.startIndex]
      let parent = index + 1 < levels.count ? levels[index + 1] : ""
      result += self.level(String(level), below: String(parent))
      position = level.endIndex
    }
    return result + dn[position...]
  }

  private func level(_ text: String, below parent: String) -> String {
    // What lies directly below a schema is named by the schema.
    if (try? RDN(parent))?.assertions.first?.text?.lowercased() == "schema" { return text }
    guard let rdn = try? RDN(text) else { return self.text(text) }
    let values = rdn.assertions.map { assertion -> [UInt8] in
      // An attribute that is dropped from entries may still name them, and a name needs a value.
      value(assertion.value, of: AttributeDescription(assertion.type)) ?? substitutes.octets(assertion.value)
    }
    guard values != rdn.assertions.map(\.value) else { return text }
    let style = EscapingStyle(text)
    return zip(rdn.assertions, values).map { $0.type + "=" + style.escape($1) }.joined(separator: "+")
  }
}

/// How a server escapes what must be escaped in a DN: `\,` or `\2C`, and letters as they are or as `\c3\a9`.
struct EscapingStyle {
  private let specialsAsHex: Bool
  private let lettersAsHex: Bool
  private let lowerCase: Bool

  /// Takes the style of a text in which something is escaped.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    var codes: [[UInt8]] = []
    for (position, byte) in bytes.enumerated() where byte == 0x5C && position + 2 < bytes.count {
      let code = Array(bytes[(position + 1)...(position + 2)])
      if code.allSatisfy({ Self.isHexDigit($0) }) { codes.append(code) }
    }
    let values = codes.compactMap { UInt8(String(decoding: $0, as: UTF8.self), radix: 16) }
    specialsAsHex = values.contains { $0 >= 0x20 && $0 < 0x80 }
    lettersAsHex = values.contains { $0 >= 0x80 }
    lowerCase = codes.joined().contains { $0 >= 0x61 }
  }

  /// The value as it stands in a DN (RFC 4514 §2.4).
  func escape(_ value: [UInt8]) -> String {
    var text: [UInt8] = []
    for (position, byte) in value.enumerated() {
      let isEnd = position == 0 || position == value.count - 1
      switch byte {
      case 0x22, 0x2B, 0x2C, 0x3B, 0x3C, 0x3E, 0x5C,
        0x20 where isEnd, 0x23 where position == 0:
        text += specialsAsHex ? hex(byte) : [0x5C, byte]
      case 0..<0x20, 0x7F: text += hex(byte)
      case 0x80... where lettersAsHex || String(validating: value, as: UTF8.self) == nil: text += hex(byte)
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func hex(_ byte: UInt8) -> [UInt8] {
    let digits = String(byte, radix: 16, uppercase: !lowerCase)
    return [0x5C] + Array((byte < 16 ? "0" + digits : digits).utf8)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
