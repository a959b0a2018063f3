import Foundation
import Testing

@testable import TestSupport

/// Every kind of change: planned without a trace, applied, confirmed, and then there is nothing left to do.
@Suite struct ExportKindTests {
  private static let base = Scene.base
  private static let people = "ou=people,\(Scene.base)"

  /// A small directory: two units, three people, a group.
  static func prepare(_ scene: inout Scene) async throws {
    try await scene.write { records in
      records.unit("ou=people", in: base)
      records.unit("ou=old", in: base)
      records.person("uid=ada", in: people, [("mail", "ada@example.com"), ("mail", "countess@example.com")])
      records.person("uid=grace", in: people, [("description", "Rear admiral")])
      records.person("uid=alan", in: "ou=old,\(base)")
      records.person("uid=kurt", in: "ou=old,\(base)")
      records.group("cn=team", in: base, members: ["uid=ada,\(people)", "uid=grace,\(people)"])
    }
  }

  static func person(_ dn: String, _ uid: String, _ more: [String: Any] = [:]) -> [String: Any] {
    let attributes: [String: Any] = ["objectClass": ["inetOrgPerson"], "uid": [uid], "cn": ["A \(uid)"], "sn": ["P"]]
    return ["change": "add", "dn": dn, "attributes": attributes.merging(more) { $1 }]
  }

  private static var changes: [[String: Any]] {
    [
      person("uid=new,ou=fresh,\(base)", "new", ["mail": ["new@example.com"], "jpegPhoto": [photo]]),
      ["change": "add", "dn": "ou=fresh,\(base)", "attributes": ["objectClass": ["organizationalUnit"]]],
      [
        "change": "update", "dn": "uid=ada,\(people)",
        "attributes": [
          "mail": [
            "old": ["countess@example.com", "ada@example.com"], "new": ["ada@example.com", "lady@example.com"],
          ],
          "title": ["new": ["Countess"]], "cn;lang-de": ["new": ["Gräfin"]],
        ],
      ],
      ["change": "rename", "oldDN": "uid=grace,\(people)", "dn": "uid=hopper,ou=fresh,\(base)"],
      [
        "change": "update", "dn": "cn=team,\(base)",
        "attributes": [
          "member": [
            "add": ["uid=hopper,ou=fresh,\(base)", "uid=new,ou=fresh,\(base)"], "remove": ["uid=grace,\(people)"],
          ]
        ],
      ],
      ["change": "delete", "dn": "ou=old,\(base)"],
    ]
  }

  private static var photo: [String: String] {
    ["base64": Data(Company.photo(seed: 3, size: 300)).base64EncodedString()]
  }

