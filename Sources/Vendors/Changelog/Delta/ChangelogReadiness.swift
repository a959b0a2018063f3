import ConnectorCore

extension ChangelogDelta {
  /// Reads the partition, the log's container, its bounds, a number of records, and the configuration where it may.
  ///
  /// Only a record that was read proves that the log can be used: without rights it is just as empty.
  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    let top = try await reader.read(partition.string, attributes: [SearchRequest.noAttributes])
    guard case .entry = top else {
      let evidence = "the partition's entry \(partition.string) cannot be read: \(top)"
      return Readiness([.init(.unavailable, evidence, remedy: dialect.remedy.partition)])
    }
    let container = try await reader.read(locator.logDN, attributes: [SearchRequest.noAttributes])
    guard case .entry = container else { return Readiness([unreadable(container.description)]) }
    let bounds = try await locator.bounds(reader)
    var findings = try await probe(partition, bounds, reader)
    let proved = findings.contains { $0.status == .available }
    findings += try await dialect.configuration(partition, reader).map { finding in
      // What the configuration says proves nothing that the records do not prove.
      finding.status == .available && !proved ? .init(.unknown, finding.evidence, remedy: finding.remedy) : finding
    }
    return Readiness(findings)
  }

  /// The log cannot be read: is it not there, or is it hidden?
  private func unreadable(_ why: String) -> Readiness.Finding {
    let log = locator.logDN
    let evidence =
      locator.isNamed
      ? "the server names its change log, \(log), but this account cannot read it: \(why)"
      : "the server names no change log, and there is no \(log): \(why)"
    return .init(.unavailable, evidence, remedy: locator.missingLogRemedy)
  }

  private func probe(
    _ partition: DN, _ bounds: ChangelogBounds, _ reader: any DirectoryReader
  ) async throws -> [Readiness.Finding] {
    let log = log(locator.logDN, reader)
    let probe: ChangelogProbe
    do {
      guard let newest = try await log.newest(guess: bounds.last) else { return [empty(bounds)] }
      var records: [ChangelogRecord] = []
      let oldest = newest > ChangelogProbe.enough ? newest - ChangelogProbe.enough : 0
      try await log.read(oldest...newest) { records += $0 }
      probe = ChangelogProbe(records, partition)
    } catch let error as DirectoryError where error.code.rawValue > 0 && error.code != .busy {
      let remedy = error.code.isLimit ? dialect.remedy.limits : dialect.remedy.rights
      return [.init(.unavailable, "\(locator.logDN) cannot be read: \(error.code)", remedy: remedy)]
    }
    return probe.findings(locator.logDN, dialect) + counters(bounds)
  }

  /// No record is visible: are there none?
  private func empty(_ bounds: ChangelogBounds) -> Readiness.Finding {
    if let last = bounds.last, !bounds.isEmpty {
      return .init(
        .unavailable, ChangelogProblem.hidden(upTo: last, in: locator.logDN, dialect), remedy: dialect.remedy.rights)
    }
    return .init(
      .unknown,
      "\(locator.logDN) is readable and shows no record: either nothing was written yet, or records are hidden",
      remedy: "Make a change in the partition and check again. If still none shows: " + dialect.remedy.rights)
  }

  private func counters(_ bounds: ChangelogBounds) -> [Readiness.Finding] {
    guard bounds.first == nil || bounds.last == nil else { return [] }
    return [
      .init(
        .unknown,
        "the root DSE does not show firstChangeNumber and lastChangeNumber, so that a log that is hidden from "
          + "the account looks like an empty one", remedy: dialect.remedy.bounds)
    ]
  }
}

/// What a number of records shows of the log.
struct ChangelogProbe {
  /// Above the limits that are usual for accounts, so that those show.
  static let enough: UInt64 = 2500

  private let records: [ChangelogRecord]
  private let partition: DN

  init(_ records: [ChangelogRecord], _ partition: DN) {
    self.records = records
    self.partition = partition
  }

  func findings(_ log: String, _ dialect: ChangelogDialect) -> [Readiness.Finding] {
    let key = (try? DNNormalizer().key(of: partition.string)) ?? ""
    let dns = DNNormalizer()
    let facts = records.map { RecordFacts($0.entry, dialect) }
    let named = facts.filter { $0.targetDN != nil || $0.targetID != nil }
    let ours = named.count { $0.concerns(key, dns) }
    var findings: [Readiness.Finding] = [
      .init(
        ours > 0 ? .available : .unknown,
        "read \(records.count) records in \(log), \(ours) of them of \(partition), such as \(records.last?.entry.dn ?? "")"
      )
    ]
    if named.count < records.count {
      findings.append(
        .init(
          .unavailable, "\(records.count - named.count) of \(records.count) records show no targetDN",
          remedy: dialect.remedy.rights))
    }
    let withoutID = facts.count { $0.targetID == nil }
    if withoutID > 0, let remedy = dialect.remedy.targetID {
      findings.append(
        .init(
          .unknown,
          "\(withoutID) of \(records.count) records do not carry the entry's \(dialect.entryID?.string ?? "ID"): deletes "
            + "and renames are matched by DN", remedy: remedy))
    }
    return findings
  }
}
