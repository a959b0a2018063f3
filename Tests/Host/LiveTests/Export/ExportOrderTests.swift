import Foundation
import Testing

@testable import TestSupport

/// Whatever the order of the lines: names are free before they are taken, and targets are there before references.
@Suite struct ExportOrderTests {
  private static let base = Scene.base
  private static let people = "ou=people,\(Scene.base)"

  private func rename(_ old: String, _ new: String) -> [String: Any] {
    ["change": "rename", "oldDN": old, "dn": new]
  }

  private func unit(_ dn: String) -> [String: Any] {
    ["change": "add", "dn": dn, "attributes": ["objectClass": ["organizationalUnit"]]]
  }

  private func group(_ dn: String, _ members: [String]) -> [String: Any] {
    ["change": "add", "dn": dn, "attributes": ["objectClass": ["groupOfNames"], "member": members]]
  }

  /// Names that the lines give by ID, so that a second plan can tell who is who.
  private func id(_ scene: Scene, _ dn: String) async throws -> String {
    try #require(try await scene.object(dn)).id
  }

  @Test(arguments: LiveProduct.servers)
  func twoEntriesSwapTheirNamesAndThreeGoRound(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: ExportKindTests.prepare) { scene in
      let names = ["uid=ada,\(Self.people)", "uid=grace,\(Self.people)"]
      let old = ["uid=alan,ou=old,\(Self.base)", "uid=kurt,ou=old,\(Self.base)"]
      var changes: [[String: Any]] = []
      for (from, to) in [(names[0], names[1]), (names[1], names[0])] {
        changes.append(["change": "rename", "id": try await id(scene, from), "dn": to])
      }
      for (from, to) in [(old[0], old[1]), (old[1], "uid=third,ou=old,\(Self.base)")] {
        changes.append(["change": "rename", "id": try await id(scene, from), "dn": to])
      }
      let descriptions = try await scene.server.admin.read(names[1])?.strings("description")
      let input = try scene.input(changes)
      let sequence = try await scene.lastSequence()
      try await scene.export(input)
      #expect(try await scene.server.admin.read(names[0])?.strings("description") == descriptions)
      #expect(try await scene.server.admin.read(names[0])?.strings("uid") == ["ada"])
      #expect(try await scene.server.admin.read("uid=third,ou=old,\(Self.base)") != nil)
      let again = try await scene.plan(input)
      #expect(again.operations.isEmpty, "\(again.text)")
      try await scene.expectTruth()
      #expect(try await scene.changes(since: sequence).isEmpty == false)
      try await scene.expectUnchanged { try await scene.delta() }
    }
  }

  @Test(arguments: LiveProduct.servers)
  func parentsReferencesAndBranchesComeInTheRightOrder(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: ExportKindTests.prepare) { scene in
      let deep = "ou=c,ou=b,ou=a,\(Self.base)"
      let input = try scene.input([
        group("cn=first,\(deep)", ["cn=second,\(deep)", "uid=late,\(deep)"]),
        group("cn=second,\(deep)", ["cn=first,\(deep)"]),
        ExportKindTests.person("uid=late,\(deep)", "late", ["manager": ["uid=later,\(deep)"]]),
        ExportKindTests.person("uid=later,\(deep)", "later"),
        unit(deep), unit("ou=b,ou=a,\(Self.base)"), unit("ou=a,\(Self.base)"),
        // The branch moves below a new unit, loses one and gains one.
        rename(Self.people, "ou=humans,ou=a,\(Self.base)"),
        ["change": "delete", "dn": "uid=grace,ou=humans,ou=a,\(Self.base)"],
        [
          "change": "update", "dn": "cn=team,\(Self.base)",
          "attributes": ["member": ["new": ["uid=ada,ou=humans,ou=a,\(Self.base)"]]],
        ],
        rename("uid=alan,ou=old,\(Self.base)", "uid=alan,ou=humans,ou=a,\(Self.base)"),
        ["change": "delete", "dn": "ou=old,\(Self.base)"],
      ])
      let sequence = try await scene.lastSequence()
      try await scene.export(input)
      let admin = scene.server.admin
      #expect(try await admin.read("uid=alan,ou=humans,ou=a,\(Self.base)") != nil)
      #expect(try await admin.read("uid=grace,ou=humans,ou=a,\(Self.base)") == nil)
      #expect(try await admin.read("ou=old,\(Self.base)") == nil)
      #expect(try await admin.read("cn=first,\(deep)")?.strings("member").count == 2)
      #expect(try await admin.read("cn=second,\(deep)")?.strings("member").count == 1)
      #expect(try await admin.read("cn=team,\(Self.base)")?.strings("member").count == 1)
      try await scene.expectTruth()
      try await scene.expectUnchanged { try await scene.delta() }
      #expect(try await scene.changes(since: sequence).contains { $0.dn.hasPrefix("uid=ada,ou=humans") })
    }
  }

  @Test(arguments: LiveProduct.servers)
  func missingParentsAreMadeAndShown(product: LiveProduct) async throws {
    try await Scene.exporting(on: product) { scene in
      let joe = "cn=Joe,ou=Seattle,c=US,\(Self.base)"
      let input = try scene.input([
        ["change": "add", "dn": joe, "attributes": ["objectClass": ["person"], "sn": ["Joe"]]]
      ])
      let sequence = try await scene.lastSequence()
      let plan = try await scene.plan(input)
      #expect(
        plan.operations.compactMap { $0["dn"] as? String } == [
          "c=US,\(Self.base)", "ou=Seattle,c=US,\(Self.base)", joe,
        ])
      #expect(plan.operations.first?["reason"] != nil, "what nobody asked for says why it is there")
      try await scene.apply()
      #expect(
        try await scene.server.admin.read("c=US,\(Self.base)")?.strings("objectClass").contains("country") == true)
      #expect(try await scene.server.admin.read(joe)?.strings("cn") == ["Joe"])
      try await scene.expectExported(input, since: sequence)
      let strange = try scene.input(
        [
          [
            "change": "add", "dn": "cn=Jim,street=Main,\(Self.base)",
            "attributes": ["objectClass": ["person"], "sn": ["Jim"]],
          ]
        ], name: "strange.jsonl")
      let refused = try await scene.plan(strange, accepting: [8])
      #expect(refused.operations.isEmpty && refused.findings("error").joined().contains("street"))
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aGroupThatMustHaveAMemberMayBeEmpty(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: ExportKindTests.prepare) { scene in
      let input = try scene.input([
        ["change": "add", "dn": "cn=empty,\(Self.base)", "attributes": ["objectClass": ["groupOfNames"]]],
        ["change": "update", "dn": "cn=team,\(Self.base)", "attributes": ["member": ["new": [String]()]]],
      ])
      let sequence = try await scene.lastSequence()
      try await scene.export(input)
      for group in ["cn=empty,\(Self.base)", "cn=team,\(Self.base)"] {
        #expect(try await scene.server.admin.read(group)?.strings("member") == (product.demandsMembers ? [group] : []))
      }
      try await scene.expectExported(input, since: sequence)
      let filled = try scene.input(
        [
          [
            "change": "update", "dn": "cn=empty,\(Self.base)",
            "attributes": ["member": ["add": ["uid=ada,\(Self.people)"]]],
          ]
        ], name: "filled.jsonl")
      try await scene.export(filled)
      #expect(
        try await scene.server.admin.read("cn=empty,\(Self.base)")?.strings("member") == ["uid=ada,\(Self.people)"])
    }
  }
}
