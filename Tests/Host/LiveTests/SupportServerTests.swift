import Glibc
import Testing

@testable import TestSupport

/// The private slapd and its workload do what the live tests count on.
@Suite struct SupportServerTests {
  private let unit = "dn: ou=x,dc=example,dc=com\nobjectClass: organizationalUnit\nou: x\n"

  @Test func eachAccountHasTheRightsOfItsDescription() async throws {
    let seed = BigDirectory(users: 30, groups: 2, members: 5)
    let options = SlapdOptions.with {
      $0.seed = .text(seed.ldif); $0.sizeLimit = 20
    }
    try await SlapdServer.running(options) { server in
      try await server.admin.add(unit)
      #expect(try await server.connector.search().count == 38)
      #expect(try await server.connector.search(SlapdServer.logBase).count == 2)
      #expect(try await server.limited.search(accepting: [4]).count == 20)
      #expect(try await server.limited.search(SlapdServer.logBase, accepting: [32]).isEmpty)
      #expect(try await server.anonymous.read("", attributes: ["namingContexts"])?.strings("namingContexts").count == 2)
      #expect(try await server.anonymous.search(accepting: [32]).isEmpty)
      try await server.setLimits([])
      #expect(try await server.connector.search(accepting: [4]).count == 20)
      await #expect(throws: SupportError.self) { try await server.connector.add(unit) }
    }
  }

  @Test(arguments: [
    SlapdOptions.with { $0.accessLog = false }, .with { $0.syncProvider = false }, .with { $0.sortAndVLV = false },
    .with {
      $0.logSuccess = false; $0.logOld = "(objectClass=*)"; $0.logOps = "all"; $0.logPurge = "00:00:08 00:00:04"
    },
    .with {
      $0.memberOf = true; $0.referentialIntegrity = true; $0.serverID = 3; $0.logLevel = 256
    },
    .with {
      $0.connectorReadsLog = false; $0.connectorReadsConfiguration = true; $0.connectorIsUnlimited = false
    },
  ])
  func aServerRunsWithEverySetOfOptions(options: SlapdOptions) async throws {
    try await SlapdServer.running(options) { server in
      try await server.admin.add(unit)
      let features = try await server.connector.read("", attributes: ["supportedControl"])?.strings("supportedControl")
      #expect(features?.contains("2.16.840.1.113730.3.4.9") == options.sortAndVLV)
      let suffix = try await server.connector.read(SlapdServer.base, attributes: ["+"])
      #expect(suffix?.strings("auditContext") == (options.accessLog ? [SlapdServer.logBase] : []))
      #expect((suffix?.strings("contextCSN").isEmpty == false) == options.syncProvider)
      let log = try await server.connector.search(SlapdServer.logBase, accepting: [0, 32])
      #expect(log.isEmpty == !(options.accessLog && options.connectorReadsLog))
      let configuration = try await server.connector.search("cn=config", accepting: [0, 32])
      #expect(configuration.isEmpty == !options.connectorReadsConfiguration)
      #expect(server.log.contains("ADD dn=\"ou=x,") == (options.logLevel == 256))
    }
  }

  @Test func aSubtreeIsHiddenAndShownAgainLive() async throws {
    try await SlapdServer.running { server in
      try await server.admin.add(unit)
      try await server.setFirstAccessRules([SlapdServer.hiding(.subtree("ou=x,dc=example,dc=com"))])
      #expect(try await server.connector.read("ou=x,dc=example,dc=com") == nil)
      #expect(try await server.admin.read("ou=x,dc=example,dc=com") != nil)
      try await server.setFirstAccessRules([])
      #expect(try await server.connector.read("ou=x,dc=example,dc=com")?.strings("ou") == ["x"])
    }
  }

  @Test func aRestartKeepsTheLogAndAReplacementHasAnother() async throws {
    func container(_ server: SlapdServer) async throws -> [String] {
      try await server.connector.read(SlapdServer.logBase, attributes: ["+"])?.strings("entryCSN") ?? []
    }
    try await SlapdServer.running { server in
      try await server.admin.add(unit)
      let first = try await container(server)
      #expect(first.count == 1)
      try await server.kill()
      #expect(!server.isRunning)
      try await server.startAgain()
      #expect(try await container(server) == first)
      try await server.restart { $0.logOld = "(objectClass=*)" }
      #expect(try await container(server) == first)
      #expect(try await server.admin.read("ou=x,dc=example,dc=com") != nil)
      try await server.wipeAndReplace()
      #expect(try await container(server) != first)
      #expect(try await server.connector.search().count == 3)
    }
  }

