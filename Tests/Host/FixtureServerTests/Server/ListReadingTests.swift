import ConnectorCore
import ConnectorLDAP
import ConnectorTesting
import FixtureServer
import Synchronization
import TestSupport
import Testing

/// The connector's session reads a list that the server cuts anew for every part, as many products do.
@Suite("Reading a list that changes")
struct ListReadingTests {
  private static let base = Scene.people

  private func running(
    _ count: Int, faults: [Fault] = [], _ body: (FixtureServer, LDAPSession) async throws -> Void
  ) async throws {
    var text = FixtureText()
    text.entries = "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n"
    text.entries += "dn: \(Self.base)\nobjectClass: organizationalUnit\nou: people\n\n"
    text.entries += (0..<count).map { Self.person("M \(1000 + $0)") }.joined()
    try await Scene.run(text, faults: faults) { scene in
      let settings = ConnectionSettings(host: "127.0.0.1", port: UInt16(scene.server.port))
      let session = try await LDAPSession.connect(to: settings)
      try await body(scene.server, session)
      await session.close()
    }
  }

  private static func person(_ name: String) -> String {
    "dn: cn=\(name),\(base)\nobjectClass: person\ncn: \(name)\nsn: \(name.suffix(1))\n\n"
  }

  private func request(_ pageSize: Int, by key: SortKey = SortKey("cn")) -> SearchRequest {
    SearchRequest(
      base: Self.base, scope: .oneLevel, attributes: [SearchRequest.noAttributes], pageSize: pageSize, sortKey: key)
  }

  private final class Names: Sendable {
    private let state = Mutex<(names: [String], parts: Int)>(([], 0))
    var all: [String] { state.withLock { $0.names } }
    /// Adds a part; returns its number from 1.
    func add(_ batch: EntryBatch) -> Int {
      state.withLock {
        $0.names += batch.map { String($0.dn.dropFirst(3).prefix { $0 != "," }) }
        $0.parts += 1
        return $0.parts
      }
    }
  }

  @Test("Nothing is missing and nothing comes twice while no entry comes or goes", arguments: [1, 7, 60, 400])
  func undisturbed(pageSize: Int) async throws {
    try await running(60) { _, session in
      for key in [SortKey("cn"), SortKey("sn"), SortKey("sn", rule: "2.5.13.3"), SortKey("entryUUID")] {
        let names = Names()
        _ = try await session.search(request(pageSize, by: key)) { _ = names.add($0) }
        #expect(names.all.sorted() == (0..<60).map { "M \(1000 + $0)" }, "\(key)")
      }
    }
  }

  @Test(
    "Entries added at the front shift the list on, and cost no other entry", arguments: [(7, 3), (7, 20), (50, 200)])
  func added(pageSize: Int, count: Int) async throws {
    try await running(150) { server, session in
      let names = Names()
      _ = try await session.search(request(pageSize)) { batch in
        let part = names.add(batch)
        guard part % 4 == 1, part < 40 else { return }
        for number in 0..<count { try server.directory.apply(ldif: Self.person("A \(1000 * part + number)")) }
      }
      #expect(names.all.filter { $0.hasPrefix("M") } == (0..<150).map { "M \(1000 + $0)" })
    }
  }

  @Test(
    "Entries deleted at the front shift the list back, and cost no other entry", arguments: [(7, 4), (7, 14), (50, 90)])
  func deleted(pageSize: Int, count: Int) async throws {
    try await running(200) { server, session in
      let names = Names()
      let front = Mutex(0)
      _ = try await session.search(request(pageSize)) { batch in
        _ = names.add(batch)
        // Only what has come is deleted, and something known is left.
        let gone = front.withLock { front in
          let end = min(front + count, names.all.count - 2)
          defer { front = max(front, end) }
          return front < end ? front..<end : 0..<0
        }
        for number in gone {
          try server.directory.apply(ldif: "dn: cn=M \(1000 + number),\(Self.base)\nchangetype: delete\n\n")
        }
      }
      #expect(front.withLock { $0 } > 50)
      let all = (0..<200).map { "M \(1000 + $0)" }
      #expect(names.all == all, "missing: \(Set(all).subtracting(names.all).sorted()), \(names.all.count) came")
    }
  }

  @Test("The session brings back the context, without which the server would refuse the sixth part")
  func context() async throws {
    try await running(100) { _, session in
      let names = Names()
      _ = try await session.search(request(5)) { _ = names.add($0) }
      #expect(names.all.count == 100)
    }
  }

  @Test("A server that accepts the controls and ignores them is an error, not a whole list")
  func ignored() async throws {
    let ignoring = Fault(.ignoredListView, when: .init(.search, base: Self.base), isRepeated: true)
    try await running(30, faults: [ignoring]) { _, session in
      let error = await #expect(throws: DirectoryError.self) {
        _ = try await session.search(request(10)) { _ in }
      }
      #expect(error?.code == .controlNotFound)
      #expect(error?.message.contains("switch virtual list view off") == true)
    }
  }

  @Test("A part without its response control is an error, not the end")
  func withoutControl() async throws {
    let fault = Fault(.withoutPageControl, when: .init(.search, base: Self.base, request: 3))
    try await running(60, faults: [fault]) { _, session in
      let names = Names()
      let error = await #expect(throws: DirectoryError.self) {
        _ = try await session.search(request(10)) { _ = names.add($0) }
      }
      #expect(error?.code == .controlNotFound)
      #expect(names.all.count < 30)
    }
  }

  @Test("A part that comes empty is asked for again")
  func emptyPart() async throws {
    let fault = Fault(.emptySuccess, when: .init(.search, base: Self.base, request: 1))
    try await running(60, faults: [fault]) { _, session in
      let names = Names()
      _ = try await session.search(request(10)) { _ = names.add($0) }
      #expect(names.all.count == 60)
    }
  }

  @Test("A key that the server cannot sort by is an error that names it")
  func unsortable() async throws {
    try await running(5) { _, session in
      let error = await #expect(throws: DirectoryError.self) {
        _ = try await session.search(request(10, by: SortKey("cn", rule: "noSuchMatch"))) { _ in }
      }
      #expect(error?.code == .unavailableCriticalExtension)
      #expect(error?.message.contains("sorting by cn:noSuchMatch: inappropriateMatching (18)") == true)
    }
  }
}
