import Foundation
import Testing

@testable import TestSupport

@Suite("Recording a live directory")
struct RecordTests {
  @Test("No name, secret or host of a company is in its recording, and detection says of it what it said of the server")
  func company() async throws {
    try await Self.recording { scene, folder, report in
      #expect(report["winner"] as? String == "openldap")
      #expect((report["dropped"] as? [String])?.contains("userPassword") == true)
      #expect(report["warnings"] as? [String] == [])
      let haystack = Data(try Self.everything(in: folder).lowercased().utf8)
      let found = try await Self.secrets(of: scene).filter { haystack.range(of: Data($0.utf8)) != nil }
      #expect(found == [])
      let files = [folder + "/rootdse.ldif", "--schema", folder + "/schema.ldif", "--json"]
      let detected = try await Command.run(["detect", "--evidence"] + files)
      let facts = try JSONSerialization.jsonObject(with: Data(detected.standardOutputBytes)) as? [String: Any]
      #expect(facts?["winner"] as? String == "openldap", "\(detected.summary)")
    }
  }

  @Test("Every entry and reference is there, in the shape that it had")
  func shape() async throws {
    try await Self.recording { scene, folder, _ in
      let before = try await scene.server.admin.search(attributes: ["*", "+"])
      let after = try DirectoryEntry.parse(try Self.bytes(folder, "entries.ldif"))
      #expect(after.count == before.count)
      #expect(Self.shapes(of: after) == Self.shapes(of: before))
      // One member was renamed and one deleted, and nobody mends the groups.
      #expect(Self.dangling(before) > 0)
      #expect(Self.dangling(after) == Self.dangling(before))
      let log = String(decoding: try Self.bytes(folder, "log.ldif"), as: UTF8.self)
      #expect(log.hasPrefix("dn: cn=accesslog\n") && log.contains("objectClass: auditModRDN"))
      #expect(log.contains("reqMod: userPassword:=\n"))
    }
  }

