import Testing

@testable import ConnectorCore

@Suite struct ValueSyntaxTests {
  @Test(
    arguments: [
      (ValueSyntax.boolean, ["TRUE", "FALSE"], ["true", "1", "", "TRUE "]),
      (.integer, ["0", "-1", "12345678901234567890123"], ["", "-", "-0", "01", "1.0", "+1", " 1", "1 "]),
      (.distinguishedName, ["", "cn=a,dc=x", "<GUID=1>", "<SID=S-1>"], ["a", "cn=a,", "<x>", "<cn=a"]),
      (.generalizedTime, ["20261231235959Z", "2026123123.5+0100"], ["20261231", "now", "20261331000000Z", ""]),
      (.numericString, ["1 2", "0"], ["", "1a"]), (.printableString, ["A b'()+,-./:?="], ["", "é", "a@b", "#"]),
      (.ia5String, ["", "a@b#\u{7f}"], ["é"]), (.directoryString, ["é", " "], [""]),
      (.telephoneNumber, ["+49 30 1234"], ["", "12#"]),
      (.bitString, ["''B", "'0101'B"], ["'2'B", "01", "'", "'B", ""]),
      (.uuid, ["597ae2f6-16a6-1027-98f4-d28b5365dc14"], ["597ae2f6", "597ae2f6-16a6-1027-98f4-d28b5365dc1g", "----"]),
      (.countryString, ["DE"], ["D", "DEU", "é"]), (.postalAddress, ["a$b", "é", ""], []),
      (.nameAndOptionalUID, ["cn=a", "cn=a#'01'B", "cn=a\\#b"], ["a", "a#'01'B"]),
      (.oid, ["inetOrgPerson", "a_b-1", "2.5.4.3", "0.9"], ["", "1", "1..2", "1.02", "a b", "-a", "é"]),
    ] as [(ValueSyntax, [String], [String])])
  func `Values are told from what is none (RFC 4517)`(syntax: ValueSyntax, good: [String], bad: [String]) {
    for text in good { #expect(syntax.accepts(Array(text.utf8)), "\(text)") }
    for text in bad { #expect(!syntax.accepts(Array(text.utf8)), "\(text)") }
  }

  @Test func `Bytes that are no UTF-8 are text of no kind, and nothing traps`() {
    for syntax in ValueSyntax.allCases { #expect(!syntax.accepts([0xFF, 0xC0, 0x80])) }
    var random = SeededRandom(seed: 1_466)
    let pieces = ["cn=a", "#", "'", "B", "0", "-", ".", ",", "\\", "Z", "2026", "T", "\"", "<", ">", "$"]
    var accepted = 0
    for _ in 0..<4_000 {
      let value = random.bytes(of: pieces, maximum: 12)
      accepted += ValueSyntax.allCases.count { $0.accepts(value) }
    }
    #expect(accepted > 1_000)
  }
}
