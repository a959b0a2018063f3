import ConnectorCore
import ConnectorTesting
import Testing

@Suite struct FlavourTests {
  private static let changes = """
    dn: dc=example,dc=com
    objectClass: domain

    dn: cn=a,dc=example,dc=com
    objectClass: device

    dn: cn=a,dc=example,dc=com
    changetype: modify
    replace: description
    description: x
    -

    dn: cn=a,dc=example,dc=com
    changetype: modrdn
    newrdn: cn=b
    deleteoldrdn: 1

    dn: cn=b,dc=example,dc=com
    changetype: delete

    """

  private func directory(_ flavour: any ChangeLogFlavour) throws -> MemoryDirectory {
    let directory = MemoryDirectory(flavour: flavour)
    try directory.apply(ldif: Self.changes)
    return directory
  }

  private func records(
    _ directory: MemoryDirectory, _ base: String, _ filter: Filter = .all, _ controls: [Control] = []
  ) throws -> [Entry] {
    try directory.entries(
      for: SearchRequest(base: base, scope: .oneLevel, filter: filter, attributes: ["*", "+"], controls: controls))
  }

  @Test func accesslogRecordsAreThoseOfSlapd() throws {
    let directory = try directory(.accesslog())
    let written = try records(directory, "cn=accesslog", .equal("objectClass", "auditWriteObject"))
    #expect(written.map { $0.string("reqType") } == ["add", "add", "modify", "modrdn", "delete"])
    #expect(written[2].strings("reqMod").first == "description:= x")
    #expect(written[3].string("reqNewRDN") == "cn=b" && written[3].string("reqDN") == "cn=a,dc=example,dc=com")
    #expect(Set(written.dropFirst().map { $0.string("reqEntryUUID") }).count == 1)
    let container = try #require(directory.entry("cn=accesslog"))
    #expect(container.attributes.strings("contextCSN").last == written.last?.string("entryCSN"))
    #expect(container.attributes.strings("minCSN").last == written.first?.string("entryCSN"))
    let suffix = try #require(directory.entry("dc=example,dc=com"))
    #expect(suffix.attributes.string("auditContext") == "cn=accesslog")
    #expect(suffix.attributes.string("contextCSN") == written.last?.string("entryCSN"))
    directory.trimLog(keeping: 1)
    #expect(try records(directory, "cn=accesslog").count == 1)
    #expect(directory.entry("cn=accesslog")?.attributes.strings("minCSN").last == written[3].string("entryCSN"))
  }

  @Test func accesslogHoldsFailuresUnlessToldOtherwise() throws {
    let failing = "dn: cn=none,dc=example,dc=com\nchangetype: delete\n"
    for logs in [true, false] {
      var flavour = AccesslogFlavour()
      flavour.logsFailures = logs
      let directory = try directory(flavour)
      #expect(throws: DirectoryError.self) { try directory.apply(ldif: failing) }
      #expect(try records(directory, "cn=accesslog").last?.string("reqResult") == (logs ? "32" : "0"))
    }
  }

  @Test func numberedRecordsAreSpelledAsTheProductDoes() throws {
    let directory = try directory(.changelog(.ds389))
    let written = try records(directory, "cn=changelog")
    #expect(written.map { $0.string("changeType") } == ["add", "add", "modify", "modrdn", "delete"])
    #expect(written[2].values("changes") == [Array("replace: description\ndescription: x\n-\n\0".utf8)])
    #expect(written[3].attributes.contains { $0.0.string == "newRdn" })
    #expect(written[4].string("targetuniqueid")?.utf8.count == 35)
    #expect(directory.evidence.rootDSE.value("lastchangenumber") == "5")
    directory.trimLog(keeping: 2)
    #expect(directory.evidence.rootDSE.value("firstchangenumber") == "4")
    directory.trimLog()
    #expect(try records(directory, "cn=changelog").count == 1)
    let ibm = try records(try self.directory(.changelog(.ibm)), "cn=changelog")
    #expect(ibm[0].attributes.contains { $0.0.string == "targetdn" })
    let unbound = try records(try self.directory(.changelog(.unboundID)), "cn=changelog")
    #expect(unbound[3].string("changeType") == "moddn" && unbound[0].string("changeTime") == nil)
    #expect(unbound[4].string("deletedEntryAttrs")?.contains("description: x\n") == true)
  }

  @Test func numbersGoOnWhereTheyAreTold() throws {
    let directory = MemoryDirectory(flavour: .changelog())
    directory.startNumbers(at: 1 << 40)
    try directory.apply(ldif: Self.changes)
    #expect(directory.evidence.rootDSE.value("lastChangeNumber") == String((1 << 40) + 5))
    directory.resetCounter(to: (1 << 40) + 2)
    #expect(directory.evidence.rootDSE.value("lastChangeNumber") == String((1 << 40) + 2))
    directory.repeatLastRecord()
    let newest = try records(directory, "cn=changelog").last
    #expect(newest?.string("changeNumber") == String((1 << 40) + 3) && newest?.string("changeType") == "delete")
  }

  @Test func tombstonesNeedTheControlAndTheRight() throws {
    let directory = try directory(.usn())
    let base = "CN=Deleted Objects,dc=example,dc=com"
    let control = Control("1.2.840.113556.1.4.417", isCritical: true)
    let tombstone = try #require(try records(directory, base, .all, [control]).first)
    #expect(tombstone.dn.hasPrefix("cn=b\\0ADEL:"))
    #expect(tombstone.string("uSNChanged") == "5" && tombstone.string("lastKnownParent") == "dc=example,dc=com")
    #expect(tombstone.values("objectGUID").first?.count == 16)
    #expect(directory.evidence.rootDSE.value("highestCommittedUSN") == "5")
    #expect(throws: DirectoryError.self) { try records(directory, base) }
    directory.faults.hidesRecords = true
    #expect(try records(directory, base, .all, [control]).isEmpty)
  }

  @Test func anotherServerHasAnotherIdentityAndOtherRecordsUnderItsNumbers() throws {
    for flavour in [.changelog(), .accesslog(), .usn()] as [any ChangeLogFlavour] {
      let directory = try directory(flavour)
      func identity() -> [String] {
        directory.logContainers.flatMap { directory.entry($0)?.attributes.strings("entryUUID") ?? [] }
          + directory.logContainers.flatMap { directory.entry($0)?.attributes.strings("entryCSN") ?? [] }
          + directory.evidence.rootDSE.values("dsServiceName")
      }
      let before = identity()
      directory.replaceServer()
      #expect(!before.isEmpty && identity() != before)
    }
    let directory = try directory(.changelog())
    directory.replaceServer()
    #expect(try records(directory, "cn=changelog").first?.string("changeType") == "delete")
  }

  @Test func anEntryIsFoundByItsBinaryID() throws {
    let directory = MemoryDirectory(flavour: .usn())
    try directory.apply(ldif: "dn: dc=example,dc=com\nobjectClass: domain\n")
    let id = try #require(directory.entry("dc=example,dc=com")?.attributes["objectGUID"].first)
    let hex = ImmutableID("objectGUID", form: .hexadecimal).text(of: id)
    let found = try directory.entries(for: SearchRequest(base: "<GUID=\(hex)>", scope: .base))
    #expect(found.map(\.dn) == ["dc=example,dc=com"])
  }
}
