/// Writes and reads the few forms of JSON (RFC 8259) that documents and feeds are made of, on bytes.
package enum JSONText {
  /// Appends text as a JSON string; the bytes must be UTF-8.
  @inline(__always)
  package static func append(_ text: UnsafeBufferPointer<UInt8>, to json: inout [UInt8]) {
    json.append(0x22)
    if text.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) {
      for byte in text { appendEscaped(byte, to: &json) }
    } else {
      json.append(contentsOf: text)
    }
    json.append(0x22)
  }

  /// A text as a JSON string.
  package static func quote(_ text: String) -> [UInt8] {
    var json: [UInt8] = []
    var text = text
    text.withUTF8 { append($0, to: &json) }
    return json
  }

  /// Appends bytes as `{"base64":"…"}` (RFC 4648 §4).
  package static func appendBase64(_ bytes: UnsafeBufferPointer<UInt8>, to json: inout [UInt8]) {
    json.append(contentsOf: base64Head)
    var position = 0
    while position < bytes.count {
      let rest = min(3, bytes.count - position)
      let first = bytes[position]
      let second = rest > 1 ? bytes[position + 1] : 0
      let third = rest > 2 ? bytes[position + 2] : 0
      json.append(alphabet[Int(first >> 2)])
      json.append(alphabet[Int((first & 3) << 4 | second >> 4)])
      json.append(rest > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : 0x3D)
      json.append(rest > 2 ? alphabet[Int(third & 63)] : 0x3D)
      position += 3
    }
    json.append(contentsOf: base64Tail)
  }

  /// The elements of a canonical JSON array of strings and one-key objects.
  package static func elements(_ array: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var start = array.startIndex + 1
    var inString = false
    var position = start
    while position < array.endIndex {
      switch array[position] {
      case 0x5C where inString: position += 1
      case 0x22: inString.toggle()
      case 0x2C where !inString, 0x5D where !inString:
        if start < position { found.append(array[start..<position]) }
        start = position + 1
      default: break
      }
      position += 1
    }
    return found
  }

  /// The text of a JSON string, or of the base64 in a binary value.
  package static func unquote(_ token: ArraySlice<UInt8>) -> String {
    var body = token
    if body.first == 0x7B { body = body.dropFirst(base64Head.count - 1).dropLast() }
    body = body.dropFirst().dropLast()
    guard body.contains(0x5C) else { return String(decoding: body, as: UTF8.self) }
    var text: [UInt8] = []
    var bytes = body.makeIterator()
    while let byte = bytes.next() {
      guard byte == 0x5C, let escape = bytes.next() else {
        text.append(byte)
        continue
      }
      switch escape {
      case 0x6E: text.append(0x0A)
      case 0x72: text.append(0x0D)
      case 0x74: text.append(0x09)
      case 0x75:
        let digits = (0..<4).compactMap { _ in bytes.next() }
        text.append(UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0x3F)
      default: text.append(escape)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func appendEscaped(_ byte: UInt8, to json: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5C: json += [0x5C, byte]
    case 0x0A: json += [0x5C, 0x6E]
    case 0x0D: json += [0x5C, 0x72]
    case 0x09: json += [0x5C, 0x74]
    case 0..<0x20, 0x7F:
      json += Array("\\u00".utf8)
      json.append(digits[Int(byte >> 4)])
      json.append(digits[Int(byte & 15)])
    default: json.append(byte)
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)
  private static let base64Head = Array("{\"base64\":\"".utf8)
  private static let base64Tail = Array("\"}".utf8)
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
