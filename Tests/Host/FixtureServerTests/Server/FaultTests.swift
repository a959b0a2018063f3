import ConnectorCore
import FixtureServer
import TestSupport
import Testing

@Suite struct FaultTests {
  private let all = ["Anna", "bert", "Carl", "Dörte"]
  private let paging = ["-E", "pr=2/noprompt"]

  @Test("A connection is cut in the middle of a page, once")
  func cut() async throws {
    try await Scene.run(faults: [Fault(.cut(after: 1), when: .init(.search, page: 2))]) { scene in
      let cut = try await scene.search(paging, accepting: [255])
      #expect(try cut.names == ["Anna", "bert", "Carl"])
      #expect(cut.standardError.contains("Can't contact LDAP server"))
      #expect(try await scene.names(paging) == all)
    }
  }

  @Test("A connection is cut after a change was made, so that only the answer is lost")
  func cutAfterChange() async throws {
    try await Scene.run(faults: [Fault(.cut(after: nil), when: .init(.delete))]) { scene in
      try await scene.anonymous.delete([Scene.anna], accepting: [255])
      #expect(try await scene.anonymous.read(Scene.anna) == nil)
    }
  }

  @Test(
    "A result code takes the place of the operation",
    arguments: [
      (ResultCode.busy, "Server is busy (51)"), (.unavailable, "Server is unavailable (52)"), (.other, "(80)"),
    ])
  func codes(_ code: ResultCode, _ text: String) async throws {
    let faults = [Fault(.code(code), when: .init(.delete, base: "CN=anna,\(Scene.people)"), isRepeated: true)]
    try await Scene.run(faults: faults) { scene in
      for _ in 0..<2 {
        let refused = try await scene.anonymous.delete([Scene.anna], accepting: [code.rawValue])
        #expect(refused.standardError.contains(text))
      }
      #expect(try await scene.anonymous.read(Scene.anna) != nil)
      try await scene.anonymous.delete(["cn=bert,\(Scene.people)"])
    }
  }

  @Test("A bind may be refused, too")
  func busyBind() async throws {
    try await Scene.run(faults: [Fault(.code(.busy), when: .init(.bind, base: Scene.anna))]) { scene in
      let anna = try scene.tools(Scene.anna, "anna")
      _ = try await anna.run("ldapwhoami", accepting: [51])
      _ = try await anna.run("ldapwhoami")
    }
  }

  @Test("A slow answer comes late, but whole")
  func slow() async throws {
    try await Scene.run(faults: [Fault(.slow(milliseconds: 700), when: .init(.search))]) { scene in
      let late = try await scene.search([])
      #expect(try late.names == all)
      #expect(late.seconds >= 0.7)
    }
  }

  @Test("A server that is stopped does not wait for its slow answers")
  func stoppedWhileSlow() async throws {
    try await Scene.run(faults: [Fault(.slow(milliseconds: 60_000), when: .init(.search))]) { scene in
      let start = ContinuousClock.now
      async let answer = RawClient(port: scene.server.port).exchange(Bytes.search)
      try await Task.sleep(for: .milliseconds(100))
      await scene.server.stop()
      #expect(try await answer.isEmpty)
      #expect(start.duration(to: .now) < .seconds(15))
    }
  }

  @Test("A size limit of the server cuts the answer short")
  func sizeLimit() async throws {
    try await Scene.run(faults: [Fault(.sizeLimit(after: 3)), Fault(.sizeLimit(after: nil))]) { scene async throws in
      #expect(try await scene.names([], accepting: [4]) == ["Anna", "bert", "Carl"])
      #expect(try await scene.names([], accepting: [4]) == ["Anna", "bert"])
      #expect(try await scene.names([]) == all)
    }
  }

  @Test("A malformed entry stands in the answer of a search, and a malformed result in that of a bind")
  func malformed() async throws {
    try await Scene.run(faults: [Fault(.malformed, when: .init(.search)), Fault(.malformed, when: .init(.bind))]) {
      scene in
      let bind = try await scene.anonymous.run("ldapwhoami", accepting: [254])
      #expect(bind.standardError.contains("Decoding error (-4)"))
      let search = try await scene.search([], accepting: [1])
      #expect(search.standardError.contains("Decoding error (-4)"))
      scene.server.inject(Fault(.malformed, when: .init(.search)))
      let bytes = try await RawClient(port: scene.server.port).exchange(Bytes.search, answers: 2)
      #expect(bytes.starts(with: hex("3009 020102 6404 047f636e")))
      #expect(try await scene.names([]) == all)
    }
  }

  @Test("A page without its control looks to ldapsearch like the last one")
  func withoutPageControl() async throws {
    try await Scene.run(faults: [Fault(.withoutPageControl, when: .init(page: 1))]) { scene in
      let result = try await scene.search(paging)
      #expect(try result.names == ["Anna", "bert"])
      #expect(!result.standardOutput.contains("1.2.840.113556.1.4.319 false"))
      #expect(try await scene.names(paging) == all)
    }
  }

  @Test("An empty answer with success looks like the end of the search")
  func emptySuccess() async throws {
    let faults = [
      Fault(.emptySuccess, when: .init(page: 2)), Fault(.emptySuccess, when: .init(base: "cn=nobody,\(Scene.base)")),
    ]
    try await Scene.run(faults: faults) { scene in
      let result = try await scene.search(paging)
      #expect(try result.names == ["Anna", "bert"])
      #expect(result.standardOutput.contains("result: 0 Success"))
      #expect(try await scene.anonymous.search("cn=nobody,\(Scene.base)").isEmpty)
      #expect(try await scene.names(paging) == all)
    }
  }

  @Test("A fault waits for the request with its number, counted among those that fit")
  func numbers() async throws {
    let faults = [Fault(.code(.busy), when: .init(.search, base: Scene.people, request: 2), isRepeated: true)]
    try await Scene.run(faults: faults) { scene in
      _ = try await scene.anonymous.search(Scene.base)
      #expect(try await scene.names([]) == all)
      _ = try await scene.anonymous.search(Scene.base)
      _ = try await scene.search([], accepting: [51])
      _ = try await scene.search([], accepting: [51])
    }
  }

  @Test("A fault can be added while the server runs")
  func inject() async throws {
    try await Scene.run { scene in
      #expect(try await scene.names([]) == all)
      scene.server.inject(Fault(.code(.unavailable), when: .init(.search)))
      _ = try await scene.search([], accepting: [52])
      #expect(try await scene.names([]) == all)
    }
  }
}
