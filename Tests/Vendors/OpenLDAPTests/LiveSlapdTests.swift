import ConnectorCore
import TestSupport
import Testing

@testable import OpenLDAPAdapter

@Suite struct LiveSlapdTests {
  private let delta = strategy()

  /// A server with a few people, and a watermark whose overlap has been hinted already.
  private func withServer(
    _ options: SlapdOptions = SlapdOptions(),
    _ body: (SlapdServer, ToolReader, Watermark) async throws -> Void
  ) async throws {
    try await SlapdServer.running(options) { server in
      try await server.admin.add(["people", "archive"].map(Self.unit).joined() + (1...6).map(Self.person).joined())
      let reader = ToolReader(tools: server.connector)
      let first = try await delta.currentWatermark(of: partition, reader)
      try await body(server, reader, try await delta.run(since: first, reader).watermark)
    }
  }

  @Test func everyKindOfWriteIsHintedWithTheEntrysID() async throws {
    try await withServer { server, reader, watermark in
      let writes: [(Hint.Kind, Int, () async throws -> Void)] = [
        (.changed, 1, { try await server.admin.modify(Self.describe(1, "x")) }),
        (.changed, 7, { try await server.admin.add(Self.person(7)) }),
        (.renamed, 2, { try await server.admin.rename(Self.dn(2), to: "uid=P2\\2C Jr.") }),
        (.changed, 4, { _ = try await server.admin.run("ldappasswd", ["-s", "new secret", Self.dn(4)]) }),
        (.deleted, 5, { try await server.admin.delete([Self.dn(5)]) }),
      ]
      var last = watermark
      for (kind, number, write) in writes {
        let before = try await server.admin.read(Self.dn(number))
        try await write()
        let run = try await delta.run(since: last, reader)
        let after = try await server.admin.read(Self.dn(number))
        #expect(run.hints.map(\.kind) == [kind])
        #expect(run.hints.map(\.dn) == [Self.dn(number)])
        #expect(run.ids == [before?.entryUUID ?? after?.entryUUID].compactMap { $0 })
        last = run.watermark
      }
      #expect(try await delta.run(since: last, reader).hints.isEmpty)
      #expect(try await delta.continuity(of: last, in: partition, reader) == .unbroken)
    }
  }

  @Test func aRenameNamesTheNewDNAsTheServerWritesIt() async throws {
    try await withServer { server, reader, watermark in
      try await server.admin.rename(Self.dn(1), to: "uid=Ünïque\\2C One", newSuperior: "ou=archive,dc=example,dc=com")
      try await server.admin.rename(Self.dn(2), to: "uid=P2")
      let hints = try await delta.run(since: watermark, reader).hints
      let found = try await server.admin.search(filter: "(|(uid=ünïque*)(uid=p2))").map(\.dn)
      #expect(Set(hints.compactMap(\.newDN)) == Set(found))
      #expect(found.count == 2)
    }
  }

  @Test func everyWriteOfSeveralWritersIsHintedOnceWhileDeltasRun() async throws {
    try await withServer { server, reader, watermark in
      async let written: Void = Self.write(200, by: 4, server)
      var last = watermark
      var ids: [String] = []
      for _ in 0..<8 {
        let run = try await delta.run(since: last, reader)
        ids += run.ids
        last = run.watermark
      }
      try await written
      let end = try await delta.run(since: last, reader)
      let added = try await server.admin.search(filter: "(description=bulk)").compactMap(\.entryUUID)
      #expect(added.count == 800)
      #expect((ids + end.ids).sorted() == added.sorted())
      #expect(try await delta.run(since: end.watermark, reader).hints.isEmpty)
      #expect(try await delta.continuity(of: end.watermark, in: partition, reader) == .unbroken)
    }
  }

