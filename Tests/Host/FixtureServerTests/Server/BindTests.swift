import FixtureServer
import TestSupport
import Testing

@Suite struct BindTests {
  @Test("The account of directory.json binds, and nobody with another password")
  func account() async throws {
    try await Scene.run { scene in
      let right = try await scene.tools(Scene.admin, "secret").run("ldapwhoami")
      #expect(right.lines == ["dn:\(Scene.admin)"])
      _ = try await scene.tools("CN=admin, DC=example,DC=com", "secret").run("ldapwhoami")
      let wrong = try await scene.tools(Scene.admin, "wrong").run("ldapwhoami", accepting: [49])
      #expect(wrong.standardError.contains("Invalid credentials (49)"))
      _ = try await scene.tools("cn=nobody,dc=example,dc=com", "secret").run("ldapwhoami", accepting: [49])
    }
  }

  @Test("An entry binds with its password")
  func entry() async throws {
    try await Scene.run { scene in
      #expect(try await scene.tools(Scene.anna, "anna").run("ldapwhoami").lines == ["dn:\(Scene.anna)"])
      _ = try await scene.tools(Scene.anna, "secret").run("ldapwhoami", accepting: [49])
    }
  }

  @Test("An account given at the start binds beside the one of the fixture")
  func given() async throws {
    let account = FixtureServer.Account(dn: "cn=guest,dc=example,dc=com", password: Array("guest".utf8))
    try await Scene.run(account: account) { scene in
      _ = try await scene.tools("cn=Guest,dc=example,dc=com", "guest").run("ldapwhoami")
      _ = try await scene.tools("cn=guest,dc=example,dc=com", "secret").run("ldapwhoami", accepting: [49])
      _ = try await scene.tools(Scene.admin, "secret").run("ldapwhoami")
    }
  }

  @Test("A client without a name is anonymous; a name without a password is refused")
  func anonymous() async throws {
    try await Scene.run { scene in
      #expect(try await scene.anonymous.run("ldapwhoami").lines == ["anonymous"])
      let nameless = try await scene.anonymous.run(
        "ldapwhoami", ["-D", Scene.admin, "-w", ""], accepting: [53])
      #expect(nameless.standardError.contains("a bind with a name needs a password"))
    }
  }

  @Test("Version 2 of the protocol is refused")
  func version2() async throws {
    try await Scene.run { scene in
      let result = try await scene.anonymous.run("ldapsearch", ["-P", "2", "-b", "", "-s", "base"], accepting: [2])
      #expect(result.standardError.contains("only LDAP version 3 is served, not 2"))
    }
  }

  @Test("A SASL mechanism is refused by name")
  func sasl() async throws {
    try await Scene.run { scene in
      // The mechanism EXTERNAL without credentials.
      let bind = hex("3018 020101 6013 020103 0400 a30c 040845585445524e414c 0400")
      let answer = try await RawClient(port: scene.server.port).exchange(bind, answers: 1)
      #expect(answer.dropFirst(2).starts(with: hex("020101 61")))
      #expect(answer.dropFirst(7).starts(with: hex("0a0107")))
      #expect(String(decoding: answer, as: UTF8.self).contains("EXTERNAL"))
    }
  }
}
