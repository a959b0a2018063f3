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
  /// - Parameter view: how records are seen, where the search carries a control of the product's own.
  func page(
    _ request: SearchRequest, _ faults: Faults, view: ((MemoryEntry) -> MemoryEntry?)?, after last: UInt64? = nil,
    count: Int = .max
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
    let hidden = hidden(faults)
    var page = Page()
    for (rank, key, node) in candidates(base, request.scope, faults, after: last) {
      guard isShown(key, node, request, hidden: hidden, faults),
        let entry = view.map({ node.record == nil ? node.entry : $0(node.entry) }) ?? node.entry,
        FilterEvaluation(matching: matching, entry: entry).matches(request.filter)
      else { continue }
      guard page.entries.count < count else {
        page.hasMore = true
        break
      }
      page.entries.append(select(entry, request.attributes))
      page.last = rank
    }
    return page
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
    if let node = nodes[base], isShown(base, node, request, hidden: hidden(faults), faults) { return }
    _ = try existing(request.base, operation)
    throw failure(.noSuchObject, operation, "")
  }

  /// What lies in the scope, in the order of the answer, from a rank on.
  private func candidates(
    _ base: String, _ scope: SearchRequest.Scope, _ faults: Faults, after last: UInt64?
  ) -> [(rank: UInt64, key: String, node: Node)] {
    if scope == .base { return nodes[base].map { [(rank: UInt64(0), key: base, node: $0)] } ?? [] }
    return nodes.compactMap { key, node in
      let rank = faults.rank(node.serial)
      if let last, rank <= last { return nil }
      let isInside = scope == .oneLevel ? Self.isChild(key, of: base) : key == base || Self.lies(key, below: base)
      return isInside ? (rank, key, node) : nil
    }
    .sorted { $0.rank < $1.rank }
  }

  private func hidden(_ faults: Faults) -> [String] { faults.hidden.compactMap { key($0.string) } }

  private func isShown(
    _ key: String, _ node: Node, _ request: SearchRequest, hidden: [String], _ faults: Faults
  ) -> Bool {
    if node.record != nil, faults.hidesRecords { return false }
    if node.entry.attributes.string("isDeleted")?.uppercased() == "TRUE" {
      guard request.controls.contains(where: { $0.oid == Self.showDeleted }) else { return false }
    }
    return !hidden.contains { key == $0 || Self.lies(key, below: $0) }
  }

  private static func isChild(_ key: String, of base: String) -> Bool {
    lies(key, below: base) && !key.utf8.dropFirst(base.isEmpty ? 0 : base.utf8.count + 1).contains(0x2C)
  }

  /// The attributes asked for (RFC 4511 §4.5.1.8, RFC 3673).
  private func select(_ entry: MemoryEntry, _ asked: [String]) -> Entry {
    let names = asked.map { AttributeDescription($0) }
    let all = asked.isEmpty || asked.contains("*")
    let attributes = entry.attributes.filter { name, _ in
      (matching.isOperational(name) ? asked.contains("+") : all)
        || names.contains { matching.isMeant(name, by: $0) }
    }
    // RFC 5020: made up when it is asked for.
    let showsDN = entry.attributes["entryDN"].isEmpty && (asked.contains("+") || names.contains("entryDN"))
    return Entry(dn: entry.dn, attributes: attributes + (showsDN ? [("entryDN", [Array(entry.dn.utf8)])] : []))
  }
}
