import ConnectorCore
import Testing

@testable import OpenLDAPAdapter

@Suite struct ReadinessTests {
  private let delta = strategy()

  private func readiness(_ directory: MemoryDirectory) async throws -> Readiness {
    try await delta.readiness(of: partition, directory)
  }

  @Test func aRecordOfThePartitionProvesTheLog() async throws {
    let directory = MemoryDirectory()
    directory.append(record(1), record(2))
    let readiness = try await readiness(directory)
    #expect(readiness.status == .available)
    let proof = try #require(readiness.findings.first { $0.status == .available })
    #expect(proof.evidence.contains("read 2 records"))
    #expect(proof.evidence.contains("reqStart=\(start(1)),cn=accesslog"))
  }

  @Test func recordsOfOtherDatabasesProveNothing() async throws {
    let directory = MemoryDirectory { $0.suffix["auditContext"] = nil }
    directory.append(record(1, target: "dc=other"))
    let readiness = try await readiness(directory)
    #expect(readiness.status == .unknown)
    #expect(readiness.findings.contains { $0.evidence.contains("may belong to another database") })
  }

  @Test func aConfiguredLogThatTheServerContradictsIsTold() async throws {
    let directory = MemoryDirectory()
    directory.append(record(1))
    let misled = strategy { $0.changeLogDN = "cn=other" }
    let findings = try await misled.readiness(of: partition, directory).findings
    #expect(findings.contains { $0.evidence.contains("cn=other") })
  }

  @Test func aMissingOverlayIsToldWithBothWaysToAddIt() async throws {
    let directory = MemoryDirectory {
      $0.suffix["auditContext"] = nil
      $0.failing["cn=accesslog"] = .noSuchObject
    }
    let readiness = try await readiness(directory)
    #expect(readiness.status == .unavailable)
    let remedy = try #require(readiness.findings.first?.remedy)
    #expect(remedy.contains("overlay accesslog") && remedy.contains("logops writes"))
    #expect(remedy.contains("olcAccessLogDB: cn=accesslog") && remedy.contains("olcSuffix: cn=accesslog"))
  }

  @Test(arguments: [ResultCode.noSuchObject, .insufficientAccessRights])
  func aNamedLogThatIsHiddenAsksForRights(_ code: ResultCode) async throws {
    let directory = MemoryDirectory { $0.failing["cn=accesslog"] = code }
    let finding = try #require(try await readiness(directory).findings.first)
    #expect(finding.status == .unavailable)
    #expect(finding.evidence.contains("auditContext: cn=accesslog"))
    #expect(finding.remedy?.contains("access to dn.subtree=\"cn=accesslog\" by dn.exact=") == true)
    #expect(finding.remedy?.contains("olcAccess: ") == true)
  }

  @Test func aLogAmongTheNamingContextsThatIsHiddenAsksForRights() async throws {
    let published = strategy {
      $0.evidence.rootDSE = RootDSE(entry("", ["namingContexts": ["dc=example,dc=com", "CN=accesslog"]]))
    }
    let directory = MemoryDirectory {
      $0.suffix["auditContext"] = nil
      $0.failing["cn=accesslog"] = .noSuchObject
    }
    let finding = try #require(try await published.readiness(of: partition, directory).findings.first)
    #expect(finding.status == .unavailable)
    #expect(finding.evidence.contains("naming context"))
    #expect(finding.remedy?.contains("dn.subtree=\"cn=accesslog\"") == true)
  }

  @Test func recordsThatAreHiddenAreNotAnEmptyLog() async throws {
    let directory = MemoryDirectory { $0.recordsAreHidden = true }
    directory.append(record(1))
    let readiness = try await readiness(directory)
    #expect(readiness.status == .unavailable)
    #expect(readiness.findings.contains { $0.evidence.contains("has records, but this account sees none") })
  }

