import Glibc
import Testing

@testable import TestSupport

/// The private 389 Directory Server does what the live tests count on.
@Suite struct DS389ServerTests {
  private static let unit = "ou=x,\(DS389Server.base)"
  private var unit: String { Self.unit }

  private static var seed: DirectorySeed {
    var records = LDIFText()
    records.entry(unit, classes: ["organizationalUnit"], [])
    records.entry("uid=one,\(unit)", classes: ["inetOrgPerson"], [("cn", "One"), ("sn", "One"), ("mail", "a@b")])
    return .text(records.text)
  }

  private func write(_ server: DS389Server, _ records: (inout LDIFText) -> Void) async throws {
    var text = LDIFText()
    records(&text)
    try await server.admin.modify(text.text)
  }

  private func log(_ server: DS389Server, as account: LDAPTools? = nil) async throws -> [DirectoryEntry] {
    let records = try await (account ?? server.connector).search(
      DS389Server.logBase, filter: "(changeNumber=*)", attributes: ["*"])
    return records.sorted { Int($0.strings("changeNumber")[0]) ?? 0 < Int($1.strings("changeNumber")[0]) ?? 0 }
  }

  @Test func eachAccountHasTheRightsOfItsDescription() async throws {
    let people = BigDirectory(users: 30, groups: 2, members: 5)
    let options = DS389Options.with {
      $0.seed = .text(people.ldif); $0.sizeLimit = 20
    }
    try await DS389Server.running(options) { server in
      try await write(server) { $0.unit("ou=x", in: DS389Server.base) }
      let entries = try await server.connector.search(attributes: ["*", "nsUniqueId"])
      #expect(entries.count == 38 && entries.allSatisfy { $0.strings("nsUniqueId").count == 1 })
      #expect(entries.allSatisfy { $0.strings("userPassword") == [] && $0.strings("aci") == [] })
      #expect(try await log(server).count == 1)
      #expect(try await server.limited.search(accepting: [4]).count == 20)
      #expect(try await log(server, as: server.limited).isEmpty)
      #expect(try await server.anonymous.read("", attributes: ["changelog"])?.strings("changelog") == ["cn=changelog"])
      #expect(try await server.anonymous.search().isEmpty)
      await #expect(throws: SupportError.self) { try await server.connector.delete([unit]) }
      try await server.setConnectorLimit(10)
      #expect(try await server.connector.search(accepting: [4, 11]).count <= 10)
      try await server.setConnectorLimit(nil)
      #expect(try await server.connector.search().count == 38)
    }
  }

  @Test(arguments: [true, false])
  func everyWriteIsLoggedWithOrWithoutTheIDOfItsEntry(isLogged: Bool) async throws {
    let options = DS389Options.with {
      $0.seed = Self.seed
      if !isLogged { $0.loggedAttributes = [] }
    }
    try await DS389Server.running(options) { server in
      let id = try await server.connector.read("uid=one,\(unit)", attributes: ["nsUniqueId"])?.strings("nsUniqueId")
      try await write(server) {
        $0.person("uid=two", in: unit)
        $0.modify("uid=one,\(unit)", "replace", "sn", ["Eins"])
        $0.rename("uid=one,\(unit)", to: "uid=eins", newSuperior: DS389Server.base)
        $0.delete("uid=eins,\(DS389Server.base)")
      }
      let records = try await log(server)
      #expect(records.map { $0.strings("changeType")[0] } == ["add", "modify", "modrdn", "delete"])
      #expect(records.map { $0.strings("changeNumber")[0] } == ["1", "2", "3", "4"])
      #expect(records[1].strings("targetUniqueId") == (isLogged ? id : []))
      #expect(records[3].strings("targetUniqueId") == (isLogged ? id : []))
      #expect(records[2].strings("newSuperior") == [DS389Server.base])
    }
  }

  @Test func onlyTheSuffixesAskedForAreLogged() async throws {
    let options = DS389Options.with {
      $0.seed = Self.seed; $0.loggedSuffixes = [Self.unit]
    }
    try await DS389Server.running(options) { server in
      try await write(server) {
        $0.unit("ou=elsewhere", in: DS389Server.base)
        $0.modify("uid=one,\(unit)", "replace", "sn", ["Eins"])
      }
      #expect(try await log(server).map { $0.strings("targetDn") } == [["uid=one,\(unit)"]])
    }
  }

  @Test func withoutTheChangelogThereIsNone() async throws {
    try await DS389Server.running(.with { $0.changelog = false }) { server in
      let root = try await server.connector.read("", attributes: ["*", "changelog", "vendorName"])
      #expect(root?.strings("vendorName") == ["389 Project"] && root?.strings("changelog") == [])
      #expect(try await server.admin.read(DS389Server.logBase) == nil)
    }
  }

  @Test(arguments: [true, false])
  func thePlugInsWriteAsTheOptionsSay(areOn: Bool) async throws {
    let options = DS389Options.with {
      $0.seed = Self.seed; $0.memberOf = areOn; $0.referentialIntegrity = areOn
    }
    try await DS389Server.running(options) { server in
      try await write(server) { $0.group("cn=g", in: DS389Server.base, members: ["uid=one,\(unit)"]) }
      let one = try await server.connector.read("uid=one,\(unit)")
      #expect(one?.strings("memberOf") == (areOn ? ["cn=g,\(DS389Server.base)"] : []))
      let targets = try await log(server).flatMap { $0.strings("targetDn") }
      #expect(targets.contains("uid=one,\(unit)") == areOn, "the plug-in's own writes are logged: \(targets)")
      try await write(server) { $0.rename("uid=one,\(unit)", to: "uid=eins") }
      let group = try await server.connector.read("cn=g,\(DS389Server.base)")
      #expect(group?.strings("member") == [areOn ? "uid=eins,\(unit)" : "uid=one,\(unit)"])
    }
  }