  @Test("Full and delta imports from the recording end as those from the server do")
  func imports() async throws {
    try await Self.recording { scene, folder, _ in
      try scene.configure()
      let live = try await Self.importCounts(from: try await scene.server.admin.search()) {
        try await $0 ? scene.full() : scene.delta()
      } apply: {
        try await scene.server.admin.modify($0)
      }
      let recorded = try FixtureScene(folder: folder)
      try await recorded.serving {
        #expect(try await recorded.winner([recorded.account.uri]) == "openldap")
        let made = try await recorded.tool(["init", recorded.account.uri])
        #expect(made.exitCode == 0, "\(made.summary)")
        let entries = try DirectoryEntry.parse(try Self.bytes(folder, "entries.ldif"))
        let replayed = try await Self.importCounts(from: entries) {
          Report(try await recorded.tool(["import", $0 ? "full" : "delta", "--json"]))
        } apply: {
          try await recorded.account.modify($0)
        }
        #expect(replayed == live)
        try await recorded.expectTruth(base: try #require(entries.first).dn)
      }
    }
  }

  /// Imports everything, adds two people and changes one, then renames one and deletes one: the counts of each import.
  private static func importCounts(
    from entries: [DirectoryEntry], run: (_ isFull: Bool) async throws -> Report, apply: (String) async throws -> Void
  ) async throws -> [[String: Int]] {
    let person = try #require(entries.first { $0.strings("objectClass").contains("inetOrgPerson") }).dn
    let parent = try #require(person.firstIndex(of: ",")).utf16Offset(in: person)
    let people = String(person.dropFirst(parent + 1))
    var counts = [try await run(true)]
    let added = ["a", "b"].map {
      "dn: cn=new \($0),\(people)\nchangetype: add\nobjectClass: inetOrgPerson\ncn: new \($0)\nsn: new\n\n"
    }
    try await apply(added.joined() + "dn: \(person)\nchangetype: modify\nadd: title\ntitle: Changed for good\n-\n\n")
    counts.append(try await run(false))
    try await apply(
      "dn: cn=new a,\(people)\nchangetype: modrdn\nnewrdn: cn=newer\ndeleteoldrdn: 1\n\n"
        + "dn: cn=new b,\(people)\nchangetype: delete\n\n")
    counts.append(try await run(false))
    for report in counts { #expect(report.result.exitCode == 0 && report.isComplete, "\(report.result.summary)") }
    let kinds = ["added", "updated", "renamed", "deleted"]
    return counts.map { report in Dictionary(uniqueKeysWithValues: kinds.map { ($0, report.count($0)) }) }
  }

  /// Starts a company, writes what leaves a log, records it, and hands over folder and report.
  private static func recording(
    _ body: (Scene, _ folder: String, _ report: [String: Any]) async throws -> Void
  ) async throws {
    var options = Scene.companyOnSlapd
    options.logOld = "(objectClass=*)"
    try await Scene.running(options) { scene in
      let people = Company().people
      try await scene.write { text in
        text.modify(people[0].dn, "replace", "userPassword", ["new-secret-Zwiebelkuchen"])
        text.modify(people[1].dn, "replace", "description", ["Geheimrat Zwiebelkuchen"])
        text.person("cn=Zwiebelkuchen\\, Otto", in: Company.peopleBase)
      }
      try await scene.server.admin.rename(people[2].dn, to: "uid=zwiebelkuchen")
      try await scene.server.admin.delete([people[3].dn])
      let folder = scene.scratch.file("recording")
      let arguments = [
        "record", scene.server.uri, "--bind-dn", SlapdServer.connectorDN, "--password-file",
        scene.server.connectorPasswordFile, "-o", folder, "--entries", "1000", "--json",
      ]
      let result = try await Command.run(arguments)
      #expect(result.exitCode == 0, "\(result.summary)")
      let report = try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any]
      try await body(scene, folder, try #require(report))
    }
  }

  private static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  /// Every file, encoded values decoded.
  private static func everything(in folder: String) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: folder).flatMap { name in
      String(decoding: try bytes(folder, name), as: UTF8.self).split(separator: "\n").map { line in
        let encoded = line.firstRange(of: ":: ").map { String(line[$0.upperBound...]) }
        let decoded = encoded.flatMap { Data(base64Encoded: $0) }
        return decoded.map { String(decoding: $0, as: UTF8.self) } ?? String(line)
      }
    }.joined(separator: "\n")
  }

  /// Names, addresses and passwords that people gave, in lower case; long enough to be told from chance.
  private static func secrets(of scene: Scene) async throws -> [String] {
    let names = [
      "sn", "givenName", "mail", "displayName", "telephoneNumber", "description", "userPassword", "entryUUID",
    ]
    let entries = try await scene.server.admin.search(filter: "(objectClass=inetOrgPerson)", attributes: names)
    let values = entries.flatMap { $0.attributes.values.joined() }.map { String(decoding: $0, as: UTF8.self) }
    let telling = Set(values.map { $0.lowercased() }).filter { $0.count >= 6 && $0 != "person" }
    #expect(telling.count > 500)
    return telling + ["zwiebelkuchen", "geheimrat", "dc=example"]
  }

  /// How many members are no entries.
  private static func dangling(_ entries: [DirectoryEntry]) -> Int {
    let known = Set(entries.map { $0.dn.lowercased() })
    return entries.flatMap { $0.strings("member") }.count { !known.contains($0.lowercased()) }
  }

  /// For every entry its attributes with the number and lengths of their values; in no order.
  private static func shapes(of entries: [DirectoryEntry]) -> [String] {
    entries.map { entry in
      let parts = entry.attributes.filter { $0.key.lowercased() != "userpassword" }.map { name, values in
        "\(name): \(values.map(\.count).sorted())"
      }
      return parts.sorted().joined(separator: " ")
    }.sorted()
  }
}
