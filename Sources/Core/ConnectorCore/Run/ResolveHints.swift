/// What becomes of the hints of a batch; a hint may belong to more than one item.
struct HintFates {
  var cleared: Set<Int64> = []
  var kept: Set<Int64> = []
  /// Those that go with the object's delete.
  var waiting: Set<Int64> = []

  /// The numbers that no item needs any more.
  var done: [Int64] { cleared.subtracting(kept).subtracting(waiting).sorted() }
}

/// Hints that no entry answers to.
extension PartitionImport {
  /// An entry that the log names by DN alone, and that is not there, may have moved with a branch since the log was read:
  /// the next run, which knows of that, looks once more. Whether a known object had the name says nothing of it.
  func lookAgain(_ items: [ResolveItem], _ fates: HintFates) throws {
    let found = Set(items.compactMap { place(of: $0) })
    var looks: [PendingHint] = []
    for pending in items.flatMap(\.hints) where isNameless(pending) && pending.notBefore == 0 {
      guard pending.hint.kind != .deleted, !fates.kept.contains(pending.number),
        let place = destination(of: pending)?.name, !found.contains(place.key)
      else { continue }
      let hint = Hint(kind: .changed, dn: place.dn, record: pending.hint.record)
      // What was renamed may have come from outside, with a branch that nobody knows either.
      let cause: PendingHint.Cause = pending.hint.kind == .renamed ? .subtree : .log
      looks.append(PendingHint(cause: cause, hint: hint, notBefore: run + 1))
    }
    if !looks.isEmpty { try store.addPending(looks, partition: partition.number) }
  }

  /// Gone without a word: a later log record may explain it, and until then the object stays.
  func keepUnexplained(_ item: ResolveItem, _ fates: inout HintFates) throws {
    if let stored = item.stored, leaving[stored.row] != nil {
      fates.waiting.formUnion(item.numbers)
      return
    }
    guard let stored = item.stored, try store.object(row: stored.row) != nil else {
      fates.cleared.formUnion(item.numbers)
      return
    }
    if item.hints.isEmpty, names != nil {
      // Nothing asked for it but its place, and a record that names it may not be known for one.
      let look = PendingHint(cause: .log, hint: Hint(kind: .changed, record: ""), object: stored.row)
      return try store.addPending([look], partition: partition.number)
    }
    guard item.hints.contains(where: { $0.cause == .log || isLastLook($0, stored) }) else {
      fates.cleared.formUnion(item.numbers)
      return try lookAgain(stored, item)
    }
    try keep(item, "vanished, and the log does not record its delete", &fates)
  }

  private func isLastLook(_ hint: PendingHint, _ stored: StoredObject) -> Bool {
    hint.cause == .displaced && hint.notBefore > 0 || hint.cause == .branch && normalizer.isName(stored.object.id)
  }

  /// A full import saw it under another name, and now it is gone: the log will tell, of that name.
  private func lookAgain(_ stored: StoredObject, _ item: ResolveItem) throws {
    guard delta != nil, let seen = item.hints.last(where: { $0.cause == .displaced }) else { return }
    let look = PendingHint(cause: .displaced, hint: seen.hint, object: stored.row, notBefore: run + 1)
    try store.addPending([look], partition: partition.number)
  }

  func keep(_ item: ResolveItem, _ problem: String, _ fates: inout HintFates) throws {
    guard !item.hints.isEmpty else { return }
    let moved = item.hints.filter { isNameless($0) && $0.hint.kind == .changed && isOutdated($0, item) }
    try restore(moved, item, problem)
    fates.cleared.formUnion(moved.map(\.number))
    let rest = Set(item.numbers).subtracting(moved.map(\.number))
    fates.kept.formUnion(rest)
    try store.keepPending(rest.sorted(), problem: problem)
    if item.hints.allSatisfy({ !retries.contains($0.number) }) {
      find(.warning, item.name, "The object stays as it was known: \(problem).", remedy: "The next run tries again.")
    }
  }

  /// Whether a hint that stays says less than is known: which object it is about, and where that is now. The records
  /// that tell so may be gone when it is tried again.
  private func isOutdated(_ pending: PendingHint, _ item: ResolveItem) -> Bool {
    guard let name = name(pending.hint.dn) else { return false }
    let now = destination(of: pending)?.name ?? name
    return now.key != name.key || pending.object == nil && item.stored != nil
  }

  private func restore(_ hints: [PendingHint], _ item: ResolveItem, _ problem: String) throws {
    let renewed = hints.map { old in
      let hint = Hint(kind: .changed, dn: destination(of: old)?.name?.dn ?? old.hint.dn, record: old.hint.record)
      return PendingHint(
        cause: .log, hint: hint, object: old.object ?? item.stored?.row, notBefore: old.notBefore, problem: problem)
    }
    if !renewed.isEmpty { try store.addPending(renewed, partition: partition.number) }
  }
}
