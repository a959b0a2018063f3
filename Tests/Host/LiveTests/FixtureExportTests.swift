import Testing

@testable import TestSupport

/// Exports to products that nobody can install here, on servers that are made of fixtures and take writes as they do.
@Suite struct FixtureExportTests {
  private static let lds = "DC=example,DC=com"
  private static let company = "o=company"

  @Test func adLDSTakesPasswordsAsUnicodePwdAndRenamesWithoutTheOldName() async throws {
    try await FixtureScene.exporting("adlds-2019", base: Self.lds) { scene in
      let (new, ann) = ("CN=New,OU=people,\(Self.lds)", "CN=Ann Example,OU=people,\(Self.lds)")
      let file = try scene.input([
        #"{"change":"add","dn":"\#(new)","attributes":{"objectClass":["user"],"sn":["Body"]},"password":"Secret-pass-1"}"#,
        #"{"change":"rename","oldDN":"\#(ann)","dn":"CN=Anna,OU=new unit,OU=people,\#(Self.lds)"}"#,
        #"{"change":"update","dn":"CN=staff,OU=groups,\#(Self.lds)","attributes":{"member":{"add":["\#(new)"]}}}"#,
      ])
      let done = try await scene.expect(0, "export", file, "--yes")
      #expect(try await scene.bindCode(new, "Secret-pass-1") == 0, "\(done.summary)")
      #expect(try await scene.bindCode(new, "Wrong-pass-1") == 49)
      let anna = try await scene.account.read("CN=Anna,OU=new unit,OU=people,\(Self.lds)")
      #expect(anna?.strings("cn") == ["Anna"])
      let staff = try await scene.account.read("CN=staff,OU=groups,\(Self.lds)")
      #expect(staff?.strings("member").contains(new) == true)
      let size = try await scene.feedSize()
      let again = try await scene.expect(0, "export", file)
      #expect(again.standardOutput.contains("Nothing to do"), "\(again.summary)")
      try await scene.expect(0, "import", "full")
      #expect(try await scene.feedSize() == size, "the import finds what was exported in its place")
      try await scene.expectTruth("after the export", base: Self.lds, id: "objectGUID")
    }
  }

