extension SlapdServer: DirectoryUnderTest {
  package var port: UInt16 { ports.ldap }

  package func hide(_ parts: [HiddenPart]) async throws {
    try await setFirstAccessRules(parts.map(Self.hiding))
  }

  package func setConnectorReadsLog(_ isAllowed: Bool) async throws {
    let rule = SlapdConfiguration.logAccess(connectorReads: isAllowed)
    try await configuring.modify("dn: \(logDatabaseDN)\nchangetype: modify\nreplace: olcAccess\nolcAccess: \(rule)\n\n")
  }

  package func setConnectorLimit(_ limit: Int?) async throws {
    let size = limit.map { "\($0)" } ?? "unlimited"
    for database in [dataDatabaseDN, logDatabaseDN] {
      try await setLimits(["dn.exact=\"\(Self.connectorDN)\" size=\(size) time=unlimited"], of: database)
    }
  }

  package func keepLog() async throws { try await restart { $0.logPurge = nil } }

  package func logSize() async throws -> Int {
    try await admin.search(Self.logBase, scope: .one, attributes: ["1.1"]).count
  }

  package func recordedDeletes() async throws -> [String] {
    let records = try await admin.search(
      Self.logBase, scope: .one, filter: "(reqType=delete)", attributes: ["reqEntryUUID"])
    return records.flatMap { $0.strings("reqEntryUUID") }
  }

  package func answeredSearches() -> Int { log.split(separator: "SEARCH RESULT").count }
}

extension SlapdOptions {
  /// The options of a setup.
  package init(_ setup: DirectorySetup) {
    seed = setup.seed
    memberOf = setup.memberOf
    referentialIntegrity = setup.referentialIntegrity
    connectorReadsLog = setup.connectorReadsLog
    if setup.forgetsLog { logPurge = "00:00:04 00:00:02" }
    if setup.countsSearches { logLevel = 256 }
  }
}
