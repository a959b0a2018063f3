import ConnectorCore
import Testing

@testable import OpenLDAPAdapter

@Suite struct RecordTests {
  @Test func everyWriteBecomesAHintOfItsKind() {
    let kinds = ["add", "modify", "delete", "modrdn", "MODRDN"].map { AccesslogRecord(record(1, type: $0)).hint?.kind }
    #expect(kinds == [.changed, .changed, .deleted, .renamed, .renamed])
  }

  @Test func aHintNamesIDAndDNAndRecord() {
    let hint = AccesslogRecord(record(1, target: "uid=B,dc=example,dc=com", id: "EBAB42FA-7b0f")).hint
    let name = "reqStart=\(start(1)),cn=accesslog"
    #expect(hint == Hint(kind: .changed, id: "ebab42fa-7b0f", dn: "uid=B,dc=example,dc=com", record: name))
  }

  @Test func aRenameIsRebuiltFromRDNAndParentAsLogged() {
    let renamed = AccesslogRecord(
      record(
        1, type: "modrdn", target: "cn=Old\\2C Name, ou=People,dc=example,dc=com",
        also: ["reqNewRDN": ["cn=Ünïque\\2C Name"], "reqNewDN": ["cn=normalised,ou=people,dc=example,dc=com"]]))
    #expect(renamed.newDN == "cn=Ünïque\\2C Name,ou=People,dc=example,dc=com")
    let moved = AccesslogRecord(
      record(
        1, type: "modrdn", also: ["reqNewRDN": ["uid=a"], "reqNewSuperior": ["ou=Archive,dc=example,dc=com"]]))
    #expect(moved.newDN == "uid=a,ou=Archive,dc=example,dc=com")
  }

  @Test func aRenameWithABrokenDNStillHintsTheEntry() {
    let broken = AccesslogRecord(record(1, type: "modrdn", target: "no DN", also: ["reqNewRDN": ["uid=a"]]))
    #expect(broken.newDN == nil)
    #expect(broken.hint?.id == "id-1")
    #expect(broken.concerns("dc=com,dc=example", DNNormalizer()))
  }

  @Test func recordsOfOtherDatabasesDoNotConcernThePartition() {
    #expect(!AccesslogRecord(record(1, target: "dc=other")).concerns("dc=com,dc=example", DNNormalizer()))
    #expect(!AccesslogRecord(record(1, target: "dc=com")).concerns("dc=com,dc=example", DNNormalizer()))
    #expect(AccesslogRecord(record(1, target: "DC=Example, DC=COM")).concerns("dc=com,dc=example", DNNormalizer()))
    let arriving = record(
      1, type: "modrdn", target: "uid=a,dc=other",
      also: ["reqNewRDN": ["uid=a"], "reqNewSuperior": ["ou=x,dc=example,dc=com"]])
    #expect(AccesslogRecord(arriving).concerns("dc=com,dc=example", DNNormalizer()))
  }

  @Test func theStartIsReadFromTheDNWhereTheAttributeIsHidden() {
    #expect(AccesslogRecord(record(5, also: ["reqStart": []])).start?.text(fractionDigits: 6) == start(5))
  }

  @Test func aStepOfTheClockDoesNotStretchTheOverlap() {
    #expect(AccesslogRecord(record(5, lasting: 0)).duration == 0)
    #expect(AccesslogRecord(record(5, lasting: 2500)).duration == 3)
    #expect(AccesslogRecord(record(5, lasting: 1_000_000_000)).duration == 86_400)
    #expect(AccesslogRecord(record(50_000, lasting: -9000)).duration == 0)
  }

  @Test func passwordsInTheLogAreNeverAskedFor() {
    #expect(!AccesslogRecord.attributes.contains("*"))
    #expect(AccesslogRecord.attributes.allSatisfy { !["reqmod", "reqold"].contains($0.lowercased()) })
  }
}
