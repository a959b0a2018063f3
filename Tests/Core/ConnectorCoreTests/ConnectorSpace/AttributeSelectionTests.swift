import ConnectorCore
import Testing

@Suite struct AttributeSelectionTests {
  @Test func `Secrets and computed attributes are held only when they are asked for by name`() {
    var selection = AttributeSelection(includesOperational: true, secrets: ["userPassword"])
    selection.computed = ["contextCSN"]
    #expect(selection.holds("createTimestamp", identity: []))
    #expect(!selection.holds("userPassword", identity: []))
    #expect(!selection.holds("contextCSN", identity: []))
    selection.attributes = ["userPassword", "contextCSN"]
    #expect(selection.holds("userPassword", identity: []))
    #expect(selection.holds("contextCSN", identity: []))
  }

  @Test func `An attribute that only identifies is asked for but not held`() {
    let selection = AttributeSelection(attributes: ["cn"])
    #expect(selection.request(identity: ["entryUUID"]) == ["objectClass", "cn", "entryUUID"])
    #expect(!selection.holds("entryUUID", identity: ["entryUUID"]))
    #expect(AttributeSelection(includesOperational: true).holds("entryUUID", identity: ["entryUUID"]))
  }

  @Test func `An option of a selected attribute is held, and an alias is asked for`() {
    let selection = AttributeSelection(attributes: ["cn"], aliases: ["userCertificate;binary"])
    #expect(selection.holds("cn;lang-de", identity: []))
    #expect(selection.holds("userCertificate;binary", identity: []))
    #expect(!selection.holds("userCertificate", identity: []))
    #expect(selection.request(identity: []).contains("userCertificate;binary"))
  }
}
