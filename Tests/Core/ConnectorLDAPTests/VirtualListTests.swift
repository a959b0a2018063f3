import ConnectorCore
import ConnectorLDAP
import Synchronization
import TestSupport
import Testing

/// Reading by virtual list view from real servers, judged by `ldapsearch`.
@Suite("Virtual list view on a real server")
struct VirtualListTests {
  private let base = SlapdServer.base

  /// Persons of whom many share a surname.
  private static func persons(_ count: Int, surnames: Int = 4) -> DirectorySeed {
    let persons = (0..<count).map { number in
      "dn: cn=Person \(number),\(TestDirectory.base)\nobjectClass: person\ncn: Person \(number)\n"
        + "sn: Name \(number % surnames)\n\n"
    }
    return .text(persons.joined())
  }

  private static func seed(_ count: Int, surnames: Int = 4) -> SlapdOptions {
    .with { $0.seed = persons(count, surnames: surnames) }
  }

  private func request(_ pageSize: Int, by key: SortKey, filter: Filter = .all) -> SearchRequest {
    SearchRequest(base: base, filter: filter, attributes: ["sn"], pageSize: pageSize, sortKey: key)
  }

  private func all(_ server: SlapdServer) async throws -> [String] {
    try await server.connector.search(attributes: ["1.1"], options: ["-E", "pr=500/noprompt"]).map(\.dn)
  }

  @Test("Every entry comes once in parts of any size, also where most share their sort key")
  func everything() async throws {
    try await SlapdServer.running(Self.seed(1200)) { server in
      try await ListServer(server, keys: ["entryUUID", "sn:2.5.13.3", "cn:caseIgnoreOrderingMatch"]).expectWholeLists()
    }
  }

  @Test("So it is on 389 Directory Server, which sends no context, and on UnboundID's in-memory server")
  func everythingElsewhere() async throws {
    try await DS389Server.running(.with { $0.seed = Self.persons(1200) }) { server in
      try await ListServer(server, keys: ["nsUniqueId", "sn", "cn"]).expectWholeLists(pageSizes: [7, 100, 5000])
    }
    try await UnboundIDServer.running(.with { $0.seed = Self.persons(1200) }) { server in
      try await ListServer(server, keys: ["entryUUID", "sn", "cn"]).expectWholeLists(pageSizes: [7, 100, 5000])
    }
  }

  @Test("Entries come in the order of the key")
  func order() async throws {
    try await SlapdServer.running(Self.seed(60)) { server in
      let session = try await connect(server)
      let persons = request(7, by: SortKey("sn", rule: "2.5.13.3"), filter: .equal("objectClass", "person"))
      let surnames = Mutex<[String]>([])
      _ = try await session.search(persons) { batch in
        surnames.withLock { $0 += batch.compactMap { $0.string("sn") } }
      }
      let found = surnames.withLock { $0 }
      #expect(found.count >= 60 && found == found.sorted())
    }
  }

