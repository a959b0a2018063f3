/// Brings pending hints to the truth: read again, compare, commit, and clear each hint with its result.
extension PartitionImport {
  /// Tries of one run for an object that changed under our eyes.
  private static let passes = 3

  /// Resolves every pending hint that this run may; what cannot be resolved stays, with a finding.
  func resolvePending() async throws {
    try commitPages()
    try loadNames()
    for _ in 0..<Self.passes {
      retries = []
      var after: Int64 = 0
      while true {
        try Task.checkCancellation()
        let hints = try store.pending(partition: partition.number, after: after, run: run, limit: scope.hintsPerBatch)
        guard let last = hints.last else { break }
        after = last.number
        let due = hints.filter { retried.contains($0.number) || !tried.contains($0.number) }
        tried.formUnion(due.map(\.number))
        try await resolve(due)
        progress(report.counts)
      }
      retried = retries
      if retries.isEmpty { break }
    }
  }

  /// Hints that stay because they could not be resolved; those that wait for the next run are no trouble.
  func unresolvedCount() throws -> Int {
    var (count, after): (Int, Int64) = (0, 0)
    while true {
      let page = try store.pending(partition: partition.number, after: after, run: run, limit: 1000)
      guard let last = page.last else { return count }
      count += page.count { !$0.problem.isEmpty }
      after = last.number
    }
  }

  private func resolve(_ hints: [PendingHint]) async throws {
    let rest = hints.filter { $0.cause != .subtree }
    if !rest.isEmpty {
      var items = try items(from: rest)
      try await settle(&items)
    }
    // Last, so that what is known and was renamed is not taken for new.
    for hint in hints where hint.cause == .subtree { try await importSubtree(hint) }
  }

  /// Reads items and whoever holds a DN that they need, then commits all of them together.
  func settle(_ items: inout [ResolveItem]) async throws {
    try await read(&items)
    for _ in 0..<8 {
      let moves = try branchMoves(items)
      let holders = try holdersInTheWay(of: items, moves)
      if holders.isEmpty { break }
      for row in holders {
        guard let stored = try store.object(row: row) else { continue }
        var item = ResolveItem(id: stored.object.id, candidates: [stored.object.dn], stored: stored)
        item.expected = moves.first { $0.name.row == row }.map { EntryName(dn: $0.dn, key: $0.key) }
        items.append(item)
      }
      try await read(&items)
    }
    try commit(items)
  }

  /// Stored objects that hold a DN that an item, or a descendant of one, is about to get, descendants whose new DN an
  /// item has, and descendants that this run has seen where they are: they may have come there from elsewhere.
  private func holdersInTheWay(of items: [ResolveItem], _ moves: [BranchMove]) throws -> [Int64] {
    let doubtful = moves.filter { $0.isTaken || $0.isLate || placed.contains($0.name.row) }
    let own = Set(items.compactMap { $0.stored?.row })
    let known = own.union(Set(moves.map(\.name.row)).subtracting(doubtful.map(\.name.row)))
    var rows = Set(doubtful.map(\.name.row))
    for key in items.compactMap({ $0.present?.key }) + moves.map(\.key) {
      rows.formUnion(try store.holders(key: key, partition: partition.number))
    }
    return rows.filter { !known.contains($0) }.sorted()
  }

  /// A renamed branch that came into scope brings everything below it.
  private func importSubtree(_ hint: PendingHint) async throws {
    let now = name(hint.hint.dn).flatMap { names?.destination(of: $0, after: hint.number).name }
    guard let base = now?.dn ?? hint.hint.dn else { return }
    do {
      _ = try await reader.search(request(base: base)) { page in try await self.apply(page) }
      try transaction { try store.clearPending([hint.number]) }
    } catch let error as DirectoryError where error.code == .noSuchObject {
      try transaction { try store.clearPending([hint.number]) }
    } catch let error as DirectoryError where error.code == .controlNotFound {
      // A server was seen to answer like this, with success, where the base is gone.
      guard case .absent = try await lookup.read(base, attributes: [SearchRequest.noAttributes]) else { throw error }
      try transaction { try store.clearPending([hint.number]) }
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      try transaction { try store.keepPending([hint.number], problem: error.description) }
      find(.warning, base, "What moved here could not be read: \(error)", remedy: "The next run tries again.")
    }
  }

  func request(base: String) -> SearchRequest {
    SearchRequest(
      base: base, filter: scope.filter, attributes: normalizer.requestedAttributes, pageSize: scope.pageSize,
      sortKey: scope.sortKey)
  }
}