  @Test func failuresInTheLogAreNotHinted() async throws {
    try await withServer(.with { $0.logSuccess = false }) { server, reader, watermark in
      try await server.admin.add(Self.person(1), accepting: [68])
      try await server.admin.delete(["uid=nobody,dc=example,dc=com"], accepting: [32])
      try await server.admin.modify(Self.describe(3, "y"))
      let logged = try await server.admin.search("cn=accesslog", filter: "(!(reqResult=0))", attributes: ["reqResult"])
      #expect(logged.count >= 2)
      #expect(try await delta.run(since: watermark, reader).hints.map(\.dn) == [Self.dn(3)])
    }
  }

  @Test func aTrimmedLogIsLostOnlyWhereSomethingWasMissed() async throws {
    try await withServer(.with { $0.logPurge = "00:00:01 00:00:01" }) { server, reader, watermark in
      try await Self.waitUntilPurged(server)
      #expect(try await delta.continuity(of: watermark, in: partition, reader) == .unbroken)
      try await server.admin.modify(Self.describe(1, "missed"))
      try await Self.waitUntilPurged(server)
      guard case .lost(let reason) = try await delta.continuity(of: watermark, in: partition, reader) else {
        Issue.record("a log trimmed past the watermark counts as unbroken")
        return
      }
      #expect(reason.contains("trimmed past the watermark"))
    }
  }

  @Test func aReplacedServerIsLost() async throws {
    try await withServer { server, reader, watermark in
      try await server.wipeAndReplace()
      guard case .lost(let reason) = try await delta.continuity(of: watermark, in: partition, reader) else {
        Issue.record("another server of the same name counts as the same")
        return
      }
      #expect(reason.contains("another log or server"))
    }
  }

  @Test func aServerThatWasKilledOrRestartedIsTheSame() async throws {
    try await withServer { server, reader, watermark in
      try await server.restart()
      #expect(try await delta.continuity(of: watermark, in: partition, reader) == .unbroken)
      #expect(try await delta.run(since: watermark, reader).hints.isEmpty)
      try await server.kill()
      try await server.startAgain()
      #expect(try await delta.continuity(of: watermark, in: partition, reader) == .unbroken)
      try await server.admin.modify(Self.describe(2, "after"))
      #expect(try await delta.run(since: watermark, reader).hints.map(\.dn) == [Self.dn(2)])
    }
  }

  @Test func aServerWithoutSyncprovWorksToo() async throws {
    try await withServer(.with { $0.syncProvider = false }) { server, reader, watermark in
      try await server.admin.modify(Self.describe(2, "z"))
      let run = try await delta.run(since: watermark, reader)
      #expect(run.hints.map(\.dn) == [Self.dn(2)])
      #expect(try await delta.run(since: run.watermark, reader).hints.isEmpty)
      #expect(try await delta.continuity(of: run.watermark, in: partition, reader) == .unbroken)
      #expect(try await delta.readiness(of: partition, reader).status == .available)
    }
  }

  @Test func aFreshServerHasAWatermarkThatHintsTheFirstWrite() async throws {
    try await SlapdServer.running { server in
      let reader = ToolReader(tools: server.connector)
      #expect(try await delta.readiness(of: partition, reader).status == .unknown)
      let first = try await delta.currentWatermark(of: partition, reader)
      #expect(try await delta.continuity(of: first, in: partition, reader) == .unbroken)
      try await server.admin.add(Self.unit("people"))
      #expect(try await delta.continuity(of: first, in: partition, reader) == .unbroken)
      #expect(try await delta.run(since: first, reader).hints.map(\.dn) == ["ou=people,dc=example,dc=com"])
    }
  }

