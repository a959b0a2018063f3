/// Reads entries of the directory, in batches, each once.
final class PresentEntries {
  private let reader: any DirectoryReader
  private let kinds: AttributeKinds
  private let scope: ExportScope
  private let attributes: [String]
  private var known: [String: ReadAnswer] = [:]
  /// By partition and ID; nil inside for one that is not there.
  private var byID: [String: Entry?] = [:]
  private static let batch = 1000
  private static let idsPerSearch = 200

  init(_ scope: ExportScope, reader: any DirectoryReader, kinds: AttributeKinds, edited: [AttributeDescription]) {
    self.scope = scope
    self.reader = reader
    self.kinds = kinds
    attributes = scope.attributesToRead(edited: edited)
  }

  /// Reads what is not known yet.
  func fetch(_ names: [(dn: String, key: String)]) async throws {
    var seen: Set<String> = []
    let missing = names.filter { known[$0.key] == nil && seen.insert($0.key).inserted }
    var start = 0
    while start < missing.count {
      let part = missing[start..<min(start + Self.batch, missing.count)]
      let answers = try await reader.read(part.map(\.dn), attributes: attributes)
      for (name, answer) in zip(part, answers) { known[name.key] = answer }
      start += Self.batch
    }
  }

  /// The entry of that DN; nil where there is none.
  /// - Throws: `LineProblem` where it cannot be read.
  func entry(_ name: PlanName) async throws -> PresentEntry? {
    if known[name.key] == nil { try await fetch([(name.text, name.key)]) }
    switch known[name.key] {
    case .entry(let entry): return present(entry, key: name.key, partition: name.partition)
    case .failed(let error):
      throw LineProblem(
        "\(name.text) cannot be read: \(error)", remedy: "Give the account the right to read it, and plan again.")
    case .absent, nil: return nil
    }
  }

  /// The immutable ID of an entry that was read already.
  func knownID(_ name: PlanName) -> String? {
    guard case .entry(let entry) = known[name.key] else { return nil }
    return scope.partitions[name.partition].immutableID?.value(of: entry)
  }

  /// Looks for entries by their immutable IDs, many in one search; what cannot be looked for is left to `entry(id:)`.
  func fetch(ids: [String]) async throws {
    let ids = Array(Set(ids)).sorted()
    for (partition, scope) in scope.partitions.enumerated() {
      guard let attribute = scope.immutableID else { continue }
      var start = 0
      while start < ids.count {
        let part = ids[start..<min(start + Self.idsPerSearch, ids.count)]
        let request = SearchRequest(
          base: scope.partition.string, filter: .or(part.map { attribute.filter(for: $0) }), attributes: attributes,
          pageSize: nil)
        if let found = try await found(request) {
          for id in part { byID["\(partition) \(id)"] = .some(nil) }
          for entry in found { if let id = attribute.value(of: entry) { byID["\(partition) \(id)"] = entry } }
        }
        start += Self.idsPerSearch
      }
    }
  }

  /// Nil where the server does not answer such a search.
  private func found(_ request: SearchRequest) async throws -> [Entry]? {
    do { return try await reader.collect(request) } catch let error as DirectoryError where error.code.rawValue > 0 {
      return nil
    }
  }

  /// Looks for an entry by its immutable ID.
  func entry(id: String, partition: Int) async throws -> Entry? {
    if let known = byID["\(partition) \(id)"] { return known }
    guard let attribute = scope.partitions[partition].immutableID else { return nil }
    let request = SearchRequest(
      base: scope.partitions[partition].partition.string, filter: attribute.filter(for: id), attributes: attributes,
      pageSize: nil)
    do {
      return try await reader.collect(request).first { attribute.value(of: $0) == id }
    } catch let error as DirectoryError where error.code == .noSuchObject {
      return nil
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      throw LineProblem("the entry with the ID \(id) cannot be looked for: \(error)")
    }
  }

  /// The names of everything below an entry.
  func below(_ dn: String, partition: Int) async throws -> [Entry] {
    let scope = scope.partitions[partition]
    let names = scope.immutableID.map { [$0.attribute.string] } ?? [SearchRequest.noAttributes]
    let request = SearchRequest(base: dn, attributes: names, pageSize: scope.pageSize, sortKey: scope.sortKey)
    do {
      return try await reader.collect(request)
    } catch let error as DirectoryError where error.code == .noSuchObject {
      return []
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      throw LineProblem(
        "what lies below \(dn) cannot be listed: \(error)",
        remedy: "A delete needs to know all that goes with it. Give the account the right to read it.")
    }
  }

  /// Which of these DNs the directory does not have; those that cannot be read are taken for there.
  func missing(_ names: [(dn: String, key: String)]) async throws -> Set<String> {
    var missing: Set<String> = []
    let unknown = names.filter { name in
      guard let answer = known[name.key] else { return true }
      if case .absent = answer { missing.insert(name.key) }
      return false
    }
    var start = 0
    while start < unknown.count {
      let part = unknown[start..<min(start + Self.batch, unknown.count)]
      let answers = try await reader.read(part.map(\.dn), attributes: [SearchRequest.noAttributes])
      for (name, answer) in zip(part, answers) { if case .absent = answer { missing.insert(name.key) } }
      start += Self.batch
    }
    return missing
  }

  func present(_ entry: Entry, key: String, partition: Int) -> PresentEntry {
    PresentEntry(
      dn: entry.dn, key: key, id: scope.partitions[partition].immutableID?.value(of: entry), entry: entry,
      attributes: AttributeModel(entry, kinds))
  }
}

extension ExportScope {
  /// What is asked for of an entry that an export deals with: all user attributes, and by name what tells changes.
  package func attributesToRead(edited: [AttributeDescription] = []) -> [String] {
    // Not those with options: a server was seen to leave the bare attribute out where one of its options is named too.
    let isNamed = { (name: AttributeDescription) in schema.attributeType(name.type)?.isOperational ?? false }
    let selected = partitions.flatMap { $0.selection.aliases + $0.selection.attributes.filter(isNamed) }
    let names = namedAttributes.map(\.string) + selected.map(\.string) + edited.filter(isNamed).map(\.string)
    var seen: Set<String> = []
    return (["*"] + names).filter { seen.insert($0.lowercased()).inserted }
  }

  /// Attributes that are always asked for by name.
  private var namedAttributes: [AttributeDescription] {
    partitions.compactMap(\.immutableID?.attribute)
      + [facts.versionAttribute, "modifyTimestamp", facts.accountState?.attribute].compactMap(\.self)
      + ["hasSubordinates", "numSubordinates"]
  }

  /// How an entry looks that was read with ``attributesToRead(edited:)``, so that a change since then is seen.
  package func state(of entry: Entry, key: ContentHashKey) -> PlannedState {
    let marks = [facts.versionAttribute, "modifyTimestamp"].compactMap(\.self)
    let mark = marks.first { !entry.values($0).isEmpty }
    // Some schemas do not mark what the server keeps, and a login, say, is no change of the entry.
    let kept = facts.keptByServer + partitions.flatMap(\.selection.computed) + marks
    let unknown = Set(namedAttributes.filter { schema.attributeType($0.type) == nil } + kept)
    let content = entry.attributes.filter { name, _ in !unknown.contains(name) }
    return PlannedState(
      versionAttribute: mark?.string, version: mark.flatMap { entry.string($0) },
      fingerprint: EntryFingerprint(key: key, schema: schema).text(of: Entry(dn: entry.dn, attributes: content)))
  }
}
