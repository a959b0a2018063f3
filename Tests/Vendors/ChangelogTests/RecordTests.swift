import ConnectorCore
import Testing

@testable import ChangelogAdapters

@Suite("Records of change logs, in all their spellings")
struct RecordTests {
  private func record(_ attributes: KeyValuePairs<String, String>) -> Entry {
    Entry(
      dn: "changenumber=7,cn=changelog",
      attributes: attributes.map { (AttributeDescription($0), [Array($1.utf8)]) })
  }

  private func hints(_ entry: Entry, _ dialect: ChangelogDialect = .draft) throws -> [Hint] {
    let dns = DNNormalizer()
    return try ChangelogRecord(entry, dialect).hints(in: dns.key(of: "dc=example,dc=com"), dns)
  }

  @Test(
    "A rename is told by its new RDN, whatever it is called", arguments: ["modrdn", "moddn", "ModDN", "rename", ""])
  func renames(type: String) throws {
    let hint = try #require(
      try hints(record(["TARGETDN": "uid=a,dc=example,dc=com", "changetype": type, "NEWRDN": "uid=b"])).first)
    #expect(hint.kind == .renamed && hint.newDN == "uid=b,dc=example,dc=com" && hint.dn == "uid=a,dc=example,dc=com")
  }

  @Test("A move goes below the new superior, also where that is empty or outside")
  func moves() throws {
    let out = record([
      "targetDn": "uid=a,dc=example,dc=com", "changeType": "modrdn", "newRdn": "uid=a", "newSuperior": "o=else",
    ])
    #expect(try hints(out).first?.newDN == "uid=a,o=else")
    let inward = record([
      "targetDn": "uid=a,o=else", "changeType": "modrdn", "newRdn": "uid=a", "newSuperior": "dc=example,dc=com",
    ])
    #expect(try hints(inward).first?.newDN == "uid=a,dc=example,dc=com")
    #expect(try hints(record(["targetDn": "uid=a,o=else", "changeType": "Delete"])).isEmpty)
  }

  @Test("What trails behind a NUL is no part of a name")
  func trailingNUL() throws {
    let hint = try #require(
      try hints(record(["targetDN": "uid=a,dc=example,dc=com\0", "changeType": "delete\0"])).first)
    #expect(hint.dn == "uid=a,dc=example,dc=com" && hint.kind == .deleted)
  }

  @Test("An unknown kind of change is a change")
  func unknownKind() throws {
    #expect(try hints(record(["targetDN": "dc=example,dc=com", "changeType": "bless"])).first?.kind == .changed)
    #expect(try hints(record(["targetDN": "dc=example,dc=com"])).first?.kind == .changed)
  }

  @Test("The ID that a record names goes into the hint, where it is the product's immutable ID")
  func identifiers() throws {
    let both = record([
      "targetDN": "dc=example,dc=com", "changeType": "modify", "targetUniqueId": "a-b", "targetEntryUUID": "c-d",
    ])
    #expect(try hints(both, DirectoryServer389.dialect).first?.id == "a-b")
    #expect(try hints(both, OpenDSFamily.dialect("OpenDJ")).first?.id == "c-d")
    #expect(try hints(both, IBMDirectory.dialect).first?.id == nil)
    #expect(try hints(both, RadiantOne.dialect).first?.id == nil)
  }

  @Test("A soft delete is a delete, though the log calls it a rename")
  func softDelete() throws {
    let soft = record([
      "targetDN": "uid=a,dc=example,dc=com", "changeType": "modrdn", "newRDN": "entryUUID=1+uid=a",
      "ds-soft-delete-entry-dn": "entryUUID=1+uid=a,dc=example,dc=com",
    ])
    #expect(try hints(soft, PingDirectory.dialect).first?.kind == .deleted)
  }

  @Test(
    "The entries of operations that mended a replication conflict are hinted too",
    arguments: [
      "dn: uid=b,dc=example,dc=com\nchangetype: modrdn\n", "targetDn: uid=b,dc=example,dc=com",
      "ZG46IHVpZD1iLGRjPWV4YW1wbGUsZGM9Y29tCmNoYW5nZXR5cGU6IGRlbGV0ZQo=", "dn:: dWlkPWIsZGM9ZXhhbXBsZSxkYz1jb20=",
    ])
  func fixups(value: String) throws {
    let conflict = record([
      "targetDN": "uid=a,dc=example,dc=com", "changeType": "modify", "changeHasReplFixupOp": value,
    ])
    let names = try hints(conflict, SunDirectory.dialect("DSEE")).compactMap(\.dn)
    #expect(names == ["uid=a,dc=example,dc=com", "uid=b,dc=example,dc=com"])
  }

  @Test("A record without a number, or without a name, is an error that says what to do")
  func incomplete() throws {
    let nameless = record(["changeType": "modify"])
    #expect(throws: DirectoryError.self) { try hints(nameless) }
    let numberless = Entry(dn: "cn=x,cn=changelog", attributes: [("changeNumber", [Array("many".utf8)])])
    #expect(throws: DirectoryError.self) { try ChangelogRecord(numberless, .draft) }
  }

  @Test(
    "A position that this module does not write is no position",
    arguments: [
      #"{"last":5,"proof":{"facts":{}},"gaps":{"ranges":[{"from":3,"to":2,"since":0}]}}"#,
      #"{"last":5,"proof":{"facts":{}},"gaps":{"ranges":[{"from":3,"to":9,"since":0}]}}"#,
      #"{"last":5,"proof":{"facts":{}},"gaps":{"ranges":[{"from":3,"to":3,"since":0},{"from":2,"to":2,"since":0}]}}"#,
      #"{"last":-5}"#,
    ])
  func unsoundPosition(text: String) {
    let watermark = Watermark(method: ChangelogMethod.numbers, version: 1, server: "", position: text)
    #expect(throws: WatermarkLost.self) { try ChangelogPosition(watermark) }
  }
}
