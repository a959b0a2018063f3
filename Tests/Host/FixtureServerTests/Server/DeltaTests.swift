import FixtureServer
import TestSupport
import Testing

@Suite struct DeltaTests {
  private let text = FixtureText.with {
    $0.deltas = [
      "2-delete": "dn: cn=bert,ou=people,dc=example,dc=com\nchangetype: delete",
      "1-modify": "dn: \(Scene.anna)\nchangetype: modify\nreplace: sn\nsn: Eins\n-\n",
      "3-broken": "dn: cn=nobody,dc=example,dc=com\nchangetype: delete",
    ]
  }

  @Test("Cases are applied in the order of their names, and each once")
  func order() async throws {
    try await Scene.run(text) { scene async throws in
      #expect(try scene.server.applyNextDelta() == "1-modify")
      #expect(try await scene.anonymous.read(Scene.anna)?.strings("sn") == ["Eins"])
      #expect(try scene.server.applyNextDelta() == "2-delete")
      #expect(try await scene.names([]) == ["Anna", "Carl", "Dörte"])
      #expect(throws: (any Error).self) { try scene.server.applyNextDelta() }
      #expect(try scene.server.applyNextDelta() == nil)
    }
  }

  @Test("A case is applied by name; one that is not there is named with those that are")
  func byName() async throws {
    try await Scene.run(text) { scene in
      try scene.server.apply(delta: "2-delete")
      #expect(try await scene.names([]) == ["Anna", "Carl", "Dörte"])
      let error = try #require(throws: FixtureServerError.self) { try scene.server.apply(delta: "2-delete") }
      #expect(error.description.contains("1-modify, 3-broken"))
    }
  }
}