  @Test func anAccountOfADLDSIsDisabledAndItsPasswordChangedWithTheOldOne() async throws {
    try await FixtureScene.exporting("adlds-2019", base: Self.lds) { scene in
      let ann = "CN=Ann Example,OU=people,\(Self.lds)"
      for name in ["one", "two"] { try scene.scratch.write("Pass-\(name)-1", to: name) }
      try await scene.expect(0, "password", "set", ann, "--new-password-file", "one")
      try await scene.expect(3, "password", "change", ann, "--old-password-file", "two", "--new-password-file", "two")
      try await scene.expect(0, "password", "change", ann, "--old-password-file", "one", "--new-password-file", "two")
      #expect(try await scene.bindCode(ann, "Pass-two-1") == 0)
      try await scene.expect(0, "account", "disable", ann)
      #expect(try await scene.bindCode(ann, "Pass-two-1") == 49)
      let shown = try await scene.expect(0, "account", "show", ann, "--json")
      #expect(shown.standardOutput.contains("\"enabled\":false"), "\(shown.summary)")
      let file = try scene.input([#"{"change":"enable","dn":"\#(ann)"}"#])
      try await scene.expect(0, "export", file, "--yes")
      #expect(try await scene.bindCode(ann, "Pass-two-1") == 0)
    }
  }

  @Test func aBranchOfADLDSGoesInOneRequest() async throws {
    let settings = [("treeDelete", "true")]
    try await FixtureScene.exporting("adlds-2019", base: Self.lds, settings: settings) { scene in
      let file = try scene.input([#"{"change":"delete","dn":"OU=people,\#(Self.lds)"}"#])
      let plan = try await scene.expect(0, "export", file)
      #expect(plan.standardOutput.contains("with 2 entries below, in one request"), "\(plan.summary)")
      try await scene.expect(0, "export", file, "--yes")
      #expect(try await scene.account.read("OU=people,\(Self.lds)") == nil)
      try await scene.expectTruth("after the tree delete", base: Self.lds, id: "objectGUID")
    }
  }

  @Test func apacheDSListsTreeDeleteInVainAndABranchGoesEntryByEntry() async throws {
    let settings = [("treeDelete", "true"), ("count", "100"), ("percent", "100")]
    try await FixtureScene.exporting("apacheds-2.0.0.AM26", base: FixtureScene.base, settings: settings) { scene in
      let people = "ou=people,\(FixtureScene.base)"
      let file = try scene.input([#"{"change":"delete","dn":"\#(people)"}"#])
      let plan = try await scene.expect(0, "export", file)
      #expect(!plan.standardOutput.contains("in one request"), "\(plan.summary)")
      try await scene.expect(0, "export", file, "--yes")
      #expect(try await scene.account.read(people) == nil)
    }
  }

  @Test func aMembershipOfEDirectoryIsWrittenInAllFourAttributes() async throws {
    try await FixtureScene.exporting("netiq-edirectory-9.1.4", base: Self.company) { scene in
      let (bob, staff) = ("cn=bob,ou=people,\(Self.company)", "cn=staff,ou=groups,\(Self.company)")
      let file = try scene.input([
        #"{"change":"update","dn":"\#(staff)","attributes":{"member":{"add":["\#(bob)"]}}}"#,
        #"{"change":"update","dn":"\#(bob)","attributes":{"mail":["bob@example.com"]},"password":"Secret-pass-1"}"#,
      ])
      let done = try await scene.expect(0, "export", file, "--yes")
      let group = try #require(try await scene.account.read(staff))
      #expect(group.strings("member").contains(bob) && group.strings("equivalentToMe").contains(bob), "\(done.summary)")
      let member = try #require(try await scene.account.read(bob))
      #expect(member.strings("groupMembership") == [staff] && member.strings("securityEquals") == [staff])
      #expect(try await scene.bindCode(bob, "Secret-pass-1") == 0)
      let again = try await scene.expect(0, "export", file)
      #expect(again.standardOutput.contains("Nothing to do"), "\(again.summary)")
      try await scene.expectTruth("after the export", base: Self.company, id: "GUID")
    }
  }

  @Test func anAccountOfEDirectoryIsDisabled() async throws {
    try await FixtureScene.exporting("netiq-edirectory-9.1.4", base: Self.company) { scene in
      let ann = "cn=ann,ou=people,\(Self.company)"
      try scene.scratch.write("Secret-pass-1", to: "one")
      try await scene.expect(0, "password", "set", ann, "--new-password-file", "one")
      let disabled = try await scene.expect(0, "account", "disable", ann)
      #expect(disabled.standardOutput.contains("loginDisabled: TRUE"), "\(disabled.summary)")
      #expect(try await scene.bindCode(ann, "Secret-pass-1") == 53)
      try await scene.expect(8, "password", "set", ann, "--new-password-file", "one")
      try await scene.expect(0, "account", "enable", ann)
      #expect(try await scene.bindCode(ann, "Secret-pass-1") == 0)
    }
  }

  @Test func nothingIsWrittenToAGlobalCatalog() async throws {
    try await FixtureScene.exporting("adlds-2019", base: Self.lds) { scene in
      try scene.set("adapter", to: "adgc")
      let file = try scene.input([#"{"change":"delete","dn":"CN=Bob Example,OU=people,\#(Self.lds)"}"#])
      let refused = try await scene.expect(2, "export", file, "--yes")
      #expect(refused.standardError.contains("the global catalog is read-only"), "\(refused.summary)")
      try await scene.expect(2, "account", "show", "CN=Bob Example,OU=people,\(Self.lds)")
      #expect(try await scene.account.read("CN=Bob Example,OU=people,\(Self.lds)") != nil)
    }
  }
}
