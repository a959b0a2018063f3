/// Reads LDIF record by record (RFC 2849).
///
/// Content and change records may stand in one file. Values that are no ASCII may stand unencoded, as many tools write
/// them; values by URL (`:<`) are refused, so that a file cannot make the connector read others.
public struct LDIFReader: Sendable {
  private var lines: LDIFLines
  private var isAtStart = true

  /// Prepares to read a file's bytes.
  public init(_ bytes: [UInt8]) {
    lines = LDIFLines(bytes)
  }

  /// The next record, nil at the end of the file.
  ///
  /// Throws `LDIFError`; the call after that reads the record behind the broken one.
  public mutating func next() throws(LDIFError) -> LDIFRecord? {
    while var record = lines.nextRecord() {
      guard !record.isEmpty else { continue }
      if isAtStart {
        isAtStart = false
        try checkVersion(&record)
        guard !record.isEmpty else { continue }
      }
      var parser = try LDIFRecordParser(record)
      return try parser.parse()
    }
    return nil
  }

  /// Takes a version line off the first record (RFC 2849, `version-spec`).
  private func checkVersion(_ record: inout [LDIFLine]) throws(LDIFError) {
    guard let line = record.first, line.name.lowercased() == "version" else { return }
    guard try line.text() == "1" else { throw line.error("only LDIF version 1 is known") }
    record.removeFirst()
  }
}

/// Cuts bytes into logical lines and those into records.
struct LDIFLines: Sendable {
  private let bytes: [UInt8]
  private var position = 0
  private var lineNumber = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The lines of the next record, comments left out; nil at the end. A record of comments alone is empty.
  mutating func nextRecord() -> [LDIFLine]? {
    while position < bytes.count, endOfLine(at: position).isBlank { skipLine() }
    guard position < bytes.count else { return nil }
    var record: [LDIFLine] = []
    while position < bytes.count, !endOfLine(at: position).isBlank {
      let line = logicalLine()
      if line.bytes.first != 0x23 { record.append(line) }
    }
    return record
  }

  /// One line with its continuation lines (RFC 2849, note 2).
  private mutating func logicalLine() -> LDIFLine {
    var line = LDIFLine(number: lineNumber + 1, bytes: Array(bytes[position..<endOfLine(at: position).end]))
    skipLine()
    while position < bytes.count, bytes[position] == 0x20 {
      line.bytes += bytes[(position + 1)..<max(position + 1, endOfLine(at: position).end)]
      skipLine()
    }
    return line
  }

  private mutating func skipLine() {
    position = endOfLine(at: position).next
    lineNumber += 1
  }

  /// Where the line that starts there ends, without LF or CRLF, and where the next starts.
  private func endOfLine(at start: Int) -> (end: Int, next: Int, isBlank: Bool) {
    let lineFeed = bytes[start...].firstIndex(of: 0x0A)
    var end = lineFeed ?? bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return (end, lineFeed.map { $0 + 1 } ?? bytes.count, end == start)
  }
}

/// A logical line: `name: value`, `name:: base64` or `-`.
struct LDIFLine: Sendable {
  /// The number of its first line in the file, from 1.
  let number: Int
  var bytes: [UInt8]

  var isDash: Bool { bytes == [0x2D] }

  /// What stands before the colon.
  var name: String { String(decoding: bytes.prefix { $0 != 0x3A }, as: UTF8.self) }

  /// The name for an error; a line without one is not repeated, for it may be the rest of a value.
  var shownName: String {
    let name = bytes.prefix { $0 != 0x3A }
    return name.count == bytes.count || name.contains(0x20) ? "a line that has no name" : "“\(self.name)”"
  }

  /// The value decoded; throws for a line without a colon, a URL and bad base64.
  func value() throws(LDIFError) -> [UInt8] {
    guard let colon = bytes.firstIndex(of: 0x3A), colon > 0, !bytes[..<colon].contains(0x20) else {
      throw error("expected “name: value”")
    }
    let rest = bytes[(colon + 1)...]
    switch rest.first {
    case 0x3A:
      guard let value = LDIFBase64.decode(rest.dropFirst()) else { throw error("\(name) has no valid base64 value") }
      return value
    case 0x3C:
      throw error("\(name) gives its value by URL (:<), which is not read; put the value itself in base64 (::)")
    default:
      return Array(rest.drop { $0 == 0x20 })
    }
  }

  /// The value as text.
  func text() throws(LDIFError) -> String {
    guard let text = String(validating: try value(), as: UTF8.self) else { throw error("\(name) is no valid UTF-8") }
    return text
  }

  func error(_ reason: String) -> LDIFError { LDIFError(line: number, reason: reason) }
}

/// Base64 as LDIF uses it (RFC 4648 §4).
enum LDIFBase64 {
  /// The bytes; nil for characters that are no base64, wrong length or padding. Spaces around are ignored.
  static func decode(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
    let digits = text.filter { $0 != 0x20 }
    guard digits.count % 4 == 0 else { return nil }
    let padding = digits.reversed().prefix { $0 == 0x3D }.count
    guard padding <= 2 else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(digits.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    for digit in digits.dropLast(padding) {
      guard let six = value(of: digit) else { return nil }
      bits = bits << 6 | UInt32(six)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return out
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x41...0x5A: digit - 0x41
    case 0x61...0x7A: digit - 0x47
    case 0x30...0x39: digit + 4
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