  @Test func aSuffixThatChangedWithoutARecordIsNotAnEmptyLog() async throws {
    let directory = MemoryDirectory {
      $0.suffix["contextCSN"] = [csn(5)]
      $0.container["contextCSN"] = [csn(1)]
    }
    let finding = try #require(try await readiness(directory).findings.first { $0.status == .unavailable })
    #expect(finding.evidence.contains(csn(5)))
    #expect(finding.remedy?.contains("logops writes") == true)
    #expect(finding.remedy?.contains("dn.subtree") == true)
  }

  @Test func aFreshLogCouldNotTell() async throws {
    let readiness = try await readiness(MemoryDirectory())
    #expect(readiness.status == .unknown)
    #expect(readiness.findings.contains { $0.remedy?.contains("Make a change") == true })
  }

  @Test func aSizeLimitIsUnavailableWithBothWaysToLiftIt() async throws {
    let directory = MemoryDirectory { $0.sizeLimit = 1 }
    directory.append(record(1), record(2))
    let readiness = try await readiness(directory)
    #expect(readiness.status == .unavailable)
    let finding = try #require(readiness.findings.first { $0.status == .unavailable })
    #expect(finding.evidence.contains("after 1 records: sizeLimitExceeded"))
    #expect(finding.remedy?.contains("limits dn.exact=") == true)
    #expect(finding.remedy?.contains("olcLimits: ") == true)
  }

  @Test func recordsWithoutTheirNumbersAreTold() async throws {
    let directory = MemoryDirectory()
    directory.append(record(1, also: ["entryCSN": [], "reqEntryUUID": []]), record(2))
    let findings = try await readiness(directory).findings.map(\.evidence)
    #expect(findings.contains { $0.contains("1 of 2 records carry no entryCSN") })
    #expect(findings.contains { $0.contains("1 of 2 records carry no reqEntryUUID") })
  }

  @Test func onlyAReadableConfigurationTellsIndexesAndOptions() async throws {
    let directory = MemoryDirectory()
    directory.append(record(1))
    let blind = try await readiness(directory)
    #expect(blind.findings.contains { $0.status == .unknown && $0.evidence.contains("cn=config is not readable") })
    directory.change { $0.configuration = configuration(operations: "writes", index: "objectClass eq") }
    let seen = try await readiness(directory)
    #expect(seen.status == .available)
    #expect(seen.findings.contains { $0.evidence.contains("purged by `logpurge 07+00:00 01+00:00`") })
    #expect(seen.findings.contains { $0.remedy?.contains("olcDbIndex: entryCSN") == true })
    directory.change { $0.configuration = configuration(operations: "add", index: "entryCSN,reqStart eq") }
    let narrow = try await readiness(directory)
    #expect(narrow.status == .unavailable)
    #expect(narrow.findings.contains { $0.evidence.contains("olcAccessLogOps: add") })
  }

  @Test func theConfigurationAloneProvesNothing() async throws {
    let directory = MemoryDirectory {
      $0.configuration = configuration(operations: "writes", index: "entryCSN,reqStart eq")
    }
    #expect(try await readiness(directory).status == .unknown)
  }

  private func configuration(operations: String, index: String) -> [Entry] {
    let database = ["objectClass": ["olcDatabaseConfig"]]
    return [
      entry(
        "olcDatabase={1}mdb,cn=config", database.merging(["olcSuffix": ["cn=accesslog"], "olcDbIndex": [index]]) { $1 }),
      entry("olcDatabase={2}mdb,cn=config", database.merging(["olcSuffix": ["dc=example,dc=com"]]) { $1 }),
      entry(
        "olcOverlay={0}accesslog,olcDatabase={2}mdb,cn=config",
        [
          "objectClass": ["olcAccessLogConfig"], "olcAccessLogDB": ["cn=accesslog"],
          "olcAccessLogOps": [operations], "olcAccessLogPurge": ["07+00:00 01+00:00"],
        ]),
    ]
  }
}
