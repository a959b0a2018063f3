import Testing

@testable import ConnectorCore

@Suite struct LDIFWriterTests {
  private func entry(_ dn: String, _ values: [(String, [[UInt8]])]) -> Entry {
    Entry(dn: dn, attributes: values.map { (AttributeDescription($0), $1) })
  }

  private func written(_ entries: [Entry], width: Int? = nil) -> String {
    var writer = LDIFWriter(width: width)
    for entry in entries { writer.add(entry) }
    return writer.text
  }

  private func read(_ text: String) throws -> [LDIFRecord] {
    var reader = LDIFReader(Array(text.utf8))
    var records: [LDIFRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test func `Entries are separated by an empty line, values stand in their order`() {
    let text = written([
      entry("", [("objectClass", [Array("top".utf8)])]),
      entry("cn=Ann,dc=x", [("cn", [Array("Ann".utf8), Array("A".utf8)]), ("userCertificate;binary", [[0x30]])]),
    ])
    #expect(text == "dn:\nobjectClass: top\n\ndn: cn=Ann,dc=x\ncn: Ann\ncn: A\nuserCertificate;binary: 0\n")
  }

  @Test func `An entry of a change log is not taken for a change record`() throws {
    let text = written([
      entry("changeNumber=1,cn=log", [("changeType", [Array("delete".utf8)]), ("changeNumber", [[0x31]])])
    ])
    #expect(text == "dn: changeNumber=1,cn=log\nchangeNumber: 1\nchangeType: delete\n")
    #expect(try read(text).first?.change == nil)
  }

  @Test(
    "What is no SAFE-STRING is encoded (RFC 2849)",
    arguments: [
      (" blank", "a:: IGJsYW5r"), ("blank ", "a:: Ymxhbmsg"), (":", "a:: Og=="),
      ("<x", "a:: PHg="), ("é", "a:: w6k="), ("two\nlines", "a:: dHdvCmxpbmVz"), ("\r", "a:: DQ=="), ("\0", "a:: AA=="),
      ("a:b <c>", "a: a:b <c>"), ("", "a:"),
    ])
  func encoding(_ value: String, _ line: String) {
    #expect(LDIFWriter.line("a", Array(value.utf8)) == line)
  }

  @Test func `Base64 is that of RFC 4648 for every length of the last group`() {
    for (text, expected) in [
      ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ] { #expect(LDIFBase64.encode(Array(text.utf8)) == expected) }
    #expect(LDIFBase64.encode([0xFB, 0xEF, 0xBE, 0xFF]) == "++++/w==")
  }

  @Test(arguments: [nil, 2, 3, 20, 76])
  func `What is written is read back, folded or not`(width: Int?) throws {
    var random = SeededRandom(seed: 7)
    let entries = (0..<60).map { number in
      let values = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (0..<Int.random(in: 0...90, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      }
      return entry("cn=é \(number),dc=example", [("cn;lang-de", values), ("sn", [Array("Person".utf8)])])
    }
    let text = written(entries, width: width)
    if let width { #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= width }) }
    let records = try read(text)
    #expect(records.map(\.dn) == entries.map(\.dn))
    for (record, entry) in zip(records, entries) {
      let values = record.attributes.filter { $0.0 == "cn;lang-de" }.map(\.1)
      #expect(values == entry.values("cn;lang-de"))
    }
  }
}
