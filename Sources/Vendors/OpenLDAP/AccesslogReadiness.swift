import ConnectorCore

extension AccesslogDelta {
  /// Reads the suffix, the log's container, a number of records, and `cn=config` where it may.
  ///
  /// Only a record that was read proves that the log can be used: without rights it is just as empty.
  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    let answer = try await reader.read(partition.string, attributes: LoggedSuffix.attributes)
    guard case .entry(let entry) = answer else {
      let evidence = "the partition's entry \(partition.string) cannot be read: \(answer)"
      return Readiness([.init(.unavailable, evidence, remedy: AccesslogRemedy.suffix(partition.string))])
    }
    let suffix = LoggedSuffix(entry, dn: partition)
    let logDN = locator.logDN(of: suffix)
    let answered = try await reader.read(logDN, attributes: AccesslogContainer.attributes)
    guard case .entry(let container) = answered else {
      return Readiness([unreadable(logDN, suffix, answered.description)])
    }
    let log = AccesslogContainer(container)
    var findings = try await probe(log, suffix, reader)
    let proved = findings.contains { $0.status == .available }
    findings += naming(log, suffix, proved: proved)
    findings += try await configuration(log, suffix, reader).map { finding in
      // What the configuration says proves nothing that the records do not prove.
      finding.status == .available && !proved ? .init(.unknown, finding.evidence, remedy: finding.remedy) : finding
    }
    return Readiness(findings)
  }

  /// The log cannot be read: is it not there, or is it hidden?
  private func unreadable(_ log: String, _ suffix: LoggedSuffix, _ why: String) -> Readiness.Finding {
    if suffix.auditContext != nil {
      let evidence = "\(suffix.dn) names its log (auditContext: \(log)), but this account cannot read it: \(why)"
      return .init(.unavailable, evidence, remedy: AccesslogRemedy.rights(log))
    }
    let contexts = settings.evidence.rootDSE.namingContexts
    if contexts.contains(where: { Self.isSame($0, log) }) {
      let evidence = "the server has a naming context \(log), but this account cannot read it: \(why)"
      return .init(.unavailable, evidence, remedy: AccesslogRemedy.rights(log))
    }
    let evidence = "\(suffix.dn) names no log (no auditContext), and there is no \(log): \(why)"
    let remedy = AccesslogRemedy.overlay(log: log, partition: suffix.dn.string)
    return .init(.unavailable, evidence, remedy: remedy)
  }

  private func naming(_ log: AccesslogContainer, _ suffix: LoggedSuffix, proved: Bool) -> [Readiness.Finding] {
    guard let named = suffix.auditContext else {
      guard !proved else { return [] }
      return [
        .init(
          .unknown,
          "\(suffix.dn) names no log (no auditContext); \(log.dn) is readable, and may belong to another database",
          remedy: AccesslogRemedy.overlay(log: log.dn, partition: suffix.dn.string))
      ]
    }
    guard let configured = settings.changeLogDN, !Self.isSame(configured, named) else { return [] }
    return [
      .init(
        .unknown, "the configuration forces the log \(configured), while \(suffix.dn) names \(named) (auditContext)",
        remedy: "Let the server name its log, unless you know that \(configured) holds the partition's changes")
    ]
  }

  private func probe(
    _ log: AccesslogContainer, _ suffix: LoggedSuffix, _ reader: any DirectoryReader
  ) async throws -> [Readiness.Finding] {
    let probe = AccesslogProbe()
    let request = SearchRequest(
      base: log.dn, scope: .oneLevel, filter: AccesslogRecord.written, attributes: AccesslogRecord.attributes,
      pageSize: settings.pageSize)
    do {
      _ = try await reader.search(request) { try await probe.take($0) }
    } catch is AccesslogProbe.Enough {
      return await probe.findings(suffix, log.dn)
    } catch let error as DirectoryError {
      let remedy =
        error.code.isLimit
        ? AccesslogRemedy.limits(log.dn) : AccesslogRemedy.rights(log.dn)
      let evidence = "reading \(log.dn) stopped after \(await probe.count) records: \(error.code)"
      return await probe.findings(suffix, log.dn) + [.init(.unavailable, evidence, remedy: remedy)]
    }
    if await probe.count == 0 { return [empty(log, suffix)] }
    return await probe.findings(suffix, log.dn) + coverage(log, suffix)
  }

  /// No record is visible: are there none?
  private func empty(_ log: AccesslogContainer, _ suffix: LoggedSuffix) -> Readiness.Finding {
    if log.hasRecords == true {
      let evidence = "\(log.dn) has records, but this account sees none that tell of a write"
      return .init(
        .unavailable, evidence,
        remedy: AccesslogRemedy.rights(log.dn) + ". If it can: " + AccesslogRemedy.operations(suffix.dn.string))
    }
    if let newer = suffix.contextCSN.all.first(where: { !log.contextCSN.merging(log.minCSN).reaches($0) }) {
      let evidence = "\(log.dn) shows no record, but \(suffix.dn) was changed (contextCSN \(newer.text))"
      return .init(
        .unavailable, evidence,
        remedy: AccesslogRemedy.operations(suffix.dn.string) + ". If it does: " + AccesslogRemedy.rights(log.dn))
    }
    return .init(
      .unknown, "\(log.dn) is readable and shows no record: either nothing was written yet, or records are hidden",
      remedy: "Make a change in the partition and check again. If still none shows: " + AccesslogRemedy.rights(log.dn))
  }

  private func coverage(_ log: AccesslogContainer, _ suffix: LoggedSuffix) -> [Readiness.Finding] {
    guard !log.contextCSN.isEmpty, !suffix.contextCSN.isEmpty else {
      return [
        .init(
          .unknown, "suffix and log do not both show contextCSN, so gaps in the log cannot be seen",
          remedy: "Add `overlay syncprov` (olcOverlay=syncprov) to the partition's and to the log's database")
      ]
    }
    let known = log.contextCSN.merging(log.minCSN)
    return suffix.contextCSN.all.filter { !known.reaches($0) }.map { csn in
      let evidence = "the log does not reach the partition's newest change of server ID \(csn.serverID), \(csn.text)"
      return .init(
        .unknown, evidence,
        remedy: "Harmless if data was loaded offline, or written just now. Else: "
          + AccesslogRemedy.operations(suffix.dn.string))
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    guard let left = try? DN(left), let right = try? DN(right) else { return left == right }
    return left == right
  }
}
