/// Answers of a server, written by hand so that the client under test is not its own judge (RFC 4511 §4).
enum Messages {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 0x80 { return [tag, UInt8(count)] + content }
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    return [tag, 0x84] + length + content
  }

  static func text(_ string: String, tag: UInt8 = 0x04) -> [UInt8] { element(tag, Array(string.utf8)) }

  static func message(_ id: UInt8, _ operation: [UInt8], controls: [UInt8] = []) -> [UInt8] {
    element(0x30, [0x02, 0x01, id] + operation + (controls.isEmpty ? [] : element(0xa0, controls)))
  }

  static func result(
    _ id: UInt8, tag: UInt8 = 0x65, code: UInt8 = 0, diagnostic: String = "", rest: [UInt8] = [], controls: [UInt8] = []
  ) -> [UInt8] {
    message(id, element(tag, [0x0a, 0x01, code] + text("") + text(diagnostic) + rest), controls: controls)
  }

  static func bindSuccess(_ id: UInt8) -> [UInt8] { result(id, tag: 0x61) }

  static func entry(_ id: UInt8, dn: String, attributes: [(String, [String])]) -> [UInt8] {
    let list = attributes.map { name, values in
      element(0x30, text(name) + element(0x31, values.flatMap { text($0) }))
    }
    return message(id, element(0x64, text(dn) + element(0x30, list.flatMap { $0 })))
  }

  /// An entry whose only attribute claims to be longer than the entry.
  static func malformedEntry(_ id: UInt8, dn: String) -> [UInt8] {
    message(id, element(0x64, text(dn) + element(0x30, [0x30, 0x20] + text("cn") + [0x31, 0x03, 0x04, 0x01, 0x78])))
  }

  static func reference(_ id: UInt8, _ urls: [String]) -> [UInt8] {
    message(id, element(0x73, urls.flatMap { text($0) }))
  }

  /// The control of RFC 2696 with a cookie, empty on the last page.
  static func pagedResults(cookie: String) -> [UInt8] {
    element(0x30, text("1.2.840.113556.1.4.319") + element(0x04, element(0x30, [0x02, 0x01, 0x00] + text(cookie))))
  }

  /// RFC 4511 §4.4.1.
  static func noticeOfDisconnection(code: UInt8, diagnostic: String) -> [UInt8] {
    result(0, tag: 0x78, code: code, diagnostic: diagnostic, rest: text("1.3.6.1.4.1.1466.20036", tag: 0x8a))
  }
}