  @Test func aSuspendedServerAnswersOnlyWhenResumed() async throws {
    try await SlapdServer.running { server in
      server.suspend()
      let search = try RunningCommand("/usr/bin/ldapsearch", ["-x", "-LLL", "-H", server.uri, "-b", "", "-s", "base"])
      try await Task.sleep(for: .milliseconds(300))
      #expect(search.isRunning)
      server.resume()
      #expect(try await search.wait(timeout: 20).exitCode == 0)
    }
  }

  @Test(arguments: [
    (TestCertificates.ServerCertificate.valid, true, "Verification: OK"),
    (.valid, false, "self-signed certificate in certificate chain"),
    (.expired, true, "certificate has expired"), (.wrongName, true, "IP address mismatch"),
  ])
  func eachCertificateIsWhatItsNameSays(
    kind: TestCertificates.ServerCertificate, rightAuthority: Bool, verdict: String
  ) async throws {
    try await SlapdServer.running(.with { $0.certificate = kind }) { server in
      let authority = rightAuthority ? server.certificates.authority : server.certificates.unrelatedAuthority
      let result = try await RunningCommand(
        "/usr/bin/openssl",
        [
          "s_client", "-connect", "127.0.0.1:\(server.ports.ldaps)", "-CAfile", authority, "-verify_ip", "127.0.0.1",
        ]
      ).wait()
      #expect((result.standardOutput + result.standardError).contains(verdict))
    }
  }

  @Test func theCompanyLoadsAndComesBackAsItWas() async throws {
    let company = Company()
    #expect(company.ldif == Company().ldif)
    #expect(company.people.count == 204)
    try await SlapdServer.running(.with { $0.memberOf = true }) { server in
      try await server.admin.add(company.ldif)
      let entries = try await server.connector.search(attributes: ["*", "memberOf"])
      #expect(Set(entries.map(\.dn)).isSuperset(of: company.groups + company.units))
      let people = entries.filter { $0.strings("objectClass").contains("inetOrgPerson") }
      #expect(people.count == company.people.count)
      let teamless = people.filter { $0.strings("memberOf").isEmpty }.map(\.dn)
      #expect(teamless.allSatisfy { $0.contains("ou=services") || $0.contains("ou=archive") })
      #expect(people.filter { $0.attributes["jpegphoto"] != nil }.count == 8)
      #expect(people.filter { $0.attributes["usercertificate;binary"] == [Company.certificate] }.count == 5)
    }
  }

  @Test func theSameSeedMakesTheSameDecisions() {
    func decisions(_ seed: UInt64) -> [String] {
      var plans = Workload(seed: seed, base: "ou=w").plans()
      return (0..<400).map { plans[$0 % 8].next().ldif }
    }
    #expect(decisions(7) == decisions(7))
    #expect(decisions(7) != decisions(8))
  }

  @Test func theWorkloadWritesInEveryWayAndHalfOfItOnce() async throws {
    try await SlapdServer.running(
      .with {
        $0.memberOf = true; $0.seed = .text(unit)
      }
    ) { server in
      try await server.admin.add(unit.replacing("ou=x", with: "ou=y").replacing("ou: x", with: "ou: y"))
      var workload = Workload(seed: .random(in: 0...9999), base: "ou=x,dc=example,dc=com")
      workload.outside = "ou=y,dc=example,dc=com"
      try await workload.prepare(on: server)
      let logged = try await server.connector.search(SlapdServer.logBase, scope: .one, attributes: ["1.1"]).count
      let report = try await workload.run(on: server, for: 4)
      let records = try await server.connector.search(SlapdServer.logBase, scope: .one, attributes: ["reqType"])
      #expect(records.count - logged == report.writes, "\(report.summary)")
      #expect(Workload.Kind.allCases.allSatisfy { (report.counts[$0] ?? 0) > 0 }, "\(report.summary)")
      #expect(report.writtenOnce.count * 2 >= report.writes, "\(report.summary)")
      let found = try await server.connector.search(attributes: ["description"])
      let marks = Dictionary(uniqueKeysWithValues: found.map { ($0.dn, $0.strings("description")) })
      #expect(report.writtenOnce.allSatisfy { marks[$0.dn] == [$0.mark] }, "\(report.summary)")
      #expect(Set(report.writtenOnce.map(\.dn)).count == report.writtenOnce.count)
    }
  }
}
