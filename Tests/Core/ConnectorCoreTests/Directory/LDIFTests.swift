import Foundation
import Testing

@testable import ConnectorCore

@Suite struct LDIFTests {
  private func records(_ text: String) throws(LDIFError) -> [LDIFRecord] {
    var reader = LDIFReader(Array(text.utf8))
    var records: [LDIFRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  private func pairs(_ record: LDIFRecord?) -> [String] {
    (record?.attributes ?? []).map { "\($0.0)=\(String(decoding: $0.1, as: UTF8.self))" }
  }

  @Test func `Entries are read with their values in order`() throws {
    let found = try records(
      """
      version: 1

      # people
      dn: cn=Ann,dc=x
      objectClass: top
      objectClass:person
      cn:   Ann  B
      cn;lang-fr:: w4l0w6k=
      description:
      seeAlso: cn=a: b


      dn:: Y249w6ksZGM9eA==
      cn: été

      """)
    #expect(found.map(\.dn) == ["cn=Ann,dc=x", "cn=é,dc=x"])
    #expect(
      pairs(found.first) == [
        "objectClass=top", "objectClass=person", "cn=Ann  B", "cn;lang-fr=Été", "description=", "seeAlso=cn=a: b",
      ])
    #expect(pairs(found.last) == ["cn=été"])
    #expect(found.allSatisfy { $0.change == nil })
  }

  @Test func `Folded lines, folded comments and CRLF are one line each`() throws {
    let text =
      "# a comment\r\n  that goes on: here\r\ndn: cn=An\r\n n,dc=x\r\ncn: A\r\n  B\r\n C\r\njpegPhoto:: AAEC\r\n /w==\r\n"
    let found = try records(text)
    #expect(found.map(\.dn) == ["cn=Ann,dc=x"])
    #expect(found.first?.attributes.map(\.1) == [Array("A BC".utf8), [0, 1, 2, 255]])
  }

  @Test func `Records of comments alone and blank lines are nothing`() throws {
    #expect(try records("").isEmpty)
    #expect(try records("\n\n# nothing\n\n\n# more\n").isEmpty)
    #expect(try records("version: 1\n").isEmpty)
    #expect(try records("# c\n\nversion: 1\ndn: dc=x").map(\.dn) == ["dc=x"])
    #expect(try records("dn:\nsupportedLDAPVersion: 3").map(\.dn) == [""])
  }

  @Test func `Changes of every kind are read`() throws {
    let found = try records(
      """
      dn: cn=a
      changetype: add
      cn: a

      dn: cn=a
      changetype: Modify
      add: mail
      mail: a@x
      mail: b@x
      -
      delete: title
      -
      replace: photo;binary
      photo;binary:: AAE=
      -
      increment: n
      n: 1

      dn: cn=a
      changetype: modrdn
      newrdn: cn=b
      deleteoldrdn: 1

      dn: cn=b
      changetype: moddn
      newrdn: cn=b
      deleteoldrdn: 0
      newsuperior: ou=y

      dn: cn=b,ou=y
      control: 1.2.840.113556.1.4.805 true
      control: 1.2.3 false: a b
      control: 1.2.4:: AAE=
      changetype: delete
      """)
    #expect(pairs(found.first) == ["cn=a"])
    let steps: [LDIFModification] = [
      .init(.add, "mail", [Array("a@x".utf8), Array("b@x".utf8)]), .init(.delete, "title"),
      .init(.replace, "photo;binary", [[0, 1]]), .init(.increment, "n", [[0x31]]),
    ]
    #expect(
      found.map(\.change) == [
        .add, .modify(steps), .rename(newRDN: "cn=b", deleteOldRDN: true, newSuperior: nil),
        .rename(newRDN: "cn=b", deleteOldRDN: false, newSuperior: "ou=y"), .delete,
      ])
    #expect(
      found.last?.controls == [
        Control("1.2.840.113556.1.4.805", isCritical: true), Control("1.2.3", value: Array("a b".utf8)),
        Control("1.2.4", value: [0, 1]),
      ])
  }

  @Test(arguments: [
    ("cn: a\n", 1, "dn:"), ("\n\ndn: cn=a\njunk\n", 4, "name: value"), ("dn: cn=a\na b: c\n", 2, "name: value"),
    ("dn: cn=a\ncn:: A===\n", 2, "base64"), ("dn: cn=a\ncn:: AAA\n", 2, "base64"),
    ("dn: cn=a\ncn:: A*AA\n", 2, "base64"),
    ("dn: cn=a\nphoto:< file:///etc/passwd\n", 2, "URL"), ("dn:: /w==\n", 1, "UTF-8"),
    ("version: 2\ndn: a=b\n", 1, "version"),
    ("dn: cn=a\nchangetype: frob\n", 2, "frob"), ("dn: cn=a\nchangetype: delete\ncn: a\n", 3, "cn"),
    ("dn: cn=a\nchangetype: modify\nadd: cn\nsn: x\n", 4, "sn"),
    ("dn: cn=a\nchangetype: modify\ncn: x\n", 3, "replace"),
    ("dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: yes\n", 4, "0 or 1"),
    ("dn: cn=a\nchangetype: modrdn\n", 2, "newrdn"),
    ("dn: cn=a\ncontrol: 1.2 maybe\nchangetype: delete\n", 2, "control"),
    ("dn: cn=a\ncontrol: 1.2\ncn: a\n", 1, "changetype"), (" dn: cn=a\n", 1, "dn:"),
    ("dn: cn=a\n# c\n\n# d\nsearch: 2\nresult: 0 Success\n", 5, "dn:"),
  ])
  func `A wrong line is refused by its number`(text: String, line: Int, reason: String) {
    let error = #expect(throws: LDIFError.self) { try records(text) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func `Reading goes on behind a broken record`() throws {
    var reader = LDIFReader(Array("dn: cn=a\njunk\ncn: a\n\ndn: cn=b\n".utf8))
    #expect(throws: LDIFError.self) { try reader.next() }
    #expect(try reader.next()?.dn == "cn=b")
    let end = try reader.next()
    #expect(end == nil)
  }

  @Test func `Base64 of any bytes is read as Foundation wrote it, at any folding`() throws {
    var random = SeededRandom(seed: 2_849)
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let line = "jpegPhoto:: " + Data(bytes).base64EncodedString()
      let width = Int.random(in: 1...76, using: &random)
      var folded = ""
      for (index, character) in line.enumerated() {
        if index > 0, index % width == 0 { folded += "\n " }
        folded.append(character)
      }
      #expect(try records("dn: cn=a\n" + folded).first?.attributes.first?.1 == bytes)
    }
  }

  @Test func `A value of a megabyte is read whole`() throws {
    let line = String(repeating: " " + String(repeating: "x", count: 75) + "\n", count: 14_000)
    let found = try records("dn: cn=a\ndescription:\n" + line)
    #expect(found.first?.attributes.first?.1.count == 1_050_000)
  }

  @Test func `Random bytes never trap, and the end is always reached`() {
    var random = SeededRandom(seed: 28)
    let pieces = [
      "dn: cn=a", "\n", "\r\n", "\n ", "cn", ":", "::", " ", "AAE=", "\n-\n", "changetype: modify", "add: cn", "cn: a",
      "changetype: modrdn", "newrdn: a=b", "deleteoldrdn: 1", "control: 1.2", "version: 1", "#", "\n\n", ":<",
    ]
    var records = 0
    var errors = 0
    for _ in 0..<5_000 {
      let bytes = random.bytes(of: pieces, maximum: 25)
      var reader = LDIFReader(bytes)
      var calls = 0
      while calls <= bytes.count {
        calls += 1
        do {
          guard try reader.next() != nil else { break }
          records += 1
        } catch {
          errors += error.line >= 1 && error.line <= bytes.count ? 1 : -1_000_000
        }
      }
      #expect(calls <= bytes.count + 1)
    }
    #expect(records > 100)
    #expect(errors > 100)
  }
}
