/// Reads hinted objects again: by the product's ID form of a DN where it has one, else by DN, at last by ID.
extension PartitionImport {
  /// IDs in one OR filter: an ID without an index costs the server a scan, so many share one.
  private static let idsPerFilter = 200

  /// Fills in the answers of all open items; others found on the way are appended.
  func read(_ items: inout [ResolveItem]) async throws {
    var round = 0
    while true {
      let waiting = items.indices.filter { items[$0].isOpen && round < items[$0].candidates.count }
      guard !waiting.isEmpty, round < 4 else { break }
      let answers = try await lookup.read(
        waiting.map { items[$0].candidates[round] }, attributes: normalizer.requestedAttributes)
      for (index, answer) in zip(waiting, answers) { take(answer, for: index, of: &items) }
      round += 1
    }
    try await readByID(&items)
    excludeVisible(from: &items)
    joinRenamed(&items)
    doubtMissingIDs(&items)
  }

  /// A delete is not about an object that is there: another that had the name is meant.
  private func excludeVisible(from items: inout [ResolveItem]) {
    let visible = Set(items.compactMap { $0.present == nil && !$0.isOutOfScope ? nil : $0.id })
    for index in items.indices where items[index].isAbsent && items[index].evidence == nil {
      let record = items[index].hints.last { firstMeant(by: $0).map(visible.contains) ?? false }
      items[index].evidence = record.map { "delete recorded in \($0.hint.record)" }
    }
  }

  private func take(_ answer: ReadAnswer, for index: Int, of items: inout [ResolveItem]) {
    switch answer {
    case .absent: break
    case .failed(let error) where error.code == .noSuchObject || error.code == .invalidDNSyntax: break
    case .failed(let error): items[index].answer = .failed(error.description)
    case .entry(let entry): take(entry, for: index, of: &items)
    }
  }

  /// An entry that answers with another ID is not the hinted object, but a hint for the one found.
  private func take(_ entry: Entry, for index: Int?, of items: inout [ResolveItem]) {
    guard let identity = normalizer.identity(of: entry) else {
      if let index { items[index].answer = .failed("the entry at \(entry.dn) has no readable ID") }
      return
    }
    let owner = items.firstIndex { $0.id == identity.id } ?? index.flatMap { items[$0].id == nil ? $0 : nil }
    if let owner {
      if let index, index != owner, items[index].isName {
        items[owner].hints += items[index].hints
        items[index].answer = .another
      }
      items[owner].id = identity.id
      items[owner].mark = normalizer.mark(of: entry)
      items[owner].answer = answer(for: entry, identity)
      if items[owner].stored == nil { items[owner].stored = (try? storedObject(id: identity.id)) ?? nil }
    } else if test.contains(key: (try? normalizer.dns.key(of: entry.dn)) ?? "") {
      let stored = (try? storedObject(id: identity.id)) ?? nil
      var found = ResolveItem(id: identity.id, candidates: [entry.dn], stored: stored)
      found.mark = normalizer.mark(of: entry)
      found.answer = answer(for: entry, identity)
      if let index { found.hints = hints(of: items[index], at: entry.dn) }
      items.append(found)
    }
  }

  func storedObject(id: String) throws -> StoredObject? {
    try store.version(id: id, partition: partition.number).flatMap { try store.object(row: $0.row) }
  }

  private func answer(for entry: Entry, _ identity: ObjectNormalizer.Identity) -> ResolveItem.Answer {
    if normalizer.mark(of: entry) != nil { return .outOfScope(entry.dn) }
    guard let object = normalized(entry, identity) else { return .failed("the entry cannot be read") }
    return inScope(object) ? .present(object) : .outOfScope(object.dn)
  }

  /// Looks for what no DN found by OR filters of IDs; without an immutable ID the DN was the last word.
  ///
  /// An object that is new here may have moved since the log named it, with a branch that was renamed above it.
  private func readByID(_ items: inout [ResolveItem]) async throws {
    let missing = items.indices.filter { items[$0].isOpen }
    let searchable = missing.filter { items[$0].id != nil && !items[$0].cameAndWent && !isName(items[$0]) }
    for index in missing where !searchable.contains(index) { items[index].answer = .absent }
    for start in stride(from: 0, to: searchable.count, by: Self.idsPerFilter) {
      let part = Array(searchable[start..<min(start + Self.idsPerFilter, searchable.count)])
      do {
        for entry in try await search(ids: part.compactMap { items[$0].id }) { take(entry, for: nil, of: &items) }
        for index in part where items[index].isOpen { items[index].answer = .absent }
      } catch let error as DirectoryError where error.code.rawValue > 0 {
        for index in part { items[index].answer = .failed(error.description) }
      }
    }
  }

  private func search(ids: [String]) async throws -> [Entry] {
    guard let immutableID = scope.immutableID else { return [] }
    let filters = ids.map { immutableID.filter(for: $0) }
    // So few entries fit into one answer, and a list would cost the server one more sort, and us a connection.
    let pageSize = scope.sortKey == nil ? scope.pageSize : nil
    return try await lookup.collect(
      SearchRequest(
        base: scope.partition.string, filter: filters.count == 1 ? filters[0] : .or(filters),
        attributes: normalizer.requestedAttributes, pageSize: pageSize))
  }
}
