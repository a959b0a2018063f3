import TestSupport
import Testing

@Suite struct ExtendedTests {
  @Test("A password is changed by its owner, by others, and made up where nobody names one")
  func passwordModify() async throws {
    try await Scene.run { scene in
      let anna = try scene.tools(Scene.anna, "anna")
      _ = try await anna.run("ldappasswd", ["-a", "anna", "-s", "new"])
      _ = try await anna.run("ldapwhoami", accepting: [49])
      let wrong = try await scene.tools(Scene.anna, "new").run(
        "ldappasswd", ["-a", "wrong", "-s", "other"], accepting: [1])
      #expect(wrong.summary.contains("Server is unwilling to perform (53)"))
      let made = try await scene.tools(Scene.admin, "secret").run("ldappasswd", [Scene.anna])
      let line = try #require(made.lines.first { $0.hasPrefix("New password: ") })
      let password = String(line.dropFirst("New password: ".count))
      #expect(password.count == 12)
      #expect(try await scene.tools(Scene.anna, password).run("ldapwhoami").lines == ["dn:\(Scene.anna)"])
      let nameless = try await scene.anonymous.run("ldappasswd", ["-s", "x"], accepting: [1])
      #expect(nameless.summary.contains("an anonymous client has no password"))
      let nobody = try await scene.anonymous.run("ldappasswd", ["-s", "x", "cn=nobody,\(Scene.base)"], accepting: [1])
      #expect(nobody.summary.contains("No such object (32)"))
    }
  }

  @Test("An extended operation that is not known, or not listed, is a protocol error")
  func unknown() async throws {
    try await Scene.run { scene in
      let result = try await scene.anonymous.run("ldapexop", ["1.2.3.4"], accepting: [1])
      #expect(result.summary.contains("the extended operation 1.2.3.4 is not supported here"))
      let startTLS = try await scene.anonymous.run("ldapsearch", ["-ZZ", "-b", "", "-s", "base"], accepting: [1, 2])
      #expect(startTLS.summary.contains("1.3.6.1.4.1.1466.20037"))
    }
    let text = FixtureText.with { $0.rootDSE += "\nsupportedExtension: 1.3.6.1.4.1.4203.1.11.1" }
    try await Scene.run(text) { scene in
      let identity = try await scene.anonymous.run("ldapwhoami", accepting: [1, 2])
      #expect(identity.summary.contains("Protocol error (2)"))
      _ = try await scene.tools(Scene.anna, "anna").run("ldappasswd", ["-s", "new"])
    }
  }
}
