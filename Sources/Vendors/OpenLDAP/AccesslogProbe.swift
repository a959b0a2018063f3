import ConnectorCore

/// Reads so many records that an ordinary size limit shows, and looks at what they carry.
actor AccesslogProbe {
  /// Thrown to end the search: enough was read.
  struct Enough: Error {}

  /// Above the limits that slapd's manual and its examples name (500).
  static let enough = 2000

  private(set) var count = 0
  private var example: String?
  private var targets: [DN] = []
  private var withoutCSN = 0
  private var withoutID = 0
  private var withoutTarget = 0

  func take(_ batch: EntryBatch) throws {
    for entry in batch {
      let record = AccesslogRecord(entry)
      count += 1
      example = example ?? record.dn
      if record.csn == nil { withoutCSN += 1 }
      if record.targetID == nil { withoutID += 1 }
      guard let target = record.targetDN else {
        withoutTarget += 1
        continue
      }
      if let dn = try? DN(target) { targets.append(dn) }
    }
    if count >= Self.enough { throw Enough() }
  }

  func findings(_ suffix: LoggedSuffix, _ log: String) -> [Readiness.Finding] {
    guard count > 0 else { return [] }
    let ours = targets.count { $0.isEqualOrDescendant(of: suffix.dn) }
    let named = suffix.auditContext == nil ? "" : " (named by auditContext)"
    let evidence =
      "read \(count) records of writes in \(log)\(named), \(ours) of them of \(suffix.dn), such as "
      + (example ?? "")
    return [.init(ours > 0 ? .available : .unknown, evidence)] + gaps
  }

  private var gaps: [Readiness.Finding] {
    var findings: [Readiness.Finding] = []
    if withoutTarget > 0 {
      findings.append(
        .init(
          .unavailable, "\(withoutTarget) of \(count) records show no reqDN",
          remedy: "Let the connector's account read all attributes of the log's records"))
    }
    if withoutCSN > 0 {
      findings.append(
        .init(
          .unknown, "\(withoutCSN) of \(count) records carry no entryCSN: they are found by reqStart alone",
          remedy: "Use slapd 2.4.20 or newer with `lastmod on`, and let the account read entryCSN in the log"))
    }
    if withoutID > 0 {
      findings.append(
        .init(
          .unknown, "\(withoutID) of \(count) records carry no reqEntryUUID: they are matched by DN",
          remedy: "Use slapd 2.5 or newer; older builds leave it out"))
    }
    return findings
  }
}
