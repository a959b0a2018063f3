/// A piece of a schema definition (RFC 4512 §4.1).
enum SchemaToken: Hashable {
  case open
  case close
  case dollar
  case quoted(String)
  case word(String)

  /// What a quoted string or a word says.
  var content: String? {
    switch self {
    case .quoted(let text), .word(let text): text
    case .open, .close, .dollar: nil
    }
  }

  var isQuoted: Bool {
    if case .quoted = self { true } else { false }
  }
}

/// Cuts a schema definition into tokens.
struct SchemaTokenizer {
  private let bytes: [UInt8]
  private var position = 0
  /// Whether every quoted string came to its end.
  private(set) var isClosed = true

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func tokens() -> [SchemaToken] {
    var tokens: [SchemaToken] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x28: tokens.append(.open)
      case 0x29: tokens.append(.close)
      case 0x24: tokens.append(.dollar)
      case 0x27: tokens.append(.quoted(quoted()))
      case _ where byte > 0x20: tokens.append(.word(word()))
      default: break
      }
      position += 1
    }
    return tokens
  }

  /// Reads up to the closing quotation mark and stops on it.
  private mutating func quoted() -> String {
    var out: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x27, closes(position) { return String(decoding: out, as: UTF8.self) }
      if byte == 0x5C, let escaped = escaped(position) {
        out.append(escaped)
        position += 2
      } else {
        out.append(byte)
      }
      position += 1
    }
    isClosed = false
    return String(decoding: out, as: UTF8.self)
  }

  /// A mark inside a word, as in `the user's name`, closes nothing, though by the grammar it must be escaped; one
  /// before a capital does, where the space before the next keyword is missing.
  private func closes(_ position: Int) -> Bool {
    guard position + 1 < bytes.count else { return true }
    switch bytes[position + 1] {
    case 0x61...0x7A, 0x30...0x39, 0x80...: return false
    default: return true
    }
  }

  /// `\27` is the quotation mark and `\5C` the backslash; other backslashes stand for themselves.
  private func escaped(_ position: Int) -> UInt8? {
    guard position + 2 < bytes.count else { return nil }
    switch (bytes[position + 1], bytes[position + 2] | 0x20) {
    case (0x32, 0x37): return 0x27
    case (0x35, 0x63): return 0x5C
    default: return nil
    }
  }

  /// Reads a word and stops on its last byte.
  private mutating func word() -> String {
    let start = position
    while position + 1 < bytes.count, !isDelimiter(bytes[position + 1]) { position += 1 }
    return String(decoding: bytes[start...position], as: UTF8.self)
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x27 || byte == 0x28 || byte == 0x29 || byte == 0x24
  }
}
