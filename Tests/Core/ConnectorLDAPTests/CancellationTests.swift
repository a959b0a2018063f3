import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

@Suite struct CancellationTests {
  @Test func cancellingWakesAWaitingSearchWithinATenthOfASecond() async throws {
    var fastest = Duration.seconds(60)
    for _ in 0..<5 where fastest > .milliseconds(100) {  // another try where the machine itself was busy
      let peer = try ScriptedPeer { $0.listen() }
      let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(60) }
      let search = Task { try await session.collect(SearchRequest(base: "")) }
      try await Task.sleep(for: .milliseconds(200))
      let took = await duration {
        search.cancel()
        await #expect(throws: CancellationError.self) { _ = try await search.value }
      }
      fastest = min(fastest, took)
    }
    #expect(fastest < .milliseconds(100))
  }

  @Test func aCancelledSearchIsAbandonedAndLeavesTheSessionUsable() async throws {
    let peer = try ScriptedPeer { client in
      guard let first = client.nextRequest() else { return }
      client.send(Messages.entry(first, dn: "cn=1", attributes: []))
      guard client.nextRequest() != nil, let next = client.nextRequest() else { return }  // abandon, then a new search
      client.send(Messages.entry(first, dn: "cn=late", attributes: []))
      client.send(Messages.entry(next, dn: "cn=new", attributes: []) + Messages.result(next))
      client.listen()
    }
    let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(60) }
    let search = Task { try await session.collect(SearchRequest(base: "", pageSize: nil)) }
    try await Task.sleep(for: .milliseconds(200))
    search.cancel()
    await #expect(throws: CancellationError.self) { _ = try await search.value }
    let found = try await session.collect(SearchRequest(base: "", pageSize: nil))
    #expect(found.map(\.dn) == ["cn=new"])
    await session.close()
    #expect(try await peer.heard() == [0x63, 0x50, 0x63, 0x42], "search, abandon, search, unbind")
  }

  @Test func cancellingInMidPageEndsARealSearch() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(3000)) }) { server in
      let session = try await connect(server)
      let harvest = Harvest()
      let search = Task {
        try await session.search(SearchRequest(base: SlapdServer.base, pageSize: 50)) { batch in
          harvest.add(batch)
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
      while harvest.batches.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
      search.cancel()
      await #expect(throws: CancellationError.self) { _ = try await search.value }
      #expect(harvest.names.count < 3003)
      #expect(try await session.search(SearchRequest(base: SlapdServer.base)) { _ in }.entries == 3003)
    }
  }

  @Test func cancellingOneReaderDoesNotDisturbAnother() async throws {
    let peer = try ScriptedPeer { client in
      while let id = client.nextRequest() {
        // 2 is the abandon of the first.
        if id == 3 { client.send(Messages.entry(id, dn: "cn=2", attributes: []) + Messages.result(id)) }
      }
    }
    let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(60) }
    let first = Task { try await session.read(["cn=1"], attributes: []) }
    try await Task.sleep(for: .milliseconds(100))
    let second = Task { try await session.read(["cn=2"], attributes: []) }
    try await Task.sleep(for: .milliseconds(100))
    first.cancel()
    await #expect(throws: CancellationError.self) { _ = try await first.value }
    let answers = try await second.value
    guard case .entry(let entry) = answers[0] else {
      Issue.record("\(answers)")
      return
    }
    #expect(entry.dn == "cn=2")
  }

  @Test func aTaskCancelledBeforeItStartsSendsNothing() async throws {
    let peer = try ScriptedPeer { $0.listen() }
    let session = try await connect(port: peer.port)
    let search = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.collect(SearchRequest(base: ""))
    }
    await #expect(throws: CancellationError.self) { _ = try await search.value }
    await session.close()
    #expect(try await peer.heard() == [0x42], "nothing but the unbind request")
  }
}
