/// Reads one JSON value (RFC 8259), a line of changes or a plan. What these never have is refused: depth, names that stand
/// twice.
struct JSONReader {
  /// More levels than any change has; the reader calls itself for each.
  private static let maximumDepth = 16

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  private init(_ line: ArraySlice<UInt8>) {
    bytes = line
    position = line.startIndex
  }

  /// The line's value; throws for anything that is not one whole value, with white space around it at most.
  static func read(_ line: ArraySlice<UInt8>) throws(JSONFault) -> JSONValue {
    guard line.allSatisfy({ $0 < 0x80 }) || String(validating: line, as: UTF8.self) != nil else {
      throw JSONFault(offset: 0, reason: "the line is no valid UTF-8; bytes that are no text go into {\"base64\": …}")
    }
    var reader = JSONReader(line)
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.peek == nil else { throw reader.fault("more stands behind the end of the JSON") }
    return value
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipBlanks()
    guard let first = peek else { throw fault("expected a value") }
    switch first {
    case 0x7B: return .object(try nested { (reader) throws(JSONFault) in try reader.members() })
    case 0x5B: return .array(try nested { (reader) throws(JSONFault) in try reader.elements() })
    case 0x22: return .string(try string())
    case 0x2D, 0x30...0x39: return .number(try number())
    default: return try word()
    }
  }

  private mutating func nested<T>(
    _ read: (inout JSONReader) throws(JSONFault) -> T
  ) throws(JSONFault) -> T {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw fault("the JSON is nested deeper than a change is") }
    position += 1
    return try read(&self)
  }

  private mutating func members() throws(JSONFault) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    if takes(0x7D) { return members }
    repeat {
      skipBlanks()
      guard peek == 0x22 else { throw fault("expected a name in quotation marks") }
      let name = String(decoding: try string(), as: UTF8.self)
      let isNew = members.count < 16 ? !members.contains { $0.name == name } : !names.contains(name)
      guard isNew else { throw fault("a name stands twice in one object; join the two") }
      guard takes(0x3A) else { throw fault("expected “:” behind the name") }
      members.append(JSONValue.Member(name: name, value: try value()))
      // Few names are compared faster than looked up.
      if members.count == 16 { names = Set(members.map(\.name)) } else if members.count > 16 { names.insert(name) }
    } while takes(0x2C)
    guard takes(0x7D) else { throw fault("expected “,” or “}”") }
    return members
  }

  private mutating func elements() throws(JSONFault) -> [JSONValue] {
    var elements: [JSONValue] = []
    if takes(0x5D) { return elements }
    repeat { elements.append(try value()) } while takes(0x2C)
    guard takes(0x5D) else { throw fault("expected “,” or “]”") }
    return elements
  }

  private mutating func word() throws(JSONFault) -> JSONValue {
    let rest = bytes[position...]
    for (text, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
    where rest.starts(with: text.utf8) {
      position += text.utf8.count
      return value
    }
    throw fault("expected a value: a string in quotation marks, a list or an object")
  }

  /// The number as it stands (RFC 8259 §6).
  private mutating func number() throws(JSONFault) -> [UInt8] {
    let start = position
    if peek == 0x2D { position += 1 }
    let leadsWithZero = peek == 0x30
    let whole = digits()
    var isSound = whole == 1 || whole > 1 && !leadsWithZero
    if peek == 0x2E {
      position += 1
      isSound = digits() > 0 && isSound
    }
    if peek == 0x45 || peek == 0x65 {
      position += 1
      if peek == 0x2B || peek == 0x2D { position += 1 }
      isSound = digits() > 0 && isSound
    }
    guard isSound else { throw fault("expected a number; other text stands in quotation marks") }
    return Array(bytes[start..<position])
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = peek, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func takes(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x0A || ExportInput.isBlank(byte) { position += 1 }
  }

  private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func fault(_ reason: String) -> JSONFault {
    let isCutOff = peek == nil && reason.hasPrefix("expected")
    let reason = isCutOff ? "the line ends within the JSON; one change is one line" : reason
    return JSONFault(offset: position - bytes.startIndex, reason: reason)
  }
}

// Strings.
extension JSONReader {
  /// Reads a string from its opening quotation mark on.
  private mutating func string() throws(JSONFault) -> [UInt8] {
    position += 1
    let start = position
    while let byte = peek, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
    var text = Array(bytes[start..<position])
    while peek != 0x22 {
      guard let byte = peek else { throw fault("the line ends within a string") }
      guard byte >= 0x20 else { throw fault("a control character stands in a string; write it as \\u00…") }
      position += 1
      if byte == 0x5C { try appendEscaped(to: &text) } else { text.append(byte) }
    }
    position += 1
    return text
  }

  /// Reads what follows a backslash.
  private mutating func appendEscaped(to text: inout [UInt8]) throws(JSONFault) {
    guard let byte = peek else { throw fault("the line ends within a string") }
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: text.append(byte)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75: text += String(try scalar()).utf8
    default: throw fault("expected one of \" \\ / b f n r t u behind the backslash")
    }
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
  private mutating func scalar() throws(JSONFault) -> Character {
    var code = try hexadecimal()
    if code >> 10 == 0x36, bytes[position...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = try hexadecimal()
      guard low >> 10 == 0x37 else { throw fault("half a surrogate pair stands in a string") }
      code = 0x1_0000 + (code & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair stands in a string") }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap(DNText.hexValue) else { throw fault("expected four hexadecimal digits") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
