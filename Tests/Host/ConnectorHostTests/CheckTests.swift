import ConnectorCore
import ConnectorHost
@testable import ConnectorLDAP
import Foundation
import Testing

@Suite("check")
struct CheckTests {
  private let folder: TemporaryFolder
  private let console = Console()

  init() throws {
    folder = try TemporaryFolder()
    console.environment = ["PW": "hunter2"]
    console.tls = Self.tls(daysLeft: 100)
  }

  private static func tls(daysLeft: Int) -> TLSFacts {
    let expiry = Int64(Date().timeIntervalSince1970) + Int64(daysLeft) * 86400 + 3600
    return TLSFacts(
      version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", verified: true, subject: "CN=h", issuer: "CN=ca", names: [],
      notAfter: expiry)
  }

  private struct Step: Decodable {
    var subject: String
    var status: String
    var finding: String
    var remedy: String?
  }

  /// Runs the check with settings added to a good file; returns the exit code and the steps.
  private func check(partition: String = "dc=example,dc=com", _ more: String = "") async throws -> (Int32, [Step]) {
    let file = try folder.write(
      "c.yaml",
      """
      server: {host: h, transport: ldaps}
      bind: {method: simple, dn: "cn=a,dc=x", passwordEnvironment: PW}
      partitions: [{dn: "\(partition)"\(more)}]
      """)
    let status = await console.run("check", "--config", file, "--json")
    return (status, try JSONDecoder().decode([String: [Step]].self, from: Data(console.output.utf8))["steps"] ?? [])
  }

  private static let subjects = [
    "configuration", "name", "TCP", "TLS", "bind", "root DSE", "schema", "product", "partition", "log",
  ]

  @Test("A good connection passes every step")
  func good() async throws {
    let (status, steps) = try await check()
    #expect(status == 0)
    #expect(steps.map(\.subject) == Self.subjects)
    #expect(steps.allSatisfy { $0.status == "ok" }, "\(steps)")
    #expect(!console.output.contains("hunter2"))
  }

  @Test(
    "Each failure of the connection ends at its step, with what to do, and the rest is not reached",
    arguments: [
      (ConnectionError.Cause.nameNotFound, "name"), (.refused, "TCP"), (.unreachable, "TCP"),
    ])
  func unreachable(cause: ConnectionError.Cause, subject: String) async throws {
    console.refuses = { $0.transport == .ldap ? ConnectionError(cause, "no") : nil }
    try await expectEnd(at: subject)
  }

  @Test(
    "A certificate that is refused ends at TLS, whatever the account",
    arguments: [
      ConnectionError.Cause.certificate, .tls, .closed,
    ])
  func badTLS(cause: ConnectionError.Cause) async throws {
    console.refuses = { $0.transport == .ldaps ? ConnectionError(cause, "no") : nil }
    try await expectEnd(at: "TLS")
  }

  @Test("A wrong password ends at bind")
  func badPassword() async throws {
    console.refuses = { settings in
      guard case .simple = settings.bind else { return nil }
      return DirectoryError(.invalidCredentials, operation: "bind as cn=a,dc=x")
    }
    try await expectEnd(at: "bind")
  }

  private func expectEnd(at subject: String) async throws {
    let (status, steps) = try await check()
    #expect(status == ExitStatus.directory.rawValue)
    #expect(steps.map(\.subject) == Self.subjects)
    let end = try #require(steps.firstIndex { $0.subject == subject })
    #expect(steps[..<end].allSatisfy { $0.status == "ok" })
    #expect(steps[end].status == "failed" && steps[end].remedy != nil)
    #expect(steps[(end + 1)...].allSatisfy { $0.status == "not reached" })
  }

  @Test("A root DSE that cannot be read, and a product that nobody decided on, end the check")
  func undecided() async throws {
    console.adapters = [.stub("one", vendorName: "Acme", points: 80), .stub("two", vendorName: "Acme", points: 80)]
    try await expectEndWithoutRemedy(at: "product")
    let other = try CheckTests()
    other.console.directory.failures[""] = DirectoryError(.insufficientAccessRights, operation: "search")
    try await other.expectEnd(at: "root DSE")
  }

  private func expectEndWithoutRemedy(at subject: String) async throws {
    let (status, steps) = try await check()
    #expect(status == ExitStatus.directory.rawValue)
    #expect(steps.first { $0.status == "failed" }?.subject == subject)
    #expect(steps.last?.status == "not reached")
  }

  @Test(
    "A certificate with fewer than 30 days left is warned of, and one day more is not",
    arguments: [(29, "warning"), (30, "ok")])
  func expiry(days: Int, status: String) async throws {
    console.tls = Self.tls(daysLeft: days)
    #expect(try await check().1.first { $0.subject == "TLS" }?.status == status)
  }

  @Test("A partition that is hidden fails, and the others are looked at all the same")
  func hiddenPartition() async throws {
    let (status, steps) = try await check(partition: "dc=nowhere", "}, {dn: \"dc=example,dc=com\"")
    #expect(status == ExitStatus.directory.rawValue)
    #expect(steps.filter { $0.subject == "partition" }.map(\.status) == ["failed", "ok"])
    #expect(steps.filter { $0.subject == "log" }.map(\.status) == ["warning", "ok"])
  }

  @Test("A container that is not there, and a partition that seems empty, are warned of")
  func partitionWarnings() async throws {
    let container = try await check(partition: "dc=example,dc=com", ", include: [\"ou=nope,dc=example,dc=com\"]")
    #expect(container.0 == 0)
    let step = try #require(container.1.first { $0.subject == "partition" })
    #expect(step.status == "warning" && step.finding.contains("ou=nope,dc=example,dc=com"))
    let other = try CheckTests()
    let empty = try await other.check(partition: "ou=empty,dc=example,dc=com").1.first { $0.subject == "partition" }
    #expect(empty?.status == "warning" && empty?.finding.contains("no entry below it") == true)
  }

  @Test("A schema that is hidden and features that are not listed are warned of")
  func hiddenSchema() async throws {
    console.change {
      $0["subschemaSubentry"] = nil
      $0["supportedControl"] = nil
    }
    let (status, steps) = try await check()
    #expect(status == 0)
    #expect(steps.filter { $0.status == "warning" }.map(\.subject) == ["root DSE", "schema"])
  }

  @Test("The steps are told to a person one a line, with the remedy below")
  func text() async throws {
    console.refuses = { _ in ConnectionError(.refused, "connection refused") }
    let file = try folder.write("c.yaml", "server: {host: h}\npartitions: [{dn: dc=x}]")
    #expect(await console.run("check", "--config", file) == ExitStatus.directory.rawValue)
    #expect(
      console.output.contains(
        "\nFAIL TCP            connection refused\n                    What to do: check `server.port`"))
    #expect(console.output.contains("\n-    bind           not reached\n"))
    #expect(console.errors.isEmpty)
  }

  @Test("A password that cannot be fetched is a configuration error with its line")
  func noPassword() async throws {
    console.environment = [:]
    let file = try folder.write(
      "c.yaml",
      "server: {host: h}\npartitions: [{dn: dc=x}]\nbind:\n  method: simple\n  dn: cn=a\n  passwordEnvironment: PW")
    #expect(await console.run("check", "--config", file) == ExitStatus.configuration.rawValue)
    #expect(console.errors.contains("c.yaml:6:3: bind.passwordEnvironment: the environment variable PW is not set"))
  }
}
