import TestSupport
import Testing

@testable import FixtureServer

@Suite struct HostileClientTests {
  @Test("Random bytes do not hurt the server")
  func randomBytes() async throws {
    try await Scene.run { scene in
      var random = SeededGenerator(seed: 7)
      let client = RawClient(port: scene.server.port)
      for round in 0..<150 {
        var bytes = (0..<random.below(400)).map { _ in UInt8(random.below(256)) }
        if round % 2 == 0 { bytes = [0x30] + bytes }
        _ = try await client.exchange(bytes, hangsUp: true)
      }
      #expect(try await scene.names([]).count == 4)
    }
  }

  @Test("Real messages with damaged bytes do not hurt the server")
  func damagedMessages() async throws {
    try await Scene.run { scene in
      var random = SeededGenerator(seed: 11)
      let client = RawClient(port: scene.server.port)
      for _ in 0..<150 {
        var bytes = random.pick(Bytes.all)
        for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        _ = try await client.exchange(Bytes.anonymousBind + bytes + Bytes.whoAmI, hangsUp: true)
      }
      #expect(try await scene.search([], "(objectClass=*)").exitCode == 0)
    }
  }

  @Test(
    "What is no LDAP ends the connection after a notice of disconnection",
    arguments: [
      "47455420 2f20 485454502f312e310d0a", "3003 020101", "3080 020101", "30847fffffff 00",
      "300c 020101 6107 0a0100 0400 0400",
    ])
  func notice(_ bytes: String) async throws {
    try await Scene.run { scene in
      let answer = try await RawClient(port: scene.server.port).exchange(hex(bytes))
      #expect(String(decoding: answer, as: UTF8.self).contains("1.3.6.1.4.1.1466.20036"))
    }
  }

  @Test("A message may come byte by byte, and several at once; answers keep their order")
  func pieces() async throws {
    try await Scene.run { scene in
      let client = RawClient(port: scene.server.port)
      let all = Bytes.anonymousBind + Bytes.whoAmI + Bytes.compare + Bytes.whoAmI
      let answers = try await client.exchange(all, answers: 4)
      let slow = try await client.exchange(all, answers: 4, pausing: true)
      #expect(answers == slow)
      let expected = hex("300c 020101 6107 0a0100 0400 0400 300e 020102 7809 0a0100 0400 0400 8b00")
      #expect(answers.starts(with: expected))
    }
  }

  @Test("A client that hangs up in the middle of a large answer leaves the server unharmed")
  func hangingUp() async throws {
    let directory = BigDirectory(users: 2000, groups: 0, members: 0)
    let text = FixtureText.with {
      $0.entries = "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n" + directory.ldif
    }
    let search = hex(
      "3036 020102 6331 0411 64633d6578616d706c652c64633d636f6d 0a0102 0a0100 020100 020100 010100"
        + "870b 6f626a656374436c617373 3000")
    try await Scene.run(text) { scene async throws in
      for _ in 0..<5 {
        #expect(try await RawClient(port: scene.server.port).exchange(search, answers: 1).count > 50)
      }
      #expect(try await scene.anonymous.search(attributes: ["1.1"]).count == 2003)
    }
  }

  @Test("An unbind ends the connection without a word, and an abandon has no answer")
  func silence() async throws {
    try await Scene.run { scene in
      let client = RawClient(port: scene.server.port)
      #expect(try await client.exchange(hex("3005 020101 4200")).isEmpty)
      let answer = try await client.exchange(hex("3006 020101 500105") + hex("3005 020102 4200"))
      #expect(answer.isEmpty)
    }
  }

  @Test("Stopping the server closes the connections that are open, and frees the port")
  func stopping() async throws {
    try await Scene.run { scene in
      let port = scene.server.port
      async let waiting = RawClient(port: port).exchange(Bytes.anonymousBind)
      while try await scene.names([]).isEmpty {}
      await scene.server.stop()
      #expect(try await waiting.count == 14)
      await #expect(throws: SupportError.self) { try await RawClient(port: port).exchange([]) }
    }
  }
}
