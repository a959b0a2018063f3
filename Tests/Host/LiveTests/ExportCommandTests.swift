import Foundation
import Testing

@testable import TestSupport

/// `export`, `password` and `account` through the executable, on a real server; the judge is `ldapsearch`.
@Suite struct ExportCommandTests {
  private static let base = SlapdExportScene.base
  private static let people = SlapdExportScene.people

  private static let everything = [
    #"{"change":"add","dn":"uid=new,ou=team,\#(people)","attributes":{"objectClass":["inetOrgPerson"],"cn":["New"],"#
      + #""sn":["Body"]},"password":"Secret-pass-1"}"#,
    #"{"change":"update","dn":"uid=ann,\#(people)","attributes":{"mail":["ann@example.org"]}}"#,
    #"{"change":"rename","oldDN":"uid=bob,\#(people)","dn":"uid=rob,ou=team,\#(people)"}"#,
    #"{"change":"update","dn":"cn=staff,ou=groups,\#(base)","attributes":{"member":{"add":["uid=new,ou=team,\#(people)"],"#
      + #""remove":["uid=ann,\#(people)"]}}}"#,
    #"{"change":"delete","dn":"uid=cem,\#(people)"}"#,
  ]

  @Test func aPlanWritesNothingAndApplyWritesExactlyIt() async throws {
    try await SlapdExportScene.running { scene in
      let file = try scene.input(Self.everything)
      let before = try await scene.account.search(attributes: ["*", "+"])
      let shown = try await scene.expect(0, "export", "plan", file, "--output", "plan.json")
      #expect(shown.standardOutput.contains("mail: - ann@example.com; + ann@example.org"), "\(shown.summary)")
      #expect(try await scene.account.search(attributes: ["*", "+"]).map(\.attributes) == before.map(\.attributes))
      let plan = try String(contentsOfFile: scene.scratch.file("plan.json"), encoding: .utf8)
      #expect(!plan.contains("Secret-pass") && !shown.standardOutput.contains("Secret-pass"))

      let refused = try await scene.expect(64, "export", "apply", "plan.json")
      #expect(refused.standardError.contains("--passwords changes.jsonl"), "\(refused.summary)")
      try scene.input(Self.everything.map { $0.replacing("Secret-pass-1", with: "Other-pass-2") }, "other.jsonl")
      try await scene.expect(1, "export", "apply", "plan.json", "--passwords", "other.jsonl")
      #expect(try await scene.account.search(attributes: ["*", "+"]).map(\.attributes) == before.map(\.attributes))

      try await scene.expect(0, "export", "apply", "plan.json", "--passwords", file)
      try await expectEverything(scene)
      let again = try await scene.expect(0, "export", "apply", "plan.json")
      #expect(again.standardOutput.contains("Everything is done already"), "\(again.summary)")
    }
  }

  @Test func whatWasExportedIsInTheFeedOnceAndASecondExportDoesNothing() async throws {
    try await SlapdExportScene.running { scene in
      let file = try scene.input(Self.everything)
      try await scene.expect(0, "export", file, "--yes")
      try await expectEverything(scene)
      let size = try await scene.feedSize()
      let last = try #require(try await scene.run(["changes", "--since", "0"], input: "").lines.last)
      #expect(last.contains("export"), "the reason: \(last)")
      try await scene.expect(0, "import", "delta")
      #expect(try await scene.feedSize() == size, "the confirming import adds nothing")
      let second = try await scene.expect(0, "export", file, "--yes", "--json")
      #expect(second.lines.last?.contains("\"complete\":true") == true, "\(second.summary)")
      #expect(try await scene.feedSize() == size)
    }
  }

  private func expectEverything(_ scene: SlapdExportScene) async throws {
    let new = try await scene.account.read("uid=new,ou=team,\(Self.people)")
    #expect(new?.strings("sn") == ["Body"])
    #expect(try await scene.bindCode("uid=new,ou=team,\(Self.people)", "Secret-pass-1") == 0)
    #expect(try await scene.account.read("uid=ann,\(Self.people)")?.strings("mail") == ["ann@example.org"])
    #expect(try await scene.account.read("uid=bob,\(Self.people)") == nil)
    #expect(try await scene.account.read("uid=rob,ou=team,\(Self.people)")?.strings("uid") == ["rob"])
    #expect(try await scene.account.read("uid=cem,\(Self.people)") == nil)
    let staff = try await scene.account.read("cn=staff,ou=groups,\(Self.base)")
    #expect(staff?.strings("member") == ["uid=new,ou=team,\(Self.people)"])
  }

  @Test func anExportThatIsKilledGoesOnWhereItWas() async throws {
    try await SlapdExportScene.running { scene in
      let people = (0..<1500).map { number in
        #"{"change":"add","dn":"uid=p\#(number),\#(Self.people)","attributes":{"objectClass":["inetOrgPerson"],"#
          + #""cn":["P"],"sn":["\#(number)"]}}"#
      }
      let file = try scene.input(people)
      let running = try Command.start(["export", file, "--yes"], directory: scene.scratch.path)
      try await eventually("something is written") {
        try await scene.account.search(Self.people, filter: "(sn=300)").count == 1
      }
      running.send(SIGKILL)
      _ = try await running.wait()
      let partly = try await scene.account.search(Self.people, filter: "(cn=P)", attributes: ["1.1"]).count
      try await scene.expect(0, "export", file, "--yes")
      let whole = try await scene.account.search(Self.people, filter: "(cn=P)", attributes: ["1.1"]).count
      #expect(whole == 1500 && partly < 1500, "killed after \(partly)")
      let adds = try await scene.run(["changes", "--since", "0"], input: "").lines.filter {
        $0.contains("\"cn\":[\"P\"]")
      }
      #expect(adds.count == 1500, "each is in the feed once")
      let size = try await scene.feedSize()
      try await scene.expect(0, "import", "delta")
      #expect(try await scene.feedSize() == size)
    }
  }

