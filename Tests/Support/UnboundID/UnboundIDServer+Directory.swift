extension UnboundIDServer: DirectoryUnderTest {
  /// A server in memory does not start again as the one that it was.
  package func startAgain() async throws {
    throw SupportError("the in-memory server forgot everything when it ended: wipeAndReplace starts another")
  }

  package func hide(_ parts: [HiddenPart]) async throws { throw Self.hasNoAccessControl }

  package func setConnectorReadsLog(_ isAllowed: Bool) async throws { throw Self.hasNoAccessControl }

  package func setConnectorLimit(_ limit: Int?) async throws { throw Self.hasNoAccessControl }

  private static let hasNoAccessControl = SupportError("the in-memory server has neither access control nor limits")

  /// Its log trims by count as long as it lives; write less.
  package func keepLog() async throws {}

  package func logSize() async throws -> Int {
    try await admin.search(Self.logBase, scope: .one, attributes: ["1.1"]).count
  }

  package func recordedDeletes() async throws -> [String] {
    let records = try await admin.search(
      Self.logBase, scope: .one, filter: "(changeType=delete)", attributes: ["deletedEntryAttrs"])
    return records.flatMap { $0.strings("deletedEntryAttrs") }.flatMap { $0.split(whereSeparator: \.isNewline) }
      .filter { $0.lowercased().hasPrefix("entryuuid: ") }.map { String($0.dropFirst(11)) }
  }

  /// It writes no log of operations.
  package func answeredSearches() -> Int { 0 }
}

extension UnboundIDOptions {
  /// The options of a setup.
  package init(_ setup: DirectorySetup) {
    seed = setup.seed
    if setup.forgetsLog { maxChanges = 10 }
  }
}
