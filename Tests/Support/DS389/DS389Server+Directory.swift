extension DS389Server: DirectoryUnderTest {
  package func keepLog() async throws {
    let usual = DS389Options()
    try await restart {
      $0.maxAge = usual.maxAge
      $0.trimInterval = usual.trimInterval
    }
  }

  package func logSize() async throws -> Int { try await records(attributes: ["1.1"]).count }

  package func recordedDeletes() async throws -> [String] {
    try await records(filter: "(changeType=delete)", attributes: ["targetUniqueId"])
      .flatMap { $0.strings("targetUniqueId") }
  }

  package func answeredSearches() -> Int { accessLog.split(separator: "tag=101").count }

  private func records(filter: String = "(changeNumber=*)", attributes: [String]) async throws -> [DirectoryEntry] {
    try await admin.search(Self.logBase, scope: .one, filter: filter, attributes: attributes)
  }
}

extension DS389Options {
  /// The options of a setup.
  package init(_ setup: DirectorySetup) {
    seed = setup.seed
    memberOf = setup.memberOf
    referentialIntegrity = setup.referentialIntegrity
    connectorReadsLog = setup.connectorReadsLog
    if setup.forgetsLog { (maxAge, trimInterval) = ("3s", 1) }
  }
}