  @Test("More lists than slapd keeps for a connection are read on one session, one after another and side by side")
  func manyLists() async throws {
    try await SlapdServer.running(Self.seed(100)) { server in
      let session = try await connect(server)
      for _ in 0..<12 {
        #expect(try await session.search(request(10, by: SortKey("entryUUID"))) { _ in }.entries == 103)
      }
      async let one = session.search(request(5, by: SortKey("entryUUID"))) { _ in }
      async let other = session.search(request(9, by: SortKey("cn", rule: "2.5.13.3"))) { _ in }
      #expect(try await [one.entries, other.entries] == [103, 103])
      // A list that its consumer gives up is given back, too.
      struct Enough: Error {}
      for _ in 0..<12 {
        await #expect(throws: Enough.self) {
          _ = try await session.search(request(10, by: SortKey("entryUUID"))) { _ in throw Enough() }
        }
      }
      #expect(try await session.read([base], attributes: []).count == 1, "the session's own connection lives")
    }
  }

  @Test(
    "Entries that come and go at the front of the list between its parts cost no other entry", arguments: [1, 7, 100])
  func changesWhileReading(pageSize: Int) async throws {
    let count = pageSize == 1 ? 60 : 1000
    try await SlapdServer.running(Self.seed(count)) { server in
      let session = try await connect(server)
      let before = try await all(server)
      let harvest = Harvest()
      let gone = Mutex<Set<String>>([])
      _ = try await session.search(request(pageSize, by: SortKey("cn", rule: "2.5.13.3"))) { batch in
        harvest.add(batch)
        let number = harvest.batches.count
        guard number <= 40 else { return }
        // What sorts before all others is added, and what has come first is deleted.
        let first = harvest.names.first { name in name.hasPrefix("cn=Person") && !gone.withLock { $0.contains(name) } }
        guard let first else { return }
        _ = gone.withLock { $0.insert(first) }
        try await server.admin.modify(
          "dn: cn=AAA \(number),\(SlapdServer.base)\nchangetype: add\nobjectClass: person\nsn: x\n\n"
            + "dn: \(first)\nchangetype: delete\n\n")
      }
      let seen = harvest.names
      #expect(gone.withLock { $0.count } >= min(40, count / 100))
      #expect(Set(before).subtracting(gone.withLock { $0 }).subtracting(seen) == [])
      #expect(Set(seen).count == seen.count, "nothing came twice")
    }
  }

  @Test("Entries that are deleted before they are read are passed over, and the rest comes")
  func deletedBeforeRead() async throws {
    try await SlapdServer.running(Self.seed(400)) { server in
      let session = try await connect(server)
      let before = try await all(server)
      let gone = (0..<400).map { "cn=Person \($0),\(base)" }.filter {
        $0.contains("Person 2") || $0.contains("Person 4")
      }
      let harvest = Harvest()
      _ = try await session.search(request(7, by: SortKey("cn", rule: "2.5.13.3"))) { batch in
        if harvest.batches.isEmpty { try await server.admin.delete(gone) }
        harvest.add(batch)
      }
      #expect(Set(before).subtracting(gone).subtracting(harvest.names) == [])
      #expect(Set(harvest.names).count == harvest.names.count)
    }
  }

  @Test("Entries that the account may not see are passed over; where slapd counts them, it ends the list with an error")
  func hiddenEntries() async throws {
    var options = Self.seed(300)
    options.firstAccessRules = [#"to dn.regex="^cn=Person [1-7]" by * none"#]
    try await SlapdServer.running(options) { server in
      let expected = try await all(server)
      #expect(expected.count < 150)
      for pageSize in [1, 7, 100] {
        let session = try await connect(server)
        let harvest = Harvest()
        _ = try await session.search(request(pageSize, by: SortKey("cn", rule: "2.5.13.3"))) { harvest.add($0) }
        #expect(harvest.names.sorted() == expected.sorted(), "\(pageSize)")
      }
    }
    options.firstAccessRules = [#"to dn.regex="^cn=Person [1-7]" attrs=entry by * none"#]
    try await SlapdServer.running(options) { server in
      let session = try await connect(server)
      let error = await directoryError {
        _ = try await session.collect(request(7, by: SortKey("cn", rule: "2.5.13.3")))
      }
      #expect(error?.code == .insufficientAccessRights)
    }
  }

  @Test("A filter that finds nothing is an empty list, and a base that is not there an error")
  func empty() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      let none = request(10, by: SortKey("entryUUID"), filter: .equal("cn", "nobody"))
      #expect(try await session.search(none) { _ in }.entries == 0)
      var elsewhere = none
      elsewhere.base = "ou=no,\(base)"
      let error = await directoryError { [elsewhere] in _ = try await session.collect(elsewhere) }
      #expect(error?.code == .noSuchObject)
    }
  }

  @Test("What slapd refuses is told with its reason and what to do")
  func refusals() async throws {
    try await SlapdServer.running(Self.seed(20)) { server in
      let session = try await connect(server)
      let noRule = await directoryError { _ = try await session.collect(request(10, by: SortKey("cn"))) }
      #expect(noRule?.code == .inappropriateMatching)
      #expect(noRule?.message.contains("No ordering rule") == true && noRule?.message.contains("cn:2.5.13.3") == true)
      let unknown = await directoryError { _ = try await session.collect(request(10, by: SortKey("noSuch"))) }
      #expect(unknown?.code == .noSuchAttribute)
      #expect(unknown?.message.contains("Name a sort key") == true, "\(unknown?.description ?? "")")
      let nul = await directoryError { _ = try await session.collect(request(10, by: SortKey("cn\0x"))) }
      #expect(nul?.code == .invalidDNSyntax)
      #expect(try await session.collect(SearchRequest(base: base)).count == 23, "the session lives on")
    }
    try await SlapdServer.running(.with { $0.sortAndVLV = false }) { server in
      let session = try await connect(server)
      let error = await directoryError { _ = try await session.collect(request(10, by: SortKey("entryUUID"))) }
      #expect(error?.code == .unavailableCriticalExtension)
      #expect(error?.message.contains("switch virtual list view off") == true, "\(error?.description ?? "")")
    }
  }

  @Test("Closing the session ends a list under way, and so does losing the server")
  func ending() async throws {
    try await SlapdServer.running(Self.seed(300)) { server in
      let session = try await connect(server)
      let closed = await directoryError {
        _ = try await session.search(request(10, by: SortKey("entryUUID"))) { _ in await session.close() }
      }
      #expect(closed?.code == .serverDown && closed?.message == "the session is closed")
      let other = try await connect(server)
      let lost = await directoryError {
        _ = try await other.search(request(10, by: SortKey("entryUUID"))) { _ in try await server.kill() }
      }
      #expect(lost?.code == .serverDown)
      let again = await directoryError { _ = try await other.collect(request(10, by: SortKey("entryUUID"))) }
      #expect(again?.code == .connectError || again?.code == .serverDown)
    }
  }
}
