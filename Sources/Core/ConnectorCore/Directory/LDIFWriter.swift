/// Writes entries as LDIF (RFC 2849).
package struct LDIFWriter: Sendable {
  /// The file so far.
  package private(set) var text = ""
  private let width: Int?

  /// Starts a file.
  /// - Parameter width: bytes after which a line is folded, at least 2; nil writes every value on one line.
  package init(width: Int? = nil) {
    self.width = width.map { max(2, $0) }
  }

  /// Adds an entry, its attributes and values in their order; attributes without values are left out.
  ///
  /// Attributes that would make a change record of it, as a change log's entries have them, come last.
  package mutating func add(_ entry: Entry) {
    if !text.isEmpty { text += "\n" }
    write("dn", Array(entry.dn.utf8))
    let isOfChange = { (name: AttributeDescription) in name == "changetype" || name == "control" }
    let attributes = entry.attributes
    for (name, values) in attributes.filter({ !isOfChange($0.0) }) + attributes.filter({ isOfChange($0.0) }) {
      for value in values { write(name.string, value) }
    }
  }

  private mutating func write(_ name: String, _ value: [UInt8]) {
    text += Self.folded(Self.line(name, value), at: width) + "\n"
  }

  /// One line without its end: `name: value`, or `name:: base64` where the value is no SAFE-STRING or `encoded` asks.
  package static func line(_ name: String, _ value: [UInt8], encoded: Bool = false) -> String {
    if value.isEmpty { return name + ":" }
    guard encoded || !isSafe(value) else { return "\(name): \(String(decoding: value, as: UTF8.self))" }
    return "\(name):: \(LDIFBase64.encode(value))"
  }

  /// SAFE-STRING (RFC 2849), and no space at the end (its note 8).
  private static func isSafe(_ value: [UInt8]) -> Bool {
    switch value.first {
    case 0x20, 0x3A, 0x3C: return false
    default: return value.last != 0x20 && value.allSatisfy { $0 < 0x80 && $0 != 0 && $0 != 0x0A && $0 != 0x0D }
    }
  }

  private static func folded(_ line: String, at width: Int?) -> String {
    guard let width, line.utf8.count > width else { return line }
    var rest = Substring(line)
    var lines = [String(rest.prefix(width))]
    rest = rest.dropFirst(width)
    while !rest.isEmpty {
      lines.append(" " + rest.prefix(width - 1))
      rest = rest.dropFirst(width - 1)
    }
    return lines.joined(separator: "\n")
  }
}

extension LDIFBase64 {
  /// The bytes as text, padded (RFC 4648 §4).
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for digit in 0..<4 {
        let six = UInt8(truncatingIfNeeded: bits >> UInt32(18 - 6 * digit)) & 63
        text.append(digit <= group.count ? self.digit(six) : 0x3D)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ six: UInt8) -> UInt8 {
    switch six {
    case 0..<26: six + 0x41
    case 26..<52: six + 0x47
    case 52..<62: six - 4
    case 62: 0x2B
    default: 0x2F
    }
  }
}
