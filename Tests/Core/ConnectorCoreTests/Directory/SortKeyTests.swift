import ConnectorCore
import Testing

@Suite("Sort keys")
struct SortKeyTests {
  @Test("An attribute, and its ordering rule behind a colon, are read and written back")
  func forms() {
    #expect(SortKey(text: "entryUUID") == SortKey("entryUUID"))
    #expect(SortKey(text: "cn:2.5.13.3") == SortKey("cn", rule: "2.5.13.3"))
    #expect(SortKey(text: "cn;lang-de:caseIgnoreOrderingMatch")?.attribute.options == ["lang-de"])
    for text in ["entryUUID", "2.5.4.3:2.5.13.3", "cn;lang-de:caseIgnoreOrderingMatch", "ibm-entryUuid", "u_id"] {
      #expect(SortKey(text: text)?.description == text)
    }
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", ":", "cn:", ":2.5.13.3", "-cn", "cn sn", "cn,sn", "cn:2.5.13.3:x", "cn;", ";x", "cn:-x", "ü", "c\0n",
    ])
  func refused(_ text: String) {
    #expect(SortKey(text: text) == nil)
  }
}
