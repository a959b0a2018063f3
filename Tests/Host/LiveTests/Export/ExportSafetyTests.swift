import Foundation
import Testing

@testable import TestSupport

/// What an export refuses, and that the rest goes on all the same.
@Suite struct ExportSafetyTests {
  private static let base = Scene.base
  private static let people = "ou=people,\(Scene.base)"

  private static func update(_ dn: String, _ attributes: [String: Any]) -> [String: Any] {
    ["change": "update", "dn": dn, "attributes": attributes]
  }

  @Test(arguments: LiveProduct.servers)
  func wrongLinesAreToldAndTheOthersAreCarriedOut(product: LiveProduct) async throws {
    try await Scene.exporting(
      on: product, partition: "exclude: [\"ou=old,\(Self.base)\"]",
      prepare: { scene in
        try await ExportKindTests.prepare(&scene)
        scene.isInScope = { !$0.lowercased().hasSuffix("ou=old,\(Self.base)") }
      }
    ) { scene in
      let wrong: [(String, [String: Any])] = [
        ("shoeSize", Self.update("uid=ada,\(Self.people)", ["shoeSize": ["new": ["39"]]])),
        (
          "sn",
          [
            "change": "add", "dn": "uid=x,\(Self.people)",
            "attributes": ["objectClass": ["inetOrgPerson"], "cn": ["X"]],
          ]
        ),
        ("preferredLanguage", Self.update("uid=grace,\(Self.people)", ["preferredLanguage": ["new": ["en", "de"]]])),
        ("manager", ExportKindTests.person("uid=y,\(Self.people)", "y", ["manager": ["no DN at all"]])),
        (
          "nobody knows it", ["change": "update", "anchor": "nobody knows it", "attributes": ["title": ["new": ["X"]]]]
        ),
        ("ou=old", ["change": "delete", "dn": "uid=alan,ou=old,\(Self.base)"]),
        ("dc=elsewhere", ExportKindTests.person("uid=z,dc=elsewhere", "z")),
        ("exists", ExportKindTests.person("uid=grace,\(Self.people)", "grace", ["title": ["Another"]])),
        ("uid=nobody", Self.update("uid=nobody,\(Self.people)", ["title": ["new": ["X"]]])),
      ]
      for (number, (word, change)) in wrong.enumerated() {
        let input = try scene.input([change], name: "wrong\(number).jsonl")
        let plan = try await scene.plan(input, accepting: [8])
        let told = plan.findings("error").joined(separator: "; ")
        #expect(plan.operations.isEmpty && told.contains(word), "\(number) \(word): \(told)")
      }
      let all = try scene.input(wrong.map(\.1) + [Self.update("uid=ada,\(Self.people)", ["title": ["new": ["Lady"]]])])
      // ada's other line is wrong, so nothing of hers is written; a broken line is no line at all.
      let text = try String(contentsOfFile: all, encoding: .utf8)
      let rest =
        #"{"change":"add","dn":"uid=good,\#(Self.people)","attributes":{"objectClass":["inetOrgPerson"],"cn":["G"],"sn":["G"]}}"#
      let input = try scene.scratch.write(text + "{\"change\": oops}\n" + rest + "\n", to: "all.jsonl")
      let outcome = try await scene.export(input, accepting: [8])
      #expect(outcome.counts["added"] == 1, "\(outcome.result.summary)")
      #expect(try await scene.server.admin.read("uid=good,\(Self.people)") != nil)
      #expect(try await scene.server.admin.read("uid=ada,\(Self.people)")?.strings("title") == [])
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.servers)
  func whatChangedSinceThePlanIsRefusedAndTheRestGoesOn(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: ExportKindTests.prepare) { scene in
      let names = ["ada", "grace"].map { "uid=\($0),\(Self.people)" }
      let input = try scene.input(
        names.map { Self.update($0, ["title": ["new": ["Lady"]]]) } + [
          ["change": "delete", "dn": "uid=alan,ou=old,\(Self.base)"],
          ["change": "rename", "oldDN": "uid=kurt,ou=old,\(Self.base)", "dn": "uid=goedel,ou=old,\(Self.base)"],
          ExportKindTests.person("uid=new,\(Self.people)", "new"),
        ])
      try await scene.plan(input)
      try await scene.write { records in
        records.modify(names[0], "replace", "title", ["Countess"])
        records.modify("uid=alan,ou=old,\(Self.base)", "replace", "description", ["still needed"])
        records.modify("uid=kurt,ou=old,\(Self.base)", "replace", "description", ["incomplete"])
        records.person("uid=new", in: Self.people)
      }
      let outcome = try await scene.apply(accepting: [8])
      #expect(outcome.counts["modified"] == 1, "\(outcome.result.summary)")
      #expect(outcome.count("refused") + outcome.count("failed") == 4, "\(outcome.result.summary)")
      let admin = scene.server.admin
      #expect(try await admin.read(names[0])?.strings("title") == ["Countess"])
      #expect(try await admin.read(names[1])?.strings("title") == ["Lady"])
      #expect(try await admin.read("uid=alan,ou=old,\(Self.base)") != nil)
      #expect(try await admin.read("uid=kurt,ou=old,\(Self.base)") != nil)
      for name in [names[0], "uid=alan", "uid=kurt", "uid=new"] {
        #expect(outcome.findings.contains(name), "the report says which: \(name) in \(outcome.findings)")
      }
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.servers)
  func moreDeletesThanTheBudgetNeedTheOperatorsWord(product: LiveProduct) async throws {
    try await Scene.exporting(
      on: product,
      prepare: { scene in
        try await scene.write { records in
          records.unit("ou=many", in: Self.base)
          for number in 1...20 { records.person("uid=p\(number)", in: "ou=many,\(Self.base)") }
        }
      }
    ) { scene in
      let input = try scene.input([
        ["change": "delete", "dn": "ou=many,\(Self.base)"], ExportKindTests.person("uid=new,\(Self.base)", "new"),
      ])
      let plan = try await scene.plan(input, accepting: [8])
      #expect("\(plan.findings)".contains("--allow-deletes"), "\(plan.findings)")
      let outcome = try await scene.apply(accepting: [8])
      #expect(outcome.counts["added"] == 1 && outcome.counts["deleted"] == nil, "\(outcome.result.summary)")
      #expect(try await scene.server.admin.search("ou=many,\(Self.base)").count == 21)
      let sequence = try await scene.lastSequence()
      try await scene.export(input, ["--allow-deletes", "21"])
      #expect(try await scene.server.admin.read("ou=many,\(Self.base)") == nil)
      try await scene.expectExported(input, since: sequence)
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aBranchIsDeletedInOneRequestWhereTheServerCan(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, yaml: "export: {treeDelete: true}", prepare: ExportKindTests.prepare) {
      scene in
      let input = try scene.input([["change": "delete", "dn": "ou=old,\(Self.base)"]])
      let sequence = try await scene.lastSequence()
      let plan = try await scene.plan(input)
      #expect(plan.kinds == (product.deletesTrees ? ["deleteTree": 1] : ["delete": 3]))
      try await scene.apply()
      #expect(try await scene.server.admin.read("ou=old,\(Self.base)") == nil)
      try await scene.expectExported(input, since: sequence)
    }
  }

  @Test func aChangeOfALargeGroupSendsWhatChanged() async throws {
    try await Scene.exporting(
      on: .slapd,
      prepare: { scene in
        try await scene.write { records in
          records.group("cn=large", in: Self.base, members: (1...5000).map { "uid=u\($0),ou=people,\(Self.base)" })
        }
      }
    ) { scene in
      let input = try scene.input([
        Self.update(
          "cn=large,\(Self.base)",
          ["member": ["add": ["cn=one more,\(Self.base)"], "remove": ["uid=u7,\(Self.people)"]]])
      ])
      let sequence = try await scene.lastSequence()
      let plan = try await scene.plan(input)
      #expect(plan.text.utf8.count < 5000, "the plan holds what changes, not the group")
      try await scene.apply()
      let logged = try await scene.server.admin.search(
        "cn=accesslog", filter: "(&(objectClass=auditModify)(reqDN=cn=large,\(Self.base)))", attributes: ["reqMod"])
      let sent = try #require(logged.last).strings("reqMod").filter { $0.hasPrefix("member:") }
      #expect(sent.count == 2, "\(sent)")
      try await scene.expectExported(input, since: sequence)
    }
  }

  @Test func thePlanOfAnotherConnectorIsRefused() async throws {
    try await Scene.exporting(on: .slapd, prepare: ExportKindTests.prepare) { scene in
      let input = try scene.input([Self.update("uid=ada,\(Self.people)", ["title": ["new": ["Lady"]]])])
      let plan = try await scene.plan(input)
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: scene.state + end) }
      try await scene.full()
      try await scene.command(["export", "apply", scene.scratch.file("plan.json")], accepting: [1, 2])
      _ = try scene.scratch.write(String(plan.text.dropLast(40)), to: "broken.json")
      let broken = try await scene.command(["export", "apply", scene.scratch.file("broken.json")], accepting: [1, 2])
      #expect(broken.standardError.contains("broken.json"), "\(broken.summary)")
      #expect(try await scene.server.admin.read("uid=ada,\(Self.people)")?.strings("title") == [])
    }
  }
}