  @Test func readinessTellsOverlayRightsAndLimitsApart() async throws {
    try await withServer(.with { $0.sizeLimit = 3 }) { server, reader, _ in
      #expect(try await delta.readiness(of: partition, reader).status == .available)
      let blind = try await delta.readiness(of: partition, ToolReader(tools: server.limited))
      #expect(blind.status == .unavailable)
      #expect(blind.findings.contains { $0.remedy?.contains("dn.subtree=\"cn=accesslog\"") == true })
      try await server.configuring.modify(Self.replacing("olcAccess", "to * by users read", server))
      let limited = try await delta.readiness(of: partition, ToolReader(tools: server.limited))
      #expect(limited.status == .unavailable)
      #expect(limited.findings.contains { $0.remedy?.contains("size=unlimited") == true })
      try await server.configuring.modify(
        Self.replacing("olcAccess", "to dn.base=\"cn=accesslog\" by users read", server))
      let hidden = try await delta.readiness(of: partition, reader)
      #expect(hidden.status == .unavailable)
      #expect(hidden.findings.contains { $0.evidence.contains("has records, but this account sees none") })
    }
    try await SlapdServer.running(.with { $0.accessLog = false }) { server in
      let bare = try await delta.readiness(of: partition, ToolReader(tools: server.connector))
      #expect(bare.status == .unavailable)
      #expect(bare.findings.contains { $0.remedy?.hasPrefix("Add the overlay accesslog") == true })
    }
  }

  @Test func aSizeLimitEndsADeltaWithItsRemedy() async throws {
    try await withServer(.with { $0.sizeLimit = 3 }) { server, reader, watermark in
      try await server.admin.add((20..<30).map(Self.person).joined())
      try await server.configuring.modify(Self.replacing("olcLimits", nil, server))
      let error = await #expect(throws: DirectoryError.self) { try await delta.run(since: watermark, reader) }
      #expect(error?.code == .sizeLimitExceeded)
      #expect(error?.message.contains("size=unlimited") == true)
    }
  }

  @Test func aReadableConfigurationIsRead() async throws {
    try await withServer(.with { $0.connectorReadsConfiguration = true }) { _, reader, _ in
      let evidence = try await delta.readiness(of: partition, reader).findings.map(\.evidence)
      #expect(evidence.contains { $0.contains("all writes are logged") })
      #expect(evidence.contains("the log is indexed by entryCSN and reqStart"))
    }
  }

  @Test func aLogThatLeavesWritesOutIsLostAndNotSilent() async throws {
    try await withServer(.with { $0.logOps = "add" }) { server, reader, watermark in
      try await server.admin.modify(Self.describe(1, "not logged"))
      guard case .lost(let reason) = try await delta.continuity(of: watermark, in: partition, reader) else {
        Issue.record("a log that leaves writes out counts as unbroken")
        return
      }
      #expect(reason.contains("logops does not cover all writes"))
    }
  }

  private static func write(_ people: Int, by writers: Int, _ server: SlapdServer) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<writers {
        group.addTask { try await server.admin.add((0..<people).map { person(1000 * (writer + 1) + $0) }.joined()) }
      }
      try await group.waitForAll()
    }
  }

  private static func unit(_ name: String) -> String {
    "dn: ou=\(name),dc=example,dc=com\nobjectClass: organizationalUnit\nou: \(name)\n\n"
  }

  private static func dn(_ number: Int) -> String { "uid=p\(number),ou=people,dc=example,dc=com" }

  private static func person(_ number: Int) -> String {
    let kind = number >= 1000 ? "bulk" : "person"
    return "dn: \(dn(number))\nobjectClass: inetOrgPerson\nuid: p\(number)\ncn: Person\nsn: P\ndescription: \(kind)\n\n"
  }

  private static func describe(_ number: Int, _ text: String) -> String {
    "dn: \(dn(number))\nchangetype: modify\nreplace: description\ndescription: \(text)\n\n"
  }

  private static func replacing(_ attribute: String, _ value: String?, _ server: SlapdServer) -> String {
    let line = value.map { "\(attribute): \($0)\n" } ?? ""
    return "dn: \(server.logDatabaseDN)\nchangetype: modify\nreplace: \(attribute)\n\(line)\n"
  }

  /// Waits until slapd has purged every record.
  private static func waitUntilPurged(_ server: SlapdServer) async throws {
    for _ in 0..<150 {
      try await Task.sleep(for: .milliseconds(200))
      if try await server.admin.search("cn=accesslog", scope: .one, attributes: ["1.1"]).isEmpty { return }
    }
    throw SupportError("slapd did not purge its log within 30 s")
  }
}
