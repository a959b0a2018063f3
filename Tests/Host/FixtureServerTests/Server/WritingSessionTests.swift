import ConnectorCore
import ConnectorLDAP
import ConnectorTesting
import FixtureServer
import TestSupport
import Testing

/// The connector's session writes to a server that fails at a chosen request.
@Suite("Writing to a server that fails")
struct WritingSessionTests {
  private func running(
    _ faults: [Fault], timeout: Duration = .seconds(60), _ body: (Scene, LDAPSession) async throws -> Void
  ) async throws {
    try await Scene.run(faults: faults) { scene in
      var settings = ConnectionSettings(host: "127.0.0.1", port: UInt16(scene.server.port))
      settings.operationTimeout = timeout
      let session = try await LDAPSession.connect(to: settings)
      try await body(scene, session)
      await session.close()
    }
  }

  private func persons(_ count: Int) -> [WriteRequest] {
    (0..<count).map { number in
      .add(
        "cn=P \(number),\(Scene.people)",
        [
          ("objectClass", [Array("person".utf8)]), ("cn", [Array("P \(number)".utf8)]), ("sn", [Array("x".utf8)]),
        ])
    }
  }

  private func names(_ scene: Scene) async throws -> [String] {
    try await scene.names([]).filter { $0.hasPrefix("P ") }
  }

  private func verdict(_ answer: WriteAnswer) -> String {
    switch answer {
    case .done: "done"
    case .refused(let error): "\(error.code.rawValue)"
    case .unknown: "unknown"
    case .unsent: "unsent"
    }
  }

  @Test("A connection cut in the middle of many adds: done, then unknown, then unsent, as the directory says")
  func cut() async throws {
    try await running([Fault(.cut(after: nil), when: .init(.add, request: 100))]) { scene, session async throws in
      let answers = try await session.write(persons(300)).map(verdict)
      let unknown = answers.count { $0 == "unknown" }
      #expect(answers.prefix(99).allSatisfy { $0 == "done" }, "what came before the end is not lost")
      #expect(answers.dropFirst(99).prefix(unknown).allSatisfy { $0 == "unknown" })
      #expect(answers.dropFirst(99 + unknown).allSatisfy { $0 == "unsent" })
      #expect(unknown > 0 && unknown <= 64)
      // The hundredth was carried out, and nobody was told.
      #expect(try await names(scene) == (0..<100).map { "P \($0)" })
    }
  }

  @Test("A request that the server refuses in the middle, for good or as busy, leaves the others alone")
  func refused() async throws {
    let faults = [
      Fault(.code(.busy), when: .init(.add, request: 10)), Fault(.code(.referral), when: .init(.add, request: 20)),
      Fault(.code(ResultCode(rawValue: 4711)), when: .init(.add, request: 30)),
    ]
    try await running(faults) { scene, session async throws in
      let answers = try await session.write(persons(100)).map(verdict)
      let expected = [9: "51", 19: "10", 29: "4711"]
      #expect(answers == (0..<100).map { expected[$0] ?? "done" })
      #expect(try await names(scene) == (0..<100).filter { expected[$0] == nil }.map { "P \($0)" })
    }
  }

  @Test("An answer that comes late is awaited as long as the operation timeout, and no longer")
  func slow() async throws {
    try await running([Fault(.slow(milliseconds: 400), when: .init(.add, request: 5))]) { _, session async throws in
      #expect(try await session.write(persons(10)).map(verdict) == Array(repeating: "done", count: 10))
    }
    let late = Fault(.slow(milliseconds: 1500), when: .init(.add, request: 5))
    try await running([late], timeout: .milliseconds(300)) { scene, session async throws in
      let answers = try await session.write(persons(100)).map(verdict)
      #expect(answers == (0..<100).map { $0 < 4 ? "done" : $0 < 68 ? "unknown" : "unsent" })
      // The server, late, makes the changes all the same, and none that was not sent.
      while try await names(scene).count < 68 { try await Task.sleep(for: .milliseconds(20)) }
      #expect(try await names(scene).count == 68)
    }
  }

  @Test("A malformed result leaves open what was done, and costs no answer that came before")
  func malformed() async throws {
    try await running([Fault(.malformed, when: .init(.add, request: 5))]) { scene, session async throws in
      let answers = try await session.write(persons(100)).map(verdict)
      #expect(answers.prefix(5) == ["done", "done", "done", "done", "unknown"])
      #expect(!answers.dropFirst(5).contains("done"))
      #expect(try await names(scene).contains("P 4"))
    }
  }
}
