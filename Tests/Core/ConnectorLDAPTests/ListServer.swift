import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

/// A server that gives virtual list views, and what a list of its entries must be; a further product is one more value.
struct ListServer {
  var settings: ConnectionSettings
  /// The independent client that tells what is there.
  var witness: LDAPTools
  var base = TestDirectory.base
  /// What the server can sort by, as `SortKey` reads it.
  var keys: [String]

  init(_ server: any DirectoryUnderTest, keys: [String]) {
    settings = ConnectionSettings(host: "127.0.0.1", port: server.port)
    settings.bind = .simple(dn: TestDirectory.connectorDN, password: Secret(TestDirectory.userPassword))
    witness = server.connector
    self.keys = keys
  }

  /// By every key and in parts of all sizes, every entry comes once.
  func expectWholeLists(pageSizes: [Int] = [1, 7, 100, 5000]) async throws {
    let expected = try await witness.search(base, attributes: ["1.1"]).map(\.dn)
    let session = try await LDAPSession.connect(to: settings)
    for key in keys {
      let sortKey: SortKey = try #require(SortKey(text: key))
      for pageSize in pageSizes {
        let harvest = Harvest()
        let request = SearchRequest(
          base: base, attributes: [SearchRequest.noAttributes], pageSize: pageSize,
          sortKey: sortKey)
        let summary = try await session.search(request) { harvest.add($0) }
        #expect(harvest.names.count == expected.count && summary.entries == expected.count, "\(pageSize) by \(key)")
        #expect(Set(harvest.names) == Set(expected), "\(pageSize) by \(key)")
        #expect(harvest.batches.allSatisfy { $0 <= max(2, pageSize) })
      }
    }
    await session.close()
  }
}
