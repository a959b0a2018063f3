import ConnectorCore
import ConnectorTesting
import Foundation
import Testing

@Suite struct FixtureTests {
  private func folder(_ files: [String: String], body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(folder.path())
  }

  private let root = "dn:\nobjectClass: top\nnamingContexts: dc=example,dc=com\n"

  @Test func aFolderIsReadWithAllThatItHolds() throws {
    let files = [
      "a-1/rootdse.ldif": root, "a-1/schema.ldif": "dn: cn=schema\nattributeTypes: ( 1.2 NAME 'x' )\n",
      "a-1/entries.ldif": "dn: dc=example,dc=com\nobjectClass: domain\nentryUUID: u-1\n",
      "a-1/expected.json": #"{"winner": "openldap", "port": 636, "immutableID": null, "anchor": "dn"}"#,
      "a-1/directory.json":
        #"{"log": "accesslog", "logDN": "cn=log", "bindDN": "cn=admin", "password": "pw"}"#,
      "a-1/delta/one/changes.ldif": "dn: dc=example,dc=com\nchangetype: modify\nreplace: dc\ndc: example\n-\n",
      "notes/README.md": "no fixture",
    ]
    try folder(files) { path in
      let all = try Fixture.all(in: path)
      #expect(all.map(\.name) == ["a-1"])
      let fixture = try #require(all.first)
      #expect(fixture.evidence().port == 636 && fixture.evidence(port: 389).port == 389)
      #expect(fixture.schema.defines("x"))
      #expect(fixture.expected.winner == "openldap")
      #expect(fixture.expected.immutableID == .absent && fixture.expected.changeLog == .unstated)
      #expect(fixture.expected.anchor == .value("dn"))
      #expect(fixture.deltas.map(\.name) == ["one"] && fixture.deltas.first?.changes.count == 1)
      let directory = try MemoryDirectory(fixture)
      #expect(directory.partitions == ["dc=example,dc=com"])
      #expect(directory.logContainers == ["cn=log"])
      #expect(directory.entry("dc=example,dc=com")?.attributes.strings("entryUUID") == ["u-1"])
      #expect(directory.history.isEmpty)
      #expect(directory.authenticate("cn=admin", password: Array("pw".utf8)))
      for change in fixture.deltas.first?.changes ?? [] { try directory.apply(change) }
      #expect(try directory.entries(for: SearchRequest(base: "cn=log", scope: .oneLevel)).count == 1)
    }
  }

  @Test func aRootDSEIsEnough() throws {
    try folder(["rootdse.ldif": root]) { path in
      let fixture = try Fixture(folder: path)
      #expect(fixture.entries.isEmpty && fixture.directory == nil && fixture.schemaEntry == nil)
      #expect(fixture.expected.winner == "generic")
    }
  }

  @Test(
    arguments: [
      ["entries.ldif": "dn: o=x\n"], ["rootdse.ldif": ""], ["rootdse.ldif": "no ldif\n"],
      ["rootdse.ldif": "dn:\nobjectClass: top\n", "expected.json": "{}"],
      ["rootdse.ldif": "dn:\nobjectClass: top\n", "directory.json": #"{"log": "tea leaves"}"#],
    ])
  func aBrokenFileIsNamed(_ files: [String: String]) throws {
    try folder(files) { path in
      let error = #expect(throws: FixtureError.self) { try Fixture(folder: path) }
      #expect(error?.file.hasPrefix(path) == true)
      #expect(error?.reason.isEmpty == false)
    }
  }
}
