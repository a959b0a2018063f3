import Testing

@testable import TestSupport

/// The connector on directories that are made of fixtures: products that nobody can install here, and servers that fail
/// at a chosen moment.
@Suite struct FixtureDirectoryTests {
  private static let base = FixtureScene.base
  private static let people = "ou=people,\(base)"

  /// A global catalog is told from its domain controller by its port alone, 3268 or 3269; here it has another one.
  private let toldByPort = ["adgc-2012r2", "adgc-2019-tls"]

  @Test func everyFixtureIsRecognisedOverASocket() async throws {
    var asExpected = 0
    var asFromFiles = 0
    let names = try FixtureScene.names()
    for name in names {
      let scene = try FixtureScene(name)
      try await scene.serving {
        let winner = try await scene.winner([scene.account.uri])
        if toldByPort.contains(name) {
          #expect(winner == (try await scene.winner(["--evidence", "\(scene.folder)/rootdse.ldif"])), "\(name)")
          asFromFiles += 1
        } else {
          #expect(winner == (try scene.expectedWinner), "\(name)")
          asExpected += 1
        }
      }
    }
    #expect(asFromFiles == toldByPort.count && asExpected == names.count - toldByPort.count)
    #expect(asExpected >= 70, "fixtures are missing: only \(names)")
  }

  @Test func changesOfEveryKindArriveByTheAccessLog() async throws {
    let scene = try await FixtureScene.imported("openldap-2.5.13")
    try await scene.serving {
      // The directory is new since the import, and so is its log.
      #expect(try await scene.tool(["import", "full"]).exitCode == 0)
      try await scene.account.modify(Self.everyKind)
      let report = Report(try await scene.tool(["import", "delta", "--json"]))
      #expect(report.result.exitCode == 0, "\(report.result.summary)")
      #expect(report.count("added") == 1 && report.count("deleted") == 1, "\(report.counts)")
      #expect(report.count("renamed") >= 3, "\(report.counts)")
      try await scene.expectTruth("after the delta import")
      try await scene.expectUnchanged {
        let again = Report(try await scene.tool(["import", "delta", "--json"]))
        #expect(again.result.exitCode == 0 && again.counts == [:], "\(again.result.summary)")
      }
    }
  }

  @Test func aDirectoryWithoutADeltaIsImportedInFull() async throws {
    let scene = try await FixtureScene.imported("apacheds-2.0.0.AM26")
    try await scene.serving {
      try await scene.account.modify(
        "dn: uid=new,\(Self.people)\nchangetype: add\nobjectClass: inetOrgPerson\nuid: new\ncn: a\nsn: b\n\n")
      try await scene.expectUnchanged {
        let delta = try await scene.tool(["import", "delta"])
        #expect(delta.exitCode == 4, "\(delta.summary)")
        #expect(delta.standardError.contains("ApacheDS"), "\(delta.summary)")
        #expect(delta.standardError.contains("Run a full import"), "\(delta.summary)")
      }
      #expect(try await scene.tool(["import", "full"]).exitCode == 0)
      try await scene.expectTruth("after the second full import")
    }
  }

  /// What happens to the second of three pages, and what the import says of it.
  private static let troubles = [
    (#""do": "cut""#, "the server closed the connection"),
    (#""do": "busy""#, "busy (51)"),
    (#""do": "unavailable""#, "unavailable (52)"),
    (#""do": "sizeLimit""#, "nothing was deleted. Lift the limits for the connector's account"),
    (#""do": "malformed""#, "the server sent a malformed entry"),
    (#""do": "withoutPageControl""#, "the server ended a page without the paged results control"),
    (#""do": "slow", "milliseconds": 60000"#, "the server did not answer for"),
  ]

  @Test(arguments: troubles)
  func aFailingPageEndsTheImportAndDeletesNothing(effect: String, words: String) async throws {
    let scene = try await FixtureScene.imported("openldap-2.5.13")
    let fault = #"[{"when": {"operation": "search", "base": "\#(Self.base)", "page": 2}, \#(effect)}]"#
    try await scene.serving(faults: fault) {
      try scene.set("operationTimeout", to: "3s")
      try await scene.expectUnchanged {
        let failed = try await scene.tool(["import", "full"])
        #expect(failed.exitCode == 3, "\(failed.summary)")
        #expect(failed.standardError.contains("search of \(Self.base): "), "\(failed.summary)")
        #expect(failed.standardError.contains(words), "\(failed.summary)")
      }
      try scene.set("operationTimeout", to: "1m")
      try await expectNextImportIsRight(scene)
    }
  }

  @Test func anAnswerWithoutEntriesIsNotTrusted() async throws {
    let scene = try await FixtureScene.imported("openldap-2.5.13")
    let fault = #"{"when": {"operation": "search", "base": "\#(Self.base)"}, "do": "emptySuccess", "always": true}"#
    try await scene.serving(faults: "[\(fault)]") {
      try await scene.expectUnchanged {
        let report = Report(try await scene.tool(["import", "full", "--json"]))
        #expect(report.result.exitCode == 3 && !report.isComplete, "\(report.result.summary)")
        #expect(report.findings.contains("The import is not trusted: none of the"), "\(report.findings)")
      }
    }
    try await scene.serving { try await expectNextImportIsRight(scene) }
  }

  @Test func whatAnEmptyPageHidIsLookedUp() async throws {
    let scene = try await FixtureScene.imported("openldap-2.5.13")
    let fault = #"{"when": {"operation": "search", "base": "\#(Self.base)", "page": 2}, "do": "emptySuccess"}"#
    try await scene.serving(faults: "[\(fault)]") {
      try await scene.account.modify(
        "dn: uid=r1,\(Self.people)\nchangetype: modify\nreplace: description\ndescription: behind the page\n\n"
          + "dn: cn=User Four,ou=archive,\(Self.base)\nchangetype: delete\n\n")
      let report = Report(try await scene.tool(["import", "full", "--json"]))
      #expect(report.result.exitCode == 0 && report.count("read") == 5, "\(report.result.summary)")
      #expect(report.count("deleted") == 1, "the one that the log proves: \(report.counts)")
      try await scene.expectTruth("every object that the page hid was looked up")
    }
  }

  /// Deletes, adds, and imports without the trouble.
  private func expectNextImportIsRight(_ scene: FixtureScene) async throws {
    try await scene.account.modify(
      "dn: cn=User Four,ou=archive,\(Self.base)\nchangetype: delete\n\n"
        + "dn: uid=new,\(Self.people)\nchangetype: add\nobjectClass: inetOrgPerson\nuid: new\ncn: a\nsn: b\n\n")
    let report = Report(try await scene.tool(["import", "full", "--json"]))
    #expect(report.result.exitCode == 0 && report.isComplete, "\(report.result.summary)")
    #expect(report.count("deleted") == 1 && report.count("added") == 1, "\(report.counts)")
    try await scene.expectTruth("after the import without the trouble")
  }

  static let everyKind = """
    dn: uid=new,\(people)
    changetype: add
    objectClass: inetOrgPerson
    uid: new
    cn: New
    sn: New

    dn: uid=U1,\(people)
    changetype: modify
    replace: description
    description: changed

    dn: uid=r1,\(people)
    changetype: modrdn
    newrdn: uid=r2
    deleteoldrdn: 1

    dn: \(people)
    changetype: modrdn
    newrdn: ou=people
    deleteoldrdn: 1
    newsuperior: ou=archive,\(base)

    dn: cn=User Four,ou=archive,\(base)
    changetype: delete

    """
}
