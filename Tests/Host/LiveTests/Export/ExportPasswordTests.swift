import Foundation
import Testing

@testable import TestSupport

/// Passwords arrive, and are seen nowhere on the way.
@Suite struct ExportPasswordTests {
  private static let people = "ou=people,\(Scene.base)"
  private static let first = "Correct-Horse-1"
  private static let second = "Battery.Staple.2"

  private func changes() -> [[String: Any]] {
    var new = ExportKindTests.person("uid=new,\(Self.people)", "new")
    new["password"] = Self.first
    return [
      new,
      [
        "change": "update", "dn": "uid=ada,\(Self.people)",
        "attributes": ["userPassword": ["new": [Self.second]], "title": ["new": ["Lady"]]],
      ],
    ]
  }

  /// Nothing that the tool wrote, and nothing that it printed, holds a password.
  private func expectNoTrace(_ scene: Scene, _ results: [CommandResult]) throws {
    let files = ["plan.json", "state.db", "state.db-wal"].map { scene.scratch.file($0) }
    let written = files.compactMap { FileManager.default.contents(atPath: $0) }.map { [UInt8]($0) }
    let printed = results.flatMap { [$0.standardOutputBytes, $0.standardErrorBytes] }
    for password in [Self.first, Self.second] {
      for spelling in [password, Data(password.utf8).base64EncodedString()] {
        let needle = Array(spelling.utf8)
        #expect(!(written + printed).contains { $0.firstRange(of: needle) != nil }, "\(spelling.prefix(3))… is visible")
      }
    }
  }

  @Test(arguments: LiveProduct.servers)
  func passwordsAreSetAndKeptSecret(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, yaml: Scene.clearText, prepare: ExportKindTests.prepare) { scene in
      let input = try scene.input(changes())
      let sequence = try await scene.lastSequence()
      let plan = try await scene.plan(input)
      #expect(plan.kinds["password"] == 2, "\(plan.text)")
      let refused = try await scene.command(["export", "apply", scene.scratch.file("plan.json")], accepting: [64])
      #expect(refused.standardError.contains("--passwords"), "\(refused.summary)")
      #expect(
        try await scene.server.admin.read("uid=new,\(Self.people)") == nil, "it stopped before anything was written")
      let other = try scene.scratch.write(
        try String(contentsOfFile: input, encoding: .utf8).replacingOccurrences(of: Self.first, with: "something else"),
        to: "other.jsonl")
      let mistaken = try await scene.command(
        ["export", "apply", scene.scratch.file("plan.json"), "--passwords", other], accepting: [1, 2])
      let applied = try await scene.command(
        ["export", "apply", scene.scratch.file("plan.json"), "--passwords", input, "--json"],
        environment: ["LDAP_CONNECTOR_LOG": "trace"])
      #expect(Report(applied).count("passwords") == 2, "\(applied.summary)")
      #expect(try await scene.binds("uid=new,\(Self.people)", Self.first))
      #expect(try await scene.binds("uid=ada,\(Self.people)", Self.second))
      try expectNoTrace(scene, [plan.result, refused, mistaken, applied])
      try await scene.expectExported(input, since: sequence)
    }
  }

  @Test func withoutTLSPasswordsStayHereUnlessToldOtherwise() async throws {
    try await Scene.exporting(on: .slapd, prepare: ExportKindTests.prepare) { scene in
      let plan = try await scene.plan(try scene.input(changes()), accepting: [8])
      #expect(plan.kinds["password"] == nil)
      #expect(plan.findings("error").joined().lowercased().contains("clear"), "\(plan.findings)")
      let set = try await scene.command(
        ["password", "set", "uid=ada,\(Self.people)", "--new-password-env", "NEW"], environment: ["NEW": Self.first],
        accepting: [1, 2])
      #expect(set.standardError.contains("allowClearTextPasswords"), "\(set.summary)")
    }
  }

  @Test(arguments: LiveProduct.servers)
  func thePasswordCommandsSetAndChange(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, yaml: Scene.clearText, prepare: ExportKindTests.prepare) { scene in
      let ada = "uid=ada,\(Self.people)"
      let passwords = ["OLD": Self.first, "NEW": Self.second]
      let set = try await scene.command(
        ["password", "set", ada, "--new-password-env", "OLD"], environment: passwords)
      #expect(try await scene.binds(ada, Self.first), "\(set.summary)")
      let wrong = try await scene.command(
        ["password", "change", ada, "--old-password-env", "NEW", "--new-password-env", "OLD"], environment: passwords,
        accepting: [1, 3])
      #expect(try await scene.binds(ada, Self.first), "a wrong old password changes nothing: \(wrong.summary)")
      let change = try await scene.command(
        ["password", "change", ada, "--old-password-env", "OLD", "--new-password-env", "NEW"], environment: passwords)
      #expect(try await scene.binds(ada, Self.second))
      #expect(try await !scene.binds(ada, Self.first))
      try expectNoTrace(scene, [set, wrong, change])
    }
  }

  @Test func accountsAreDisabledAndEnabledOn389() async throws {
    try await Scene.exporting(on: .ds389, yaml: Scene.clearText, prepare: ExportKindTests.prepare) { scene in
      let ada = "uid=ada,\(Self.people)"
      try await scene.command(["password", "set", ada, "--new-password-env", "NEW"], environment: ["NEW": Self.first])
      try await scene.command(["account", "disable", ada])
      #expect(try await !scene.binds(ada, Self.first))
      try await scene.export(try scene.input([["change": "enable", "dn": ada]]))
      #expect(try await scene.binds(ada, Self.first))
      let none = try await scene.plan(try scene.input([["change": "enable", "dn": ada]], name: "again.jsonl"))
      #expect(none.operations.isEmpty)
    }
  }
}
