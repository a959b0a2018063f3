/// Commits what a batch of items was found to be, in one transaction: deletes, then renames and updates, then adds.
extension PartitionImport {
  func commit(_ items: [ResolveItem]) throws {
    var items = try withoutConflicts(items)
    if try holdReplaced(items) { items = try withoutConflicts(items) }
    let moves = try branchMoves(items)
    let names = GivenNames(items, moves)
    try transaction {
      let kept = Set(items.filter(\.isFailed).flatMap(\.numbers))
      for item in items { try leave(item, names, keeping: kept) }
      try apply(moves.filter { !$0.isTaken })
      for item in items { if let stored = item.stored, let new = item.present { try update(stored, new, item) } }
      for item in items { if item.stored == nil, let new = item.present { try add(new, item) } }
      var fates = HintFates()
      for item in items { try settleHints(of: item, &fates) }
      if self.names != nil { try lookAgain(items, fates) }
      try store.clearPending(fates.done)
    }
  }

  /// An object that is gone is deleted at once if its DN is needed, else when the budget is known.
  private func leave(_ item: ResolveItem, _ names: GivenNames, keeping kept: Set<Int64>) throws {
    guard let stored = item.stored, !isWithheld(item) else { return }
    let isReplaced = names.displace(stored)
    let reason: String
    switch item.answer {
    case .outOfScope(let dn): reason = item.mark.map { "no object any more: it has \($0)" } ?? "out of scope at \(dn)"
    case .absent:
      let replaced = isReplaced ? "another entry has its DN" : nil
      guard let why = recordOfLeaving(item) ?? item.evidence ?? replaced else { return }
      reason = why
    default: return
    }
    if isReplaced {
      try delete(ObjectName(stored), reason: reason)
      if !released.contains(stored.row) { deletes += 1 }
    } else {
      leaving[stored.row, default: Leaving(name: ObjectName(stored), reason: reason)].pending +=
        item.numbers.filter { !kept.contains($0) }
    }
  }

  private func update(_ stored: StoredObject, _ new: ConnectorObject, _ item: ResolveItem) throws {
    seen.insert(stored.row)
    placed.insert(stored.row)
    leaving[stored.row] = nil
    try endHold(stored.row)
    guard let current = try store.object(row: stored.row),
      current.object.hash != new.hash || current.object.id != new.id
    else { return }
    let old = current.object
    try store.replace(current, with: new, reason: reason(item.reasonDetail))
    if new.isNamed(like: old) {
      report.counts.updated += 1
    } else {
      report.counts.renamed += 1
      if old.key != new.key { try hintReferrers(ofKey: old.key) }
    }
    try hintLinks(from: old.document, to: new.document, isRename: old.key != new.key)
  }

  private func add(_ new: ConnectorObject, _ item: ResolveItem) throws {
    let row = try store.add(new, partition: partition.number, reason: reason(item.reasonDetail))
    seen.insert(row)
    placed.insert(row)
    report.counts.added += 1
    try hintLinks(from: nil, to: new.document, isRename: false)
    try hintReferrers(ofKey: new.key)
  }

  /// Decides what becomes of an item's hints, and follows up on renames that the log told of.
  private func settleHints(of item: ResolveItem, _ fates: inout HintFates) throws {
    try followRenames(item)
    switch item.answer {
    case .present, .another: fates.cleared.formUnion(item.numbers)
    case .outOfScope where item.stored == nil || isWithheld(item): fates.cleared.formUnion(item.numbers)
    case .absent where item.stored == nil || isWithheld(item): fates.cleared.formUnion(item.numbers)
    case .absent: try keepUnexplained(item, &fates)
    case .failed(let problem): try keep(item, problem, &fates)
    case .open, .outOfScope: fates.waiting.formUnion(item.numbers)
    }
  }

  /// What a rename left behind is read again; what it may have brought into scope is searched: below an object that
  /// was not there before, and, where containers are selected or the DN is the ID, below every one.
  private func followRenames(_ item: ResolveItem) throws {
    let renames = item.hints.filter { $0.hint.kind == .renamed && $0.cause == .log }
    guard !renames.isEmpty else { return }
    try hintLeftovers(of: renames, item)
    guard item.stored == nil || !test.isWholePartition || isName(item), let id = item.id else { return }
    let arrived: String? =
      switch item.answer {
      case .present(let object): object.dn
      case .outOfScope(let dn) where mayHoldScope(below: dn): dn
      default: nil
      }
    guard let arrived else { return }
    let hint = Hint(kind: .changed, id: id, dn: arrived, record: "")
    try store.addPending([PendingHint(cause: .subtree, hint: hint)], partition: partition.number)
  }

  /// Hints at what is known below the DNs that the renames emptied, and, where the object left the scope, below its own.
  private func hintLeftovers(of renames: [PendingHint], _ item: ResolveItem) throws {
    for rename in renames {
      guard let key = name(rename.hint.dn)?.key else { continue }
      try hintLeftovers(below: key, of: rename, to: name(rename.hint.newDN))
    }
    guard let stored = item.stored, let last = renames.last else { return }
    var rename = renames.last { explainsAbsence($0.hint) } ?? last
    rename.number = .max
    if case .outOfScope(let dn) = item.answer {
      try hintLeftovers(below: stored.object.key, of: rename, to: name(dn))
    } else if item.isAbsent, let name = item.expected {
      try hintLeftovers(below: stored.object.key, of: rename, to: name)
    }
  }

  /// Whether entries below a DN outside the scope may still be inside: a container of an unselected class, or one above
  /// a selected container.
  private func mayHoldScope(below dn: String) -> Bool {
    guard let key = try? normalizer.dns.key(of: dn) else { return false }
    return test.contains(key: key) || test.hasContainers(below: key)
  }
}

extension ObjectName {
  init(_ stored: StoredObject) {
    self.init(
      row: stored.row, id: stored.object.id, dn: stored.object.dn, key: stored.object.key, hash: stored.object.hash)
  }
}
