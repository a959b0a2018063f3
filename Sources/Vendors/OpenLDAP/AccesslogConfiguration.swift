import ConnectorCore

extension AccesslogDelta {
  /// What only `cn=config` tells: which writes are logged, for how long, and what is indexed (slapd-config(5)).
  func configuration(
    _ log: AccesslogContainer, _ suffix: LoggedSuffix, _ reader: any DirectoryReader
  ) async throws -> [Readiness.Finding] {
    let base = settings.evidence.rootDSE.value("configContext") ?? "cn=config"
    let request = SearchRequest(
      base: base,
      filter: .or([.equal("objectClass", "olcDatabaseConfig"), .equal("objectClass", "olcAccessLogConfig")]),
      attributes: [
        "olcSuffix", "olcDbIndex", "olcAccessLogDB", "olcAccessLogOps", "olcAccessLogPurge", "olcAccessLogSuccess",
      ])
    let entries: [Entry]
    do { entries = try await reader.collect(request) } catch is DirectoryError { entries = [] }
    let databases = entries.filter { $0.string("olcSuffix") != nil }
    guard !databases.isEmpty else { return [unreadableConfiguration(base, log)] }
    let data = databases.first { Self.serves(suffix.dn, $0) }
    let overlays = entries.filter { $0.string("olcAccessLogDB") != nil }
    let overlay = overlays.first { overlay in data.map { Self.lies(overlay, below: $0) } ?? false }
    return [Self.overlay(overlay, suffix), Self.indexes(databases, log)].compactMap { $0 }
  }

  private func unreadableConfiguration(_ base: String, _ log: AccesslogContainer) -> Readiness.Finding {
    .init(
      .unknown,
      "\(base) is not readable for this account, so the log's indexes and the overlay's options (logops, logpurge) are "
        + "not known",
      remedy: "Nothing need be done where the log database has "
        + "`index entryCSN,objectClass,reqResult,reqStart eq`, the overlay `logops writes`, and logpurge keeps records "
        + "longer than the longest pause between two delta imports")
  }

  private static func overlay(_ overlay: Entry?, _ suffix: LoggedSuffix) -> Readiness.Finding? {
    guard let overlay else { return nil }
    let operations = Set(overlay.strings("olcAccessLogOps").flatMap { $0.lowercased().split(separator: " ") })
    let writes: Set<Substring> = ["add", "delete", "modify", "modrdn"]
    guard !operations.isDisjoint(with: ["writes", "all"]) || writes.isSubset(of: operations) else {
      let logged = operations.sorted().joined(separator: " ")
      return .init(
        .unavailable, "the overlay does not log all writes (olcAccessLogOps: \(logged))",
        remedy: AccesslogRemedy.operations(suffix.dn.string))
    }
    let purge = overlay.string("olcAccessLogPurge").map { "records are purged by `logpurge \($0)`" }
    return .init(.available, "all writes are logged; \(purge ?? "records are never purged, so the log only grows")")
  }

  private static func indexes(_ databases: [Entry], _ log: AccesslogContainer) -> Readiness.Finding? {
    guard let dn = try? DN(log.dn), let database = databases.first(where: { serves(dn, $0) }) else { return nil }
    let lines = database.strings("olcDbIndex").compactMap { $0.lowercased().split(separator: " ").first }
    let indexed = Set(lines.flatMap { $0.split(separator: ",") })
    let missing = ["entryCSN", "reqStart"].filter { !indexed.contains(Substring($0.lowercased())) }
    guard !missing.isEmpty else { return .init(.available, "the log is indexed by entryCSN and reqStart") }
    return .init(
      .available, "the log has no index on \(missing.joined(separator: ", ")): every delta import scans it all",
      remedy: AccesslogRemedy.indexes(log.dn))
  }

  private static func serves(_ suffix: DN, _ database: Entry) -> Bool {
    database.strings("olcSuffix").contains { (try? DN($0)) == suffix }
  }

  private static func lies(_ overlay: Entry, below database: Entry) -> Bool {
    guard let inner = try? DN(overlay.dn), let outer = try? DN(database.dn) else { return false }
    return inner.isDescendant(of: outer)
  }
}