  @Test func partsAreHiddenFromTheConnectorAndShownAgainLive() async throws {
    try await DS389Server.running(.with { $0.seed = Self.seed }) { server in
      let entry = try await server.connector.read("uid=one,\(unit)", attributes: ["*", "nsUniqueId"])
      let byID = "(nsUniqueId=\(entry?.strings("nsUniqueId").first ?? ""))"
      #expect(try await server.connector.search(filter: byID).count == 1)
      try await server.hide([.subtree(unit), .attribute("description")])
      #expect(try await server.connector.search(unit, accepting: [0, 32]).isEmpty)
      #expect(try await server.connector.search(filter: byID).isEmpty)
      #expect(try await server.connector.search().count == 3)
      #expect(try await server.limited.search().count == 5)
      try await server.hide([.attribute("mail")])
      #expect(try await server.connector.read("uid=one,\(unit)")?.strings("mail") == [])
      #expect(try await server.limited.read("uid=one,\(unit)")?.strings("mail") == ["a@b"])
      try await server.hide([])
      #expect(
        try await server.connector.read("uid=one,\(unit)", attributes: ["*", "nsUniqueId"])?.attributes
          == entry?.attributes)
    }
  }

  @Test func theRightOnTheLogIsTakenAndGivenBackLive() async throws {
    try await DS389Server.running { server in
      try await write(server) { $0.unit("ou=x", in: DS389Server.base) }
      try await server.setConnectorReadsLog(false)
      #expect(try await log(server).isEmpty)
      try await server.setConnectorReadsLog(true)
      #expect(try await log(server).count == 1)
      try await server.restart()
      #expect(try await log(server).count == 1)
    }
  }

  @Test func anOldLogIsTrimmedToItsNewestRecord() async throws {
    try await DS389Server.running(
      .with {
        $0.maxAge = "2s"; $0.trimInterval = 1
      }
    ) { server in
      try await write(server) { records in
        for name in ["a", "b", "c"] { records.unit("ou=\(name)", in: DS389Server.base) }
      }
      try await eventually("the log is trimmed", within: 20) { try await log(server).count == 1 }
      let root = try await server.anonymous.read("", attributes: ["firstchangenumber", "lastchangenumber"])
      #expect(root?.strings("firstchangenumber") == ["3"] && root?.strings("lastchangenumber") == ["3"])
      try await server.restart {
        $0.maxAge = "2d"; $0.trimInterval = 300
      }
      try await write(server) { $0.unit("ou=d", in: DS389Server.base) }
      #expect(try await log(server).map { $0.strings("changeNumber") } == [["3"], ["4"]])
    }
  }

  @Test func aRestartKeepsDataAndLogAndAReplacementHasOthers() async throws {
    func ids(_ server: DS389Server) async throws -> [[String]?] {
      var found: [[String]?] = []
      for dn in [DS389Server.base, DS389Server.logBase] {
        found.append(try await server.connector.read(dn, attributes: ["nsUniqueId"])?.strings("nsUniqueId"))
      }
      return found
    }
    try await DS389Server.running(.with { $0.seed = Self.seed }) { server in
      let first = try await ids(server)
      #expect(first.allSatisfy { $0?.count == 1 })
      for round in 1...3 {
        try await write(server) { $0.unit("ou=round\(round)", in: DS389Server.base) }
        try await server.kill()
        #expect(!server.isRunning)
        try await server.startAgain()
        #expect(try await ids(server) == first)
        #expect(try await log(server).count == round)
      }
      try await server.wipeAndReplace()
      #expect(Set(try await ids(server)).isDisjoint(with: first))
      #expect(try await server.connector.search().count == 3)
      #expect(try await log(server).isEmpty)
    }
  }

  @Test func aSuspendedServerAnswersOnlyWhenResumed() async throws {
    try await DS389Server.running { server in
      server.suspend()
      let search = try RunningCommand("/usr/bin/ldapsearch", ["-x", "-LLL", "-H", server.uri, "-b", "", "-s", "base"])
      try await Task.sleep(for: .milliseconds(300))
      #expect(search.isRunning)
      server.resume()
      #expect(try await search.wait(timeout: 20).exitCode == 0)
      #expect(server.accessLog.contains("RESULT err=0"))
    }
  }

  @Test func theCompanyLoadsAndComesBackAsItWas() async throws {
    let company = Company()
    try await DS389Server.running(.with { $0.seed = .text(company.ldif) }) { server in
      let entries = try await server.connector.search()
      let dns = Set(entries.map(\.dn))
      // The server writes `\2C` for `\,` in a name.
      let unescaped = (company.people.map(\.dn) + company.groups + company.units).filter { !$0.contains("\\") }
      #expect(unescaped.filter { !dns.contains($0) } == [] && entries.count == unescaped.count + 3 + 3)
      #expect(entries.filter { $0.attributes["jpegphoto"] != nil }.count == 8)
      #expect(entries.filter { $0.attributes["usercertificate;binary"] == [Company.certificate] }.count == 5)
    }
  }
}
