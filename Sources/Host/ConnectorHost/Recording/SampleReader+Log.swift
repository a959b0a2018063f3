import ConnectorCore

extension SampleReader {
  func readLog(_ partitions: [String], _ sample: inout RecordedSample) async throws {
    let root = description.evidence.rootDSE
    if root.value("highestCommittedUSN") != nil {
      sample.log = .usn
      sample.records = try await tombstones(partitions, &sample.remarks)
      return
    }
    guard let dn = try await logDN(partitions) else {
      sample.log = .timestamp
      return
    }
    let filter: Filter =
      root.value("lastChangeNumber").flatMap { Int64($0) }.map { last in
        .greaterOrEqual("changeNumber", Array(String(max(0, last - Int64(limits.records) + 1)).utf8))
      } ?? .all
    let request = SearchRequest(
      base: dn, scope: .oneLevel, filter: filter, attributes: wanted, pageSize: pageSize(limits.records))
    let container = try await reader.read(dn, attributes: wanted)
    sample.records = try await first(limits.records, of: request, &sample.remarks)
    if case .entry(let entry) = container { sample.records.insert(entry, at: 0) }
    sample.log = Self.flavour(of: sample.records)
    sample.logDN = dn
    if sample.log == nil { sample.remarks.append("The log “\(dn)” shows no record to this account.") }
  }

  private static func flavour(of records: [Entry]) -> RecordedSample.Log? {
    for (attribute, log) in [("reqStart", RecordedSample.Log.accesslog), ("changeNumber", .changelog)]
    where records.contains(where: { !$0.values(AttributeDescription(attribute)).isEmpty }) { return log }
    return nil
  }

  /// What the server names, else what its product uses; nil where nobody names a log.
  private func logDN(_ partitions: [String]) async throws -> String? {
    if let named = description.evidence.rootDSE.value("changeLog") { return named }
    for answer in try await reader.read(partitions, attributes: ["auditContext"]) {
      if case .entry(let entry) = answer, let named = entry.string("auditContext") { return named }
    }
    return description.adapter?.changeLogDN
  }

  private func tombstones(_ partitions: [String], _ remarks: inout [String]) async throws -> [Entry] {
    let showDeleted = Control("1.2.840.113556.1.4.417", isCritical: true)
    var found: [Entry] = []
    for partition in partitions where found.count < limits.records {
      let request = SearchRequest(
        base: partition, filter: .equal("isDeleted", "TRUE"), attributes: wanted, pageSize: pageSize(limits.records),
        controls: [showDeleted])
      found += try await first(limits.records - found.count, of: request, &remarks)
    }
    return found
  }
}
