import Foundation
import Testing

@testable import TestSupport

/// `detect` and `check`: what a server is, and where the way to it breaks.
@Suite struct CheckCommandTests {
  private let base = SlapdServer.base
  private static let order = [
    "configuration", "name", "TCP", "TLS", "bind", "root DSE", "schema", "product", "partition", "log",
  ]

  @Test func detectTellsWhatTheServerIs() async throws {
    try await Scene.running { scene in
      try await scene.write { $0.unit("ou=first", in: base) }
      let account = ["--bind-dn", SlapdServer.connectorDN, "--password-file", scene.server.connectorPasswordFile]
      let facts = try await scene.document(["detect", scene.server.uri, "--json"] + account)
      #expect(facts["adapter"] as? String == "openldap" && facts["choice"] as? String == "adapter")
      #expect((facts["ranking"] as? [[String: Any]])?.first?["score"] as? Int == 100)
      #expect(facts["anchor"] as? String == "dn" && facts["immutableID"] as? String == "entryUUID")
      #expect(facts["passwordAttribute"] as? String == "userPassword")
      #expect((facts["partitions"] as? [[String: Any]])?.map { $0["dn"] as? String } == [base])
      #expect((facts["partitions"] as? [[String: Any]])?.first?["readable"] as? Bool == true)
      #expect(facts["contextsWithoutEntries"] as? [String] == [SlapdServer.logBase])
      let delta = try #require(facts["delta"] as? [String: Any])
      #expect(delta["method"] as? String == "accesslog")
      #expect((facts["missing"] as? [Any])?.isEmpty == true && (facts["unseen"] as? [Any])?.isEmpty == true)
      let text = try await scene.bare(["detect", scene.server.uri] + account).standardOutput
      #expect(text.contains("OpenLDAP") && text.contains("simple paged results (RFC 2696)"))
    }
  }

  @Test func detectWorksAnonymouslyAndSaysWhatItCouldNotSee() async throws {
    try await Scene.running { scene in
      let facts = try await scene.document(["detect", scene.server.uri, "--json"])
      #expect(facts["adapter"] as? String == "openldap")
      #expect((facts["partitions"] as? [[String: Any]])?.first?["readable"] as? Bool == false)
      #expect((facts["unseen"] as? [String])?.contains { $0.contains(base) } == true)
    }
  }

  @Test func detectSeesReadinessWhereTheConfigurationIsReadable() async throws {
    try await Scene.running(.with { $0.connectorReadsConfiguration = true }) { scene in
      try await scene.write { $0.unit("ou=first", in: base) }
      let facts = try await scene.document([
        "detect", scene.server.uri, "--json", "--bind-dn", SlapdServer.connectorDN, "--password-file",
        scene.server.connectorPasswordFile,
      ])
      let partitions = (facts["delta"] as? [String: Any])?["partitions"] as? [[String: Any]]
      #expect(partitions?.first?["status"] as? String == "available", "\(partitions ?? [])")
    }
  }

  @Test func everyStepOfAGoodWayIsTold() async throws {
    try await Scene.running { scene in
      try await scene.write { $0.unit("ou=first", in: base) }
      let steps = try await scene.check(exitCode: 0)
      var subjects: [String] = []
      for step in steps where subjects.last != step.subject { subjects.append(step.subject) }
      #expect(subjects == Self.order)
      #expect(steps.allSatisfy { ["ok", "warning"].contains($0.status) })
      #expect(steps.first { $0.subject == "TLS" }?.status == "warning", "clear text")
      try scene.configure(server: "transport: ldaps, port: \(try scene.slapd.ports.ldaps), caFile: CA")
      let secure = try await scene.check(exitCode: 0)
      #expect(secure.first { $0.subject == "TLS" }?.status == "ok", "\(secure)")
    }
  }

  @Test func aStoppedServerFailsAtTCP() async throws {
    try await Scene.running { scene in
      try await scene.slapd.stop()
      let steps = try await scene.check(exitCode: 3)
      let failed = try #require(steps.first { $0.status == "failed" })
      #expect(failed.subject == "TCP" && failed.remedy?.contains("server.port") == true)
      #expect(steps.drop { $0.subject != "TCP" }.dropFirst().allSatisfy { $0.status == "not reached" })
    }
  }

