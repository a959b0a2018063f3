import ConnectorCore
import ConnectorTesting
import Foundation

/// A made-up product with a correct adapter: what saboteurs break.
enum Acme {
  static let rules: [RuleDetector.Rule] = [
    .rootDSE("vendorName", contains: "acme", points: 40), .rootDSE("vendorVersion", contains: "acme", points: 40),
    .rootDSE(has: "acmeServerID", points: 10), .schema(defines: "acmePerson", points: 10),
    RuleDetector.Rule(points: -200, marker: "vendorName") { evidence in
      evidence.rootDSE.vendorName.flatMap { $0.lowercased().contains("acme") ? nil : "root DSE vendorName: \($0)" }
    },
  ]

  static var adapter: VendorAdapter {
    var adapter = VendorAdapter("acme", title: "Acme Directory", detector: RuleDetector(rules))
    adapter.immutableID = .entryUUID
    adapter.changeLogDN = ReferenceStrategy.log
    adapter.contextsWithoutEntries = [ReferenceStrategy.log]
    adapter.delta = { ReferenceStrategy(settings: $0) }
    return adapter
  }

  static var dialect: NumberedChangelog.Dialect {
    var dialect = NumberedChangelog.Dialect.openDJ
    dialect.keeps = OperationalAttributes(ids: [("entryUUID", .uuid), ("acmeGUID", .octets)])
    return dialect
  }

  /// The correct adapter with its fixtures and its directory.
  static func subject() throws -> ConformanceSubject {
    let (own, foreign) = try fixtures.get()
    return ConformanceSubject(adapter, own: [own], foreign: [foreign]) { partitions in
      MemoryDirectory(partitions: partitions, flavour: .changelog(dialect))
    }
  }

  private static let fixtures = Result { () throws -> (Fixture, Fixture) in
    let folder = FileManager.default.temporaryDirectory.appending(path: "acme-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return (
      try write(
        folder.appending(path: "acme-7"),
        root: """
          dn:
          objectClass: top
          vendorName: Acme Corporation
          vendorVersion: Acme Directory 7.1
          acmeServerID: 17
          namingContexts: dc=example,dc=com
          subschemaSubentry: cn=schema
          supportedControl: 1.2.840.113556.1.4.319
          """,
        schema: "dn: cn=schema\nobjectClasses: ( 1.2.3.4 NAME 'acmePerson' SUP top )\n",
        expected: #"{"winner": "acme", "anchor": "dn", "immutableID": "entryUUID", "changeLog": "cn=changelog"}"#),
      try write(
        folder.appending(path: "other-1"),
        root: "dn:\nobjectClass: top\nvendorName: Other\nnamingContexts: o=other\n",
        schema: "dn: cn=schema\n", expected: #"{"winner": "generic"}"#)
    )
  }

  private static func write(_ folder: URL, root: String, schema: String, expected: String) throws -> Fixture {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [("rootdse.ldif", root), ("schema.ldif", schema), ("expected.json", expected)] {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    return try Fixture(folder: folder.path())
  }
}
