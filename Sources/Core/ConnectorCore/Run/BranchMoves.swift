/// A descendant of a renamed entry, and the DN that the rename gave it.
struct BranchMove {
  var name: ObjectName
  var dn: String
  var key: String
  /// The row of the renamed entry above it.
  var root: Int64
  /// Whether another entry was read at the new DN, so that this one must be elsewhere, or gone.
  var isTaken: Bool
  /// The number of the last record that told of the rename; zero where none did.
  var record: Int64
  /// Whether an earlier run should have made the move: it may have seen descendants in other places since.
  var isLate: Bool
}

/// An entry that is not where it was.
private struct BranchRoot {
  var row: Int64
  var old: ConnectorObject
  /// Where it is; nil where it is gone.
  var newDN: String?
  var record: Int64
  var isLate: Bool
}

/// A rename of an entry moves everything below it, and no log says so of the descendants.
extension PartitionImport {
  /// The moves that follow from the items' new DNs; objects that were found themselves, or found to have left, are
  /// spared, and so is what was known below those that left: its own records, or another look, tell where it is.
  func branchMoves(_ items: [ResolveItem]) throws -> [BranchMove] {
    var settled = Set(items.compactMap { $0.present == nil && !hasLeft($0) ? nil : $0.stored?.row })
    let taken = Set(items.compactMap { $0.present?.key })
    var moves: [BranchMove] = []
    for root in branchRoots(items) {
      let depth = DN.components(of: root.old.dn).count
      try store.descendants(of: root.old.key, partition: partition.number) { name in
        guard settled.insert(name.row).inserted, let newDN = root.newDN else { return }
        let own = DN.components(of: name.dn).dropLast(depth)
        let dn = (own.map(String.init) + [newDN]).joined(separator: ",")
        guard dn != name.dn, let key = try? normalizer.dns.key(of: dn), test.contains(key: key) else { return }
        moves.append(
          BranchMove(
            name: name, dn: dn, key: key, root: root.row, isTaken: taken.contains(key), record: root.record,
            isLate: root.isLate))
      }
    }
    return moves
  }

  /// Items that are not where they were, deepest first; without a new DN where they are gone.
  private func branchRoots(_ items: [ResolveItem]) -> [BranchRoot] {
    let roots = items.compactMap { item -> BranchRoot? in
      guard let stored = item.stored else { return nil }
      let record = item.hints.filter { $0.cause == .log && $0.hint.kind == .renamed }.map(\.number).max() ?? 0
      let isLate = item.numbers.contains { $0 <= lastLeftover }
      func root(_ dn: String?) -> BranchRoot {
        BranchRoot(row: stored.row, old: stored.object, newDN: dn, record: record, isLate: isLate)
      }
      switch item.answer {
      case .present(let new): return root(new.dn)
      case .outOfScope(let dn): return root(dn)
      case .absent where hasLeft(item): return root(nil)
      default: return nil
      }
    }
    return roots.filter { $0.old.dn != $0.newDN }.sorted { $0.old.key.utf8.count > $1.old.key.utf8.count }
  }

  /// Rewrites the DNs of a moved branch, with one feed record a descendant.
  func apply(_ moves: [BranchMove]) throws {
    for move in moves where try store.object(row: move.name.row) != nil {
      let hash = normalizer.hash(move.name.hash, movedFrom: move.name.dn, to: move.dn)
      let id = normalizer.isName(move.name.id) ? normalizer.nameID(ofKey: move.key) : move.name.id
      let anchor = scope.anchor == .dn ? move.dn : try store.object(row: move.name.row)?.object.anchor ?? move.dn
      try store.rename(
        row: move.name.row, id: id, dn: move.dn, key: move.key, anchor: anchor, hash: hash,
        reason: reason("an entry above it was renamed"))
      placed.insert(move.name.row)
      if normalizer.isName(id), leaving.removeValue(forKey: move.name.row) != nil { try look(at: move) }
      report.counts.renamed += 1
      try hintReferrers(ofKey: move.name.key)
    }
    if scope.holdsServerAttributes { try hintMoved(moves) }
    try matchAgain(moves)
  }

  /// It was gone from another DN than the one that it gets.
  private func look(at move: BranchMove) throws {
    let hint = Hint(kind: .changed, dn: move.dn, record: "")
    try store.addPending([PendingHint(cause: .log, hint: hint, object: move.name.row)], partition: partition.number)
  }

  /// A server that keeps attributes of its own in an entry may have changed them before or after the move.
  private func hintMoved(_ moves: [BranchMove]) throws {
    let hints = moves.map { move in
      PendingHint(
        cause: .reference, hint: Hint(kind: .changed, id: move.name.id, dn: move.dn, record: ""), object: move.name.row)
    }
    try store.addPending(hints, partition: partition.number)
  }

  /// Whether an item is settled as gone or out of scope, so that it goes from the DN that it had.
  private func hasLeft(_ item: ResolveItem) -> Bool {
    item.isOutOfScope || item.isAbsent && (recordOfLeaving(item) ?? item.evidence) != nil
  }
}