  @Test func aWrongPasswordFailsAtTheBind() async throws {
    try await Scene.running { scene in
      let wrong = try scene.scratch.write("not the password", to: "wrong.pw")
      try scene.configure(server: "port: \(scene.server.port)", passwordFile: wrong)
      let failed = try #require(try await scene.check(exitCode: 3).first { $0.status == "failed" })
      #expect(failed.subject == "bind" && failed.remedy?.contains("password") == true)
      let refused = try await scene.tool("import", "full", accepting: [3])
      #expect(!refused.standardError.contains("not the password"))
    }
  }

  @Test(arguments: [
    (TestCertificates.ServerCertificate.valid, false, "self-signed"), (.expired, true, "expired"),
    (.wrongName, true, "127.0.0.1"),
  ])
  func aCertificateNotToBeTrustedFailsAtTLS(
    kind: TestCertificates.ServerCertificate, rightAuthority: Bool, word: String
  ) async throws {
    try await Scene.running(.with { $0.certificate = kind }) { scene in
      let certificates = try scene.slapd.certificates
      let authority = rightAuthority ? certificates.authority : certificates.unrelatedAuthority
      let ports = try scene.slapd.ports
      for server in ["transport: ldaps, port: \(ports.ldaps)", "transport: startTLS, port: \(ports.ldap)"] {
        try scene.configure(server: "\(server), caFile: \"\(authority)\"")
        let failed = try #require(try await scene.check(exitCode: 3).first { $0.status == "failed" })
        #expect(failed.subject == "TLS" && failed.finding.contains(word), "\(failed)")
        #expect(failed.remedy?.contains("caFile") == true, "\(failed)")
        try await scene.tool("import", "full", accepting: [3])
      }
    }
  }

  @Test func aLogWithoutRightsIsAWarningWithItsCure() async throws {
    try await Scene.running(.with { $0.connectorReadsLog = false }) { scene in
      try await scene.write { $0.unit("ou=first", in: base) }
      let log = try #require(try await scene.check(exitCode: 0).first { $0.subject == "log" })
      #expect(log.status == "warning" && log.remedy?.contains("olcAccess") == true, "\(log)")
      let report = try await scene.full()
      #expect(report.isComplete)
      try await scene.expectTruth("a full import needs no log")
      try await scene.tool("import", "delta", accepting: [4])
    }
  }

  @Test func aPartitionThatIsNotThereFails() async throws {
    try await Scene.running { scene in
      try scene.configure(server: "port: \(scene.server.port)", partition: "ou=nowhere,\(base)")
      let failed = try #require(try await scene.check(exitCode: 3).first { $0.status == "failed" })
      #expect(failed.subject == "partition" && failed.finding.contains("ou=nowhere"))
    }
  }
}

/// A line of `check --json`.
private struct Step: Decodable {
  let subject: String
  let status: String
  let finding: String
  let remedy: String?
}

extension Scene {
  /// Writes a configuration with these server settings; `CA` stands for the right authority's file.
  fileprivate func configure(
    server settings: String, partition: String = SlapdServer.base, passwordFile: String? = nil
  ) throws {
    let settings = settings.replacing("CA", with: "\"\(try slapd.certificates.authority)\"")
    let password = passwordFile ?? server.connectorPasswordFile
    try scratch.write(
      """
      server: {host: 127.0.0.1, \(settings)}
      bind: {method: simple, dn: "\(SlapdServer.connectorDN)", passwordFile: "\(password)"}
      state: state.db
      partitions: [{dn: "\(partition)"}]
      """, to: "connector.yaml")
  }

  /// The steps of `check`.
  fileprivate func check(exitCode: Int32, sourceLocation: SourceLocation = #_sourceLocation) async throws -> [Step] {
    let result = try await tool("check", "--json", accepting: [exitCode])
    return try JSONDecoder().decode([String: [Step]].self, from: Data(result.standardOutputBytes))["steps"] ?? []
  }

  /// The JSON document of a command that needs no configuration.
  fileprivate func document(_ arguments: [String]) async throws -> [String: Any] {
    let result = try await bare(arguments)
    #expect(result.exitCode == 0, "\(result.summary)")
    return try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any] ?? [:]
  }
}