  @Test(arguments: LiveProduct.servers)
  func everyKindOfChangeIsPlannedAppliedAndConfirmed(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: Self.prepare) { scene in
      let input = try scene.input(Self.changes)
      let sequence = try await scene.lastSequence()
      let plan = try await scene.plan(input)
      #expect(plan.kinds == ["add": 2, "modify": 2, "rename": 1, "delete": 3], "\(plan.text)")
      let mode = try FileManager.default.attributesOfItem(atPath: scene.scratch.file("plan.json"))[.posixPermissions]
      #expect(mode as? Int == 0o600)
      let outcome = try await scene.apply()
      #expect(outcome.counts.filter { $0.key != "reread" } == ["added": 2, "modified": 2, "renamed": 1, "deleted": 3])
      try await Self.expectResult(scene)
      try await scene.expectExported(input, since: sequence)
      let records = try await scene.changes(since: sequence)
      #expect(records.count { $0.dn == "uid=ada,\(Self.people)" } == 1, "once in the feed")
      let twice = try await scene.apply()
      #expect(
        twice.count("added") == 0 && twice.count("failed") == 0,
        "a finished plan has nothing left: \(twice.result.summary)")
    }
  }

  private static func expectResult(_ scene: Scene) async throws {
    let admin = scene.server.admin
    let ada = try #require(try await admin.read("uid=ada,\(people)"))
    #expect(Set(ada.strings("mail")) == ["ada@example.com", "lady@example.com"])
    #expect(ada.strings("cn;lang-de") == ["Gräfin"] && ada.strings("title") == ["Countess"])
    let hopper = try #require(try await admin.read("uid=hopper,ou=fresh,\(base)"))
    #expect(hopper.strings("uid") == ["hopper"] && hopper.strings("description") == ["Rear admiral"])
    #expect(try await admin.read("uid=grace,\(people)") == nil)
    #expect(try await admin.read("ou=old,\(base)") == nil)
    let new = try #require(try await admin.read("uid=new,ou=fresh,\(base)"))
    #expect(new.attributes["jpegphoto"] == [Company.photo(seed: 3, size: 300)])
    let team = try #require(try await admin.read("cn=team,\(base)"))
    #expect(
      Set(team.strings("member").map { $0.lowercased() })
        == ["uid=ada,\(people)", "uid=hopper,ou=fresh,\(base)", "uid=new,ou=fresh,\(base)"])
  }

  @Test(arguments: LiveProduct.servers)
  func changeRecordsOfLDIFDoTheSame(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: Self.prepare) { scene in
      var records = LDIFText()
      records.person("uid=new", in: "ou=fresh,\(Self.base)")
      records.unit("ou=fresh", in: Self.base)
      records.modify("uid=ada,\(Self.people)", "delete", "mail", ["countess@example.com"])
      records.modify("uid=ada,\(Self.people)", "replace", "title", ["Countess", "Lady"])
      records.rename("uid=grace,\(Self.people)", to: "uid=hopper", newSuperior: "ou=fresh,\(Self.base)")
      records.rename("uid=ada,\(Self.people)", to: "uid=lovelace", deletingOldRDN: false)
      records.delete("uid=alan,ou=old,\(Self.base)")
      let input = try scene.scratch.write(records.text, to: "changes.ldif")
      let sequence = try await scene.lastSequence()
      try await scene.export(input)
      // The second export mends what such a server left out.
      if !product.addsNewRDN { try await scene.export(input) }
      let lovelace = try #require(try await scene.server.admin.read("uid=lovelace,\(Self.people)"))
      #expect(
        Set(lovelace.strings("uid")) == ["ada", "lovelace"] && Set(lovelace.strings("title")) == ["Countess", "Lady"])
      #expect(lovelace.strings("mail") == ["ada@example.com"])
      #expect(try await scene.server.admin.read("uid=hopper,ou=fresh,\(Self.base)") != nil)
      #expect(try await scene.server.admin.read("uid=alan,ou=old,\(Self.base)") == nil)
      try await scene.expectExported(input, since: sequence)
      #expect(try await scene.changes(since: sequence).count >= 4)
    }
  }

  @Test(arguments: LiveProduct.servers)
  func objectsAreNamedByIDAndAnchorWhateverTheirName(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: Self.prepare) { scene in
      let ada = try #require(try await scene.object("uid=ada,\(Self.people)"))
      let grace = try #require(try await scene.object("uid=grace,\(Self.people)"))
      // Behind the connector's back: the ID finds the entry under its new name.
      try await scene.write { $0.rename("uid=ada,\(Self.people)", to: "uid=countess") }
      let input = try scene.input([
        ["change": "update", "id": ada.id, "attributes": ["title": ["new": ["Lady"]]]],
        ["change": "rename", "anchor": grace.anchor, "dn": "uid=hopper,\(Self.people)"],
      ])
      try await scene.export(input)
      #expect(try await scene.server.admin.read("uid=countess,\(Self.people)")?.strings("title") == ["Lady"])
      #expect(try await scene.server.admin.read("uid=hopper,\(Self.people)") != nil)
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.servers.filter(\.renamesByCase))
  func aNameChangesItsLetterCase(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: Self.prepare) { scene in
      let input = try scene.input([
        ["change": "rename", "oldDN": "uid=ada,\(Self.people)", "dn": "uid=Ada,\(Self.people)"]
      ])
      let sequence = try await scene.lastSequence()
      try await scene.export(input)
      #expect(try await scene.server.admin.read("uid=ada,\(Self.people)")?.dn.hasPrefix("uid=Ada,") == true)
      try await scene.expectExported(input, since: sequence)
    }
  }

  @Test(arguments: LiveProduct.servers)
  func withoutYesNothingIsWrittenAndStandardInputWorks(product: LiveProduct) async throws {
    try await Scene.exporting(on: product, prepare: Self.prepare) { scene in
      let line = #"{"change":"update","dn":"uid=ada,\#(Self.people)","attributes":{"title":{"new":["Lady"]}}}"#
      let shown = try await scene.command(["export", "-"], input: line + "\n")
      #expect(shown.standardOutput.contains("title") && shown.standardOutput.contains("Lady"))
      #expect(try await scene.server.admin.read("uid=ada,\(Self.people)")?.strings("title") == [])
      try await scene.command(["export", "-", "--yes"], input: line + "\n")
      #expect(try await scene.server.admin.read("uid=ada,\(Self.people)")?.strings("title") == ["Lady"])
    }
  }
}
