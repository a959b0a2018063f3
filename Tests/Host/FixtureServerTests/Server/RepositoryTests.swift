import ConnectorCore
import ConnectorTesting
import FixtureServer
import TestSupport
import Testing

/// The fixtures of this repository, of all products.
private let fixtures = Result { () throws -> [Fixture] in
  let repository = "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
  return try Fixture.all(in: repository + "/VendorFixtures")
}

@Suite struct RepositoryTests {
  @Test("Every fixture of the repository is served: root DSE and schema come back, and each context can be searched")
  func everyFixture() async throws {
    let fixtures = try fixtures.get()
    #expect(!fixtures.isEmpty)
    for fixture in fixtures {
      let server = try await FixtureServer.start(fixture: fixture)
      let tools = LDAPTools(uri: server.url, bindDN: nil, passwordFile: nil)
      let root = try await tools.search("", scope: .base, attributes: ["*", "+"]).first
      // The log's numbers and the server's identity are the live directory's own.
      #expect(missing(of: server.directory.evidence.rootDSE.entry, in: root).isEmpty, "\(fixture.name)")
      let names = Set(fixture.rootDSE.attributes.map { $0.0.string.lowercased() })
      #expect(names.isSubset(of: Set(root?.attributes.keys.map { $0 } ?? [])), "\(fixture.name)")
      if let schema = fixture.schemaEntry {
        let found = try await tools.search(schema.dn, scope: .base, attributes: ["*", "+"]).first
        #expect(missing(of: schema, in: found).isEmpty, "\(fixture.name)")
      }
      for context in root?.strings("namingContexts") ?? [] where !context.isEmpty {
        _ = try await tools.search(context, attributes: ["1.1"], accepting: [0, 32])
      }
      await server.stop()
    }
  }

  /// The attributes of an entry of which a value did not arrive.
  private func missing(of entry: Entry, in found: DirectoryEntry?) -> [String] {
    entry.attributes.filter { name, values in
      let arrived = Set(found?.attributes[name.string.lowercased()] ?? [])
      return !arrived.isSuperset(of: values)
    }
    .map(\.0.string)
  }
}