  @Test func deletesBeyondTheBudgetNeedTheOperatorsWord() async throws {
    try await SlapdExportScene.running(yaml: "deleteBudget: {count: 10}") { scene in
      let file = try scene.input([
        #"{"change":"delete","dn":"ou=old,\#(Self.base)"}"#,
        #"{"change":"update","dn":"uid=ann,\#(Self.people)","attributes":{"title":["x"]}}"#,
      ])
      let held = try await scene.expect(8, "export", file, "--yes")
      #expect(try await scene.account.read("uid=o1,ou=old,\(Self.base)") != nil, "\(held.summary)")
      #expect(try await scene.account.read("uid=ann,\(Self.people)")?.strings("title") == ["x"])
      let plan = try await scene.expect(8, "export", file)
      #expect(plan.standardOutput.contains("--allow-deletes 13"), "\(plan.summary)")
      try await scene.expect(0, "export", file, "--yes", "--allow-deletes", "13")
      #expect(try await scene.account.read("ou=old,\(Self.base)") == nil)
    }
  }

  @Test func wrongLinesAreToldAndTheOthersAreDone() async throws {
    try await SlapdExportScene.running { scene in
      let lines = [
        #"{"change":"update","dn":"uid=ann,\#(Self.people)","attributes":{"nosuch":["x"]}}"#, "{",
        #"{"change":"update","dn":"uid=bob,\#(Self.people)","attributes":{"title":["boss"]}}"#,
      ]
      let input = lines.joined(separator: "\n")
      let done = try await scene.expect(8, "export", "-", "--yes", input: input)
      #expect(done.standardOutput.contains("error: uid=ann,\(Self.people): line 1: "), "\(done.summary)")
      #expect(done.standardOutput.contains("error: line 2:"), "\(done.summary)")
      #expect(try await scene.account.read("uid=bob,\(Self.people)")?.strings("title") == ["boss"])
    }
  }

  @Test func aPlanOfAnotherConnectorIsRefused() async throws {
    try await SlapdExportScene.running { scene in
      let file = try scene.input(Self.everything)
      try await scene.expect(0, "export", "plan", file, "--output", "plan.json")
      try FileManager.default.removeItem(atPath: scene.scratch.file("state.db"))
      for suffix in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: scene.scratch.file("state.db" + suffix))
      }
      let refused = try await scene.expect(1, "export", "apply", "plan.json", "--passwords", file)
      #expect(refused.standardError.contains("another connector space"), "\(refused.summary)")
      #expect(try await scene.account.read("uid=cem,\(Self.people)") != nil)
    }
  }

  @Test func aPasswordIsSetChangedAndMadeUpAndTriedEachTime() async throws {
    try await SlapdExportScene.running { scene in
      let ann = "uid=ann,\(Self.people)"
      for (name, password) in [("one", "Pass-one-1"), ("two", "Pass-two-2")] {
        try scene.scratch.write(password + "\n", to: name)
      }
      let objects = try await scene.run(["objects", "--dn", ann], input: "")
      let id = try #require(try ExportedObject.parse(jsonLines: objects.standardOutputBytes).first?.id)
      let set = try await scene.expect(0, "password", "set", "--id", id, "--new-password-file", "one", "--json")
      #expect(set.standardOutput.contains("\"bindSucceeds\":true"), "\(set.summary)")
      #expect(try await scene.bindCode(ann, "Pass-one-1") == 0)
      let change = ["password", "change", ann, "--old-password-file", "one", "--new-password-file", "two"]
      let changed = try await scene.run(change, input: "")
      #expect(
        changed.exitCode == 0 && !(changed.standardOutput + changed.standardError).contains("Pass-"),
        "\(changed.summary)")
      #expect(try await scene.bindCode(ann, "Pass-two-2") == 0)
      #expect(try await scene.run(change, input: "").exitCode == 3, "the old password is not the old one any more")
      let made = try await scene.expect(0, "password", "set", ann, "--generate")
      let password = try #require(made.lines.last)
      #expect(made.lines.count == 1)
      #expect(try await scene.bindCode(ann, password) == 0)
      try await scene.expect(1, "password", "set", "uid=nobody,\(Self.people)", "--new-password-file", "one")
      try await scene.expect(64, "password", "set", ann, "--new-password-file", "nowhere")
    }
  }

  @Test func aPasswordDoesNotTravelInClearTextUnlessThatIsAllowed() async throws {
    try await SlapdExportScene.running(transport: "ldap") { scene in
      let ann = "uid=ann,\(Self.people)"
      try scene.scratch.write("Pass-one-1", to: "one")
      let refused = try await scene.expect(2, "password", "set", ann, "--new-password-file", "one")
      #expect(refused.standardError.contains("export.allowClearTextPasswords"), "\(refused.summary)")
      let file = try scene.input([#"{"change":"update","dn":"\#(ann)","password":"Pass-one-1"}"#])
      try await scene.expect(8, "export", file, "--yes")
      #expect(try await scene.bindCode(ann, "Pass-one-1") == 49)
      try scene.configure("ldap", "export: {allowClearTextPasswords: true}")
      try await scene.expect(0, "password", "set", ann, "--new-password-file", "one")
      #expect(try await scene.bindCode(ann, "Pass-one-1") == 0)
    }
  }

  @Test func aServerWithoutAnAccountStateSaysWhatItNeeds() async throws {
    try await SlapdExportScene.running { scene in
      let refused = try await scene.expect(1, "account", "show", "uid=ann,\(Self.people)")
      #expect(refused.standardError.contains("the overlay ppolicy"), "\(refused.summary)")
    }
  }
}
