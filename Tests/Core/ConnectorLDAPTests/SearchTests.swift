import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

@Suite struct SearchTests {
  private let base = SlapdServer.base

  @Test func pagesArriveWholeAndInFull() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(2500)) }) { server in
      let session = try await connect(server)
      let harvest = Harvest()
      let summary = try await session.search(SearchRequest(base: base, pageSize: 500)) { harvest.add($0) }
      #expect(summary.entries == 2503)
      #expect(harvest.batches == [500, 500, 500, 500, 500, 3])
      let expected = try await server.connector.search(attributes: ["1.1"], options: ["-E", "pr=500/noprompt"])
      #expect(Set(harvest.names) == Set(expected.map(\.dn)))
      #expect(harvest.names.count == expected.count)
    }
  }

  @Test(arguments: [nil, 100])
  func theSearchOfABaseThatIsNotThereIsAnErrorOnEveryServer(pageSize: Int?) async throws {
    func expectNoSuchObject(_ server: some DirectoryUnderTest) async throws {
      let session = try await connect(port: server.port) {
        $0.bind = .simple(dn: TestDirectory.connectorDN, password: Secret(TestDirectory.userPassword))
        $0.operationTimeout = .seconds(10)
      }
      let error = await directoryError {
        _ = try await session.collect(SearchRequest(base: "ou=nowhere,\(base)", pageSize: pageSize))
      }
      #expect(error?.code == .noSuchObject, "\(type(of: server)): \(error?.description ?? "")")
    }
    try await SlapdServer.running { try await expectNoSuchObject($0) }
    try await DS389Server.running { try await expectNoSuchObject($0) }
    try await UnboundIDServer.running { try await expectNoSuchObject($0) }
  }

  @Test func anUnpagedSearchIsHandedOutInBatches() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(2500)) }) { server in
      let session = try await connect(server, .ldaps)
      let harvest = Harvest()
      let summary = try await session.search(SearchRequest(base: base, pageSize: nil)) { harvest.add($0) }
      #expect(summary.entries == 2503)
      #expect(harvest.batches == [1000, 1000, 503])
      #expect(Set(harvest.names).count == 2503)
    }
  }

  @Test func valuesArriveByteForByte() async throws {
    let big = String(repeating: "0123456789abcdef", count: 1 << 16)
    let text = """
      dn: cn=odd,\(SlapdServer.base)
      objectClass: person
      objectClass: extensibleObject
      cn: odd
      sn:: w5bDpMO8
      jpegPhoto:: AP/+CgA=
      description;lang-de: eins
      carLicense: \(big)


      """
    try await SlapdServer.running(.with { $0.seed = .text(text) }) { server in
      for transport in [ConnectionSettings.Transport.ldap, .ldaps, .startTLS] {
        let session = try await connect(server, transport)
        let entry = try #require(try await session.collect(SearchRequest(base: "cn=odd,\(base)", scope: .base)).first)
        #expect(entry.values("jpegPhoto") == [[0x00, 0xff, 0xfe, 0x0a, 0x00]])
        #expect(entry.strings("sn") == ["Öäü"])
        #expect(entry.strings("description;lang-de") == ["eins"])
        #expect(entry.strings("carLicense") == [big])
        #expect(entry.strings("objectClass") == ["person", "extensibleObject"])
      }
    }
  }

  @Test func scopesFiltersAndAttributeListsMeanWhatTheySay() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(5)) }) { server in
      let session = try await connect(server)
      let one = try await session.collect(SearchRequest(base: base, scope: .oneLevel, attributes: ["1.1"]))
      #expect(one.count == 7)
      #expect(one.allSatisfy { $0.attributeCount == 0 })
      let filter = Filter.and([.equal("objectClass", "person"), .or([.equal("sn", "1"), .equal("sn", "3")])])
      let two = try await session.collect(SearchRequest(base: base, filter: filter, attributes: ["sn", "entryUUID"]))
      #expect(Set(two.flatMap { $0.strings("sn") }) == ["1", "3"])
      #expect(two.allSatisfy { $0.string("entryUUID") != nil && $0.string("cn") == nil })
      #expect(try await session.collect(SearchRequest(base: base, filter: .or([]))).isEmpty)
      #expect(try await session.collect(SearchRequest(base: base, filter: .and([]))).count == 8)
      let root = try await session.collect(SearchRequest(base: "", scope: .base, attributes: ["namingContexts"]))
      #expect(root.first?.strings("namingContexts").contains(base) == true)
    }
  }

  @Test func aSizeLimitIsAnErrorAfterTheEntriesItLetThrough() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(600)) }) { server in
      let session = try await connect(server) {
        $0.bind = .simple(dn: SlapdServer.limitedDN, password: Secret(SlapdServer.userPassword))
      }
      let harvest = Harvest()
      let byServer = await directoryError {
        _ = try await session.search(SearchRequest(base: base, pageSize: nil)) { harvest.add($0) }
      }
      #expect(byServer?.code == .sizeLimitExceeded)
      #expect(harvest.names.count == 500)
      let byUs = await directoryError { _ = try await session.collect(SearchRequest(base: base, sizeLimit: 3)) }
      #expect(byUs?.code == .sizeLimitExceeded)
    }
  }

  @Test func aBaseThatDoesNotExistNamesTheNearestEntry() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      let error = await directoryError { _ = try await session.collect(SearchRequest(base: "ou=no,\(base)")) }
      #expect(error?.code == .noSuchObject)
      #expect(error?.matchedDN == base)
      #expect(error?.operation == "search of ou=no,\(base)")
      #expect(try await session.collect(SearchRequest(base: base)).count == 3, "the session lives on")
    }
  }

  @Test func referencesAreCollectedAndAReferralIsAnError() async throws {
    let referral = """
      dn: ou=elsewhere,\(base)
      objectClass: referral
      objectClass: extensibleObject
      ou: elsewhere
      ref: ldap://other.example.test/ou=elsewhere


      """
    try await SlapdServer.running(.with { $0.seed = .text(referral) }) { server in
      let session = try await connect(server)
      let summary = try await session.search(SearchRequest(base: base)) { _ in }
      #expect(summary.entries == 3)
      #expect(summary.references.count == 1)
      #expect(summary.references.first?.hasPrefix("ldap://other.example.test/ou=elsewhere") == true)
      let error = await directoryError { _ = try await session.collect(SearchRequest(base: "ou=elsewhere,\(base)")) }
      #expect(error?.code == .referral)
      #expect(error?.referrals.first?.hasPrefix("ldap://other.example.test/ou=elsewhere") == true)
      let plain = SearchRequest(base: "ou=elsewhere,\(base)", controls: [.manageDsaIT])
      #expect(try await session.collect(plain).count == 1)
    }
  }

  @Test func aNULInABaseIsRefusedInsteadOfCuttingItShort() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      let error = await directoryError { _ = try await session.collect(SearchRequest(base: "\(base)\0,ou=x")) }
      #expect(error?.code == .invalidDNSyntax)
      let byte = try await session.collect(SearchRequest(base: base, filter: .equal("cn", [0x00])))
      #expect(byte.isEmpty, "a NUL in a filter's value is escaped")
    }
  }

  @Test func twoSessionsWorkSideBySide() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(1000)) }) { server in
      let sessions = [try await connect(server), try await connect(server, .ldaps)]
      let counts = try await withThrowingTaskGroup(of: Int.self) { group in
        for session in sessions {
          group.addTask {
            try await session.search(SearchRequest(base: SlapdServer.base, pageSize: 50)) { _ in }.entries
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(counts == [1003, 1003])
    }
  }

  @Test func aConsumerMayReadOnTheSessionThatFeedsIt() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(900)) }) { server in
      let session = try await connect(server)
      let harvest = Harvest()
      let summary = try await session.search(SearchRequest(base: base, pageSize: 200)) { batch in
        harvest.add(batch)
        let answers = try await session.read(batch.prefix(20).map(\.dn), attributes: ["cn"])
        #expect(answers.count == 20)
        for (answer, entry) in zip(answers, batch) {
          guard case .entry(let found) = answer else {
            Issue.record("\(entry.dn): \(answer)")
            continue
          }
          #expect(found.dn == entry.dn)
        }
      }
      #expect(summary.entries == 903)
      #expect(Set(harvest.names).count == 903)
    }
  }

  @Test func whatAConsumerThrowsEndsTheSearchAndLeavesTheSessionUsable() async throws {
    struct Enough: Error {}
    try await SlapdServer.running(.with { $0.seed = .text(persons(900)) }) { server in
      let session = try await connect(server)
      await #expect(throws: Enough.self) {
        _ = try await session.search(SearchRequest(base: base, pageSize: 100)) { _ in throw Enough() }
      }
      #expect(try await session.search(SearchRequest(base: base, pageSize: 100)) { _ in }.entries == 903)
    }
  }

  @Test func closingASessionEndsTheSearchUnderWay() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(900)) }) { server in
      let session = try await connect(server)
      let error = await directoryError {
        _ = try await session.search(SearchRequest(base: base, pageSize: 100)) { _ in await session.close() }
      }
      #expect(error?.code == .serverDown)
      #expect(error?.message == "the session is closed")
    }
  }
}
