import ConnectorCore

extension DirectoryModel {
  /// Shows tombstones (the Active Directory family).
  static let showDeleted = "1.2.840.113556.1.4.417"

  /// A piece of an answer.
  struct Page {
    var entries: [Entry] = []
    /// The rank of the last entry, from which the next page goes on.
    var last: UInt64?
    var hasMore = false
  }

  /// The entries that match, from a rank on, at most so many, each with the attributes asked for.
  func page(
    _ request: SearchRequest, _ faults: Faults, after last: UInt64? = nil, count: Int = .max
  ) throws(DirectoryError) -> Page {
    let operation = "search of \(request.base)"
    guard !request.base.isEmpty || request.scope != .base else {
      return Page(entries: only(rootDSE, request, isRoot: true))
    }
    let base = try base(request.base, operation)
    try checkFaults(base, faults, operation)
    if isEmpty(base, faults) { return Page() }
    if let schemaEntry, key(schemaEntry.dn) == base { return Page(entries: only(schemaEntry, request)) }
    if !base.isEmpty { try checkExists(base, request, faults, operation) }
    let selected = selection(base, request, faults).map { (faults.rank($0.serial), $0) }
      .filter { rank, _ in last.map { rank > $0 } ?? true }.sorted { $0.0 < $1.0 }
    let shown = selected.prefix(count)
    return Page(
      entries: shown.map { select($0.1.entry, request.attributes) }, last: shown.last?.0,
      hasMore: selected.count > shown.count)
  }

  private func only(_ entry: MemoryEntry, _ request: SearchRequest, isRoot: Bool = false) -> [Entry] {
    guard FilterEvaluation(matching: matching, entry: entry).matches(request.filter) else { return [] }
    return isRoot && !request.attributes.contains(SearchRequest.noAttributes)
      ? [entry.entry] : [select(entry, request.attributes)]
  }

  /// The tree key of a base, which may be given by an ID: `<GUID=…>`.
  private func base(_ base: String, _ operation: String) throws(DirectoryError) -> String {
    guard base.hasPrefix("<"), base.hasSuffix(">"), let equals = base.firstIndex(of: "=") else {
      return try matching.key(base, operation)
    }
    let asked = base[base.index(after: equals)...].dropLast().lowercased().filter { $0 != "-" }
    let found = nodes.first { _, node in
      node.record == nil && IdentifierForm.spellings(of: node.entry).contains(asked)
    }
    guard let found else { throw failure(.noSuchObject, operation, "") }
    return found.key
  }

  private func checkFaults(_ base: String, _ faults: Faults, _ operation: String) throws(DirectoryError) {
    for (dn, code) in faults.failing where key(dn.string) == base { throw failure(code, operation, "") }
  }

  private func isEmpty(_ base: String, _ faults: Faults) -> Bool {
    faults.empty.contains { key($0.string) == base }
  }

  private func checkExists(
    _ base: String, _ request: SearchRequest, _ faults: Faults, _ operation: String
  ) throws(DirectoryError) {
    if let node = nodes[base], isShown(base, node, request, faults) { return }
    _ = try existing(request.base, operation)
    throw failure(.noSuchObject, operation, "")
  }

  private func selection(_ base: String, _ request: SearchRequest, _ faults: Faults) -> [Node] {
    let candidates: [(key: String, value: Node)]
    switch request.scope {
    case .base: candidates = nodes[base].map { [(base, $0)] } ?? []
    case .oneLevel: candidates = nodes.filter { Self.parent(of: $0.key) == base }
    case .subtree: candidates = nodes.filter { $0.key == base || Self.lies($0.key, below: base) }
    }
    return candidates.filter { key, node in
      isShown(key, node, request, faults)
        && FilterEvaluation(matching: matching, entry: node.entry).matches(request.filter)
    }
    .map(\.value)
  }

  private func isShown(_ key: String, _ node: Node, _ request: SearchRequest, _ faults: Faults) -> Bool {
    if node.record != nil, faults.hidesRecords { return false }
    if node.entry.attributes.string("isDeleted")?.uppercased() == "TRUE" {
      guard !faults.hidesRecords, request.controls.contains(where: { $0.oid == Self.showDeleted }) else { return false }
    }
    return !faults.hidden.contains { hidden in
      self.key(hidden.string).map { key == $0 || Self.lies(key, below: $0) } ?? false
    }
  }

  private static func parent(of key: String) -> String {
    key.utf8.lastIndex(of: 0x2C).map { String(key[..<$0]) } ?? ""
  }

  /// The attributes asked for (RFC 4511 §4.5.1.8, RFC 3673).
  private func select(_ entry: MemoryEntry, _ asked: [String]) -> Entry {
    let names = asked.map { AttributeDescription($0) }
    let all = asked.isEmpty || asked.contains("*")
    let attributes = entry.attributes.filter { name, _ in
      (matching.isOperational(name) ? asked.contains("+") : all)
        || names.contains { matching.isMeant(name, by: $0) }
    }
    return Entry(dn: entry.dn, attributes: Array(attributes))
  }
}
