import ConnectorCore

/// Reads a sample: root DSE, schema, some entries with the parents that they need, and the log.
struct SampleReader {
  let reader: any DirectoryReader
  let description: ServerDescription
  /// The most entries, parents aside, and the most records of the log.
  let limits: (entries: Int, records: Int)

  /// - Throws: `DirectoryError` where the connection is lost; all that the server merely refuses is a remark.
  func read() async throws -> RecordedSample {
    var sample = RecordedSample(rootDSE: description.evidence.rootDSE.entry)
    sample.remarks = description.unseen
    sample.schema = try await schema()
    let partitions = description.tops.filter { $0.problem == nil }.map(\.dn)
    for (position, partition) in partitions.enumerated() {
      let share = (limits.entries - sample.entries.count) / max(1, partitions.count - position)
      let request = SearchRequest(base: partition, attributes: wanted, pageSize: pageSize(share))
      var found = try await first(share, of: request, &sample.remarks)
      found += try await missingParents(of: found, in: partition)
      sample.entries += found
    }
    sample.entries = Self.parentsFirst(sample.entries)
    try await readLog(partitions, &sample)
    return sample
  }

  /// The immutable ID by name: some servers hide it from `+`.
  var wanted: [String] {
    ["*", "+"] + [description.adapter?.immutableID?.attribute.string].compactMap(\.self)
  }

  func pageSize(_ count: Int) -> Int { min(max(count, 1), 500) }

  private func schema() async throws -> Entry? {
    guard let dn = description.evidence.rootDSE.subschemaSubentry, !dn.isEmpty else { return nil }
    let names = [
      "objectClass", "cn", "objectClasses", "attributeTypes", "ldapSyntaxes", "matchingRules", "dITContentRules",
    ]
    // Some servers answer a filter on objectClass alone, others none but that of the class.
    for filter in [Filter.equal("objectClass", "subschema"), .all] {
      let request = SearchRequest(base: dn, scope: .base, filter: filter, attributes: names, pageSize: nil)
      var remarks: [String] = []
      let found = try await first(1, of: request, &remarks).first
      if let found, !found.values("attributeTypes").isEmpty { return found }
    }
    return nil
  }

  /// The first entries of a search; a refusal is a remark.
  func first(_ limit: Int, of request: SearchRequest, _ remarks: inout [String]) async throws -> [Entry] {
    let gathered = Gathered(limit: limit)
    do {
      guard limit > 0 else { return [] }
      _ = try await reader.search(request) { batch in try await gathered.take(batch) }
    } catch is Gathered.Enough {
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      let count = await gathered.entries.count
      remarks.append("“\(request.base)” was not read to its end, after \(count) entries: \(error)")
    }
    return await gathered.entries
  }

  private func missingParents(of entries: [Entry], in partition: String) async throws -> [Entry] {
    let top = try? DN(partition)
    var known = Set(entries.compactMap { try? DN($0.dn) })
    var wantedDNs: [DN] = []
    for entry in entries {
      var parent = (try? DN(entry.dn))?.parent
      while let dn = parent, let top, dn.isEqualOrDescendant(of: top), known.insert(dn).inserted {
        wantedDNs.append(dn)
        parent = dn.parent
      }
    }
    let answers = try await reader.read(wantedDNs.map(\.string), attributes: wanted)
    return answers.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
  }

  private static func parentsFirst(_ entries: [Entry]) -> [Entry] {
    let depths = entries.enumerated().map { (position: $0, depth: DN.components(of: $1.dn).count) }
    return depths.sorted { ($0.depth, $0.position) < ($1.depth, $1.position) }.map { entries[$0.position] }
  }
}

/// Collects entries up to a number, and ends the search then.
private actor Gathered {
  struct Enough: Error {}

  let limit: Int
  private(set) var entries: [Entry] = []

  init(limit: Int) { self.limit = limit }

  func take(_ batch: EntryBatch) throws {
    entries += batch.prefix(limit - entries.count)
    if entries.count >= limit { throw Enough() }
  }
}
