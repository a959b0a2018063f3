import ConnectorCore
import ConnectorHost
@testable import ConnectorLDAP
import Testing

@Suite("Credentials")
struct CredentialsTests {
  private func configuration(file: String? = nil, variable: String? = nil) throws -> Configuration {
    var configuration = Configuration()
    configuration.server.host = "h"
    configuration.bind.method = .simple
    configuration.bind.dn = try DN("cn=a")
    configuration.bind.passwordFile = file
    configuration.bind.passwordEnvironment = variable
    return configuration
  }

  private func password(_ configuration: Configuration, _ environment: [String: String] = [:]) throws -> Secret {
    let settings = try configuration.connectionSettings(resolve: { $0 }, environment: environment)
    guard case .simple(_, let secret) = settings.bind else { throw Unexpected() }
    return secret
  }

  private struct Unexpected: Error {}

  @Test(
    "One newline at the end of a password file is no part of the password",
    arguments: [
      ("s e", "s e"), ("s\n", "s"), ("s\r\n", "s"), ("s\n\n", "s\n"), ("s\r", "s\r"), (" s ", " s "),
    ])
  func newline(text: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("p", text)
    #expect(try password(configuration(file: file)).isSame(as: Secret(expected)))
  }

  @Test(
    "A password that cannot be fetched is a problem of its setting",
    arguments: [
      ("empty", "bind.passwordFile", "is empty"), ("missing", "bind.passwordFile", "cannot be read"),
      ("large", "bind.passwordFile", "too large"),
    ])
  func unusable(name: String, path: String, reason: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("empty", "\n")
    try folder.write("large", String(repeating: "x", count: 70_000))
    #expect {
      try password(configuration(file: folder.path + "/" + name))
    } throws: { error in
      guard let finding = error as? SettingFinding else { return false }
      return finding.path == path && finding.message.contains(reason)
    }
  }

  @Test("A variable that is not set and one that is empty are told apart")
  func variables() throws {
    let wanted = try configuration(variable: "P")
    #expect(try password(wanted, ["P": "x"]).isSame(as: Secret("x")))
    let unset = SettingFinding(path: "bind.passwordEnvironment", message: "the environment variable P is not set")
    let empty = SettingFinding(path: "bind.passwordEnvironment", message: "the environment variable P is empty")
    #expect(throws: unset) { try password(wanted) }
    #expect(throws: empty) { try password(wanted, ["P": ""]) }
  }

  @Test("A password file that others may read, clear text and a certificate unverified are warned of")
  func warnings() throws {
    let folder = try TemporaryFolder()
    let tight = try folder.write("tight", "x")
    let loose = try folder.write("loose", "x", mode: 0o644)
    var wanted = try configuration(file: tight)
    wanted.server.transport = .ldaps
    #expect(wanted.connectionWarnings(resolve: { $0 }).isEmpty)
    wanted.bind.passwordFile = loose
    #expect(wanted.connectionWarnings(resolve: { $0 }).map { $0.contains("chmod 600 \(loose)") } == [true])
    wanted.server.verifyCertificate = false
    #expect(wanted.connectionWarnings(resolve: { $0 }).count == 2)
    wanted.server.transport = .ldap
    #expect(wanted.connectionWarnings(resolve: { $0 }).contains { $0.contains("clear text") })
  }

  @Test("Every setting of the connection reaches the session")
  func connectionSettings() throws {
    let folder = try TemporaryFolder()
    let ca = try folder.write("ca.pem", "")
    var wanted = Configuration()
    wanted.server.host = "h"
    wanted.server.transport = .ldaps
    wanted.server.caFile = "ca.pem"
    wanted.server.verifyCertificate = false
    wanted.server.minimumTLS = .v1_3
    wanted.server.connectionTimeout = .seconds(3)
    wanted.server.operationTimeout = .seconds(4)
    let settings = try wanted.connectionSettings(resolve: { folder.path + "/" + $0 }, environment: [:])
    #expect(settings.host == "h" && settings.port == 636 && settings.transport == .ldaps)
    #expect(settings.caFile == ca && !settings.verifiesCertificate && settings.minimumTLS == .v1_3)
    #expect(settings.connectTimeout == .seconds(3) && settings.operationTimeout == .seconds(4))
    guard case .anonymous = settings.bind else { return _ = Issue.record("a bind that was not asked for") }
    wanted.server.caFile = "nowhere.pem"
    #expect(throws: SettingFinding.self) {
      try wanted.connectionSettings(resolve: { $0 }, environment: [:])
    }
  }

  @Test("Paths are relative to the folder of the configuration file")
  func paths() throws {
    let text = "server: {host: h}\npartitions: [{dn: dc=x}]"
    let file = try ConfigurationFile(text: text, path: "/etc/connector/c.yaml", adapters: [])
    #expect(file.resolve("ca.pem") == "/etc/connector/ca.pem")
    #expect(file.resolve("/ca.pem") == "/ca.pem")
    #expect(try ConfigurationFile(text: text, path: "c.yaml", adapters: []).resolve("ca.pem") == "ca.pem")
  }
}

extension Secret {
  /// Whether both are one password.
  fileprivate func isSame(as other: Secret) -> Bool { withBytes { mine in other.withBytes { mine == $0 } } }
}
