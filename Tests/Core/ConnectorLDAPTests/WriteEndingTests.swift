import ConnectorCore
import ConnectorLDAP
import Glibc
import TestSupport
import Testing

/// What is known of changes when the connection or the task ends before they are answered.
@Suite("Writing that is interrupted")
struct WriteEndingTests {
  @Test("Answers that come out of order find their requests")
  func order() async throws {
    let peer = try ScriptedPeer { client in
      var ids: [UInt8] = []
      while ids.count < 40, let id = client.nextRequest() { ids.append(id) }
      for id in ids.shuffled() { client.send(Messages.result(id, tag: 0x6b, code: id)) }
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let answers = try await session.write((1...40).map { .delete("cn=\($0)") })
    #expect(answers.map(\.verdict) == (1...40).map { "\($0)" })
    #expect(answers.map { $0.error?.operation } == (1...40).map { "delete of cn=\($0)" })
  }

  @Test("slapd killed in the middle of many adds: what it answered is there, and nothing that was not sent")
  func killed() async throws {
    try await SlapdServer.running { server in
      try await WriteServer(server, SlapdServer.adminPassword, []).run { writer, session in
        async let ending = session.write((0..<20_000).map { .person("P \($0)") })
        while try await server.admin.search(WriteServer.people, scope: .one, options: ["-z", "1"], accepting: [0, 4])
          .isEmpty
        { try await Task.sleep(for: .milliseconds(1)) }
        try await server.kill()
        let answers = try await ending
        let (done, unknown, unsent) = try split(answers)
        #expect(done > 0 && unknown > 0 && unsent > 0 && unknown <= 64, "\(done) \(unknown) \(unsent)")
        #expect(answers.compactMap(\.error).allSatisfy { $0.code == .serverDown })
        try await server.startAgain()
        try await expect(answers, in: writer)
        let again = await directoryError { _ = try await session.write([.person("late")]) }
        #expect(again?.code == .serverDown, "the session remembers")
      }
    }
  }

  @Test("A server that falls silent: what was sent is unknown after the timeout, the rest was never sent")
  func silent() async throws {
    try await SlapdServer.running { server in
      var writer = WriteServer(server, SlapdServer.adminPassword, [])
      writer.settings.operationTimeout = .milliseconds(700)
      try await writer.run { writer, session in
        #expect(try await session.verdicts([.person("first")]) == ["done"])
        server.suspend()
        let answers = try await session.write((0..<200).map { .person("P \($0)") })
        server.resume()
        #expect(answers.map(\.verdict) == (0..<200).map { $0 < 64 ? "unknown" : "unsent" })
        #expect(answers.allSatisfy { $0.error?.code == .timeout })
        // The server makes the changes later: nobody must take them for not made.
        while try await writer.names().count < 65 { try await Task.sleep(for: .milliseconds(20)) }
      }
    }
  }

  @Test("Cancelling sends nothing more, and takes the answers to what was sent")
  func cancelled() async throws {
    let peer = try ScriptedPeer { client in
      var ids: [UInt8] = []
      while ids.count < 64, let id = client.nextRequest() { ids.append(id) }
      usleep(300_000)
      for id in ids { client.send(Messages.result(id, tag: 0x6b)) }
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(30) }
    let writing = Task { try await session.write((0..<100).map { .delete("cn=\($0)") }) }
    try await Task.sleep(for: .milliseconds(100))
    writing.cancel()
    let answers = try await writing.value
    #expect(answers.map(\.verdict) == (0..<100).map { $0 < 64 ? "done" : "unsent" })
    #expect(answers.last?.error?.code == .cancelledHere)
    #expect(answers.last?.error?.description == "delete of cn=99: cancelled (-8): cancelled before it was sent")
  }

  @Test("A cancelled write whose answers do not come ends after the operation timeout, unknown")
  func cancelledInVain() async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(1) }
    let writing = Task { try await session.write((0..<65).map { .delete("cn=\($0)") }) }
    try await Task.sleep(for: .milliseconds(100))
    let took = try await duration {
      writing.cancel()
      let answers = try await writing.value
      #expect(answers.map(\.verdict) == (0..<65).map { $0 < 64 ? "unknown" : "unsent" })
      #expect(answers.first?.error?.code == .timeout && answers.last?.error?.code == .cancelledHere)
    }
    #expect(took > .milliseconds(800) && took < .seconds(20))
  }

  @Test("A task cancelled before it starts, and a closed session, send nothing and throw")
  func nothingSent() async throws {
    let peer = try ScriptedPeer { $0.listen() }
    let session = try await connect(port: peer.port)
    let writing = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.write([.delete("cn=a")])
    }
    await #expect(throws: CancellationError.self) { _ = try await writing.value }
    await session.close()
    let closed = await directoryError { _ = try await session.write([.delete("cn=a")]) }
    #expect(closed?.code == .serverDown)
    #expect(try await peer.heard() == [0x42], "nothing but the unbind request")
  }

  @Test("A notice of disconnection and a result that cannot be read leave open what was done")
  func lastWords() async throws {
    for (last, code) in [
      (Messages.noticeOfDisconnection(code: 52, diagnostic: "going down"), ResultCode.serverDown),
      (Messages.message(2, Messages.element(0x6b, [0x0a, 0x7f])), .decodingError),
    ] {
      let peer = try ScriptedPeer { client in
        guard let first = client.nextRequest(), client.nextRequest() != nil else { return }
        client.send(Messages.result(first, tag: 0x6b) + last)
        client.stayAndRead()
      }
      let session = try await connect(port: peer.port)
      let answers = try await session.write([.delete("cn=a"), .delete("cn=b")])
      #expect(answers.map(\.verdict) == ["done", "unknown"])
      #expect(answers[1].error?.code == code)
    }
  }

  private func split(_ answers: [WriteAnswer]) throws -> (done: Int, unknown: Int, unsent: Int) {
    func count(_ verdict: String) -> Int { answers.count { $0.verdict == verdict } }
    let counts = (count("done"), count("unknown"), count("unsent"))
    #expect(counts.0 + counts.1 + counts.2 == answers.count)
    return counts
  }

  /// The directory holds everyone who was done and no one who was unsent.
  private func expect(_ answers: [WriteAnswer], in writer: WriteServer) async throws {
    let there = Set(try await writer.names())
    let done = answers.indices.filter { answers[$0].verdict == "done" }.map { "P \($0)" }
    let unsent = answers.indices.filter { answers[$0].verdict == "unsent" }.map { "P \($0)" }
    #expect(there.isSuperset(of: done))
    #expect(there.isDisjoint(with: unsent))
  }
}
