/// Objects whose ID is their DN: only a record of the log makes a rename, else the old one is gone and another is there.
extension PartitionImport {
  func isName(_ item: ResolveItem) -> Bool { item.id.map(normalizer.isName) ?? true }

  /// Notes where an object that is known by its DN alone should be now, or why it is gone.
  func expect(_ item: inout ResolveItem) {
    guard let stored = item.stored, normalizer.isName(stored.object.id) else { return }
    // Its own records say more than what follows from those of others.
    for cause in [PendingHint.Cause.log, .branch] where item.expected == nil {
      for hint in item.hints where hint.cause == cause && tells(hint, stored) {
        guard let end = destination(of: hint) else { continue }
        if end.name == nil { item.evidence = end.departure }
        if let name = end.name, name.key != stored.object.key { (item.expected, item.evidence) = (name, nil) }
      }
    }
  }

  /// Whether a hint is about an object's name, and says more than that it is gone.
  private func tells(_ pending: PendingHint, _ stored: StoredObject) -> Bool {
    let hint = pending.hint
    guard hint.dn != nil, hint.kind != .deleted, pending.object ?? stored.row == stored.row else { return false }
    return pending.cause == .log || hint.newDN != nil
  }

  /// An object that is gone from its DN, while a new entry stands where the log moved it, is that entry. Where an object
  /// stands that is known already, that one goes on, and the other is gone. An entry that got an ID stands where it was.
  func joinRenamed(_ items: inout [ResolveItem]) {
    guard items.contains(where: { $0.isAbsent && $0.stored != nil && isName($0) }) else { return }
    let places = Dictionary(items.indices.compactMap { index in place(of: items[index]).map { ($0, index) } }) { $1 }
    for index in items.indices where items[index].isAbsent {
      guard let key = items[index].expected?.key ?? keyOfName(items[index]), let found = places[key], found != index
      else { continue }
      if items[found].stored == nil, place(of: items[found]) != nil {
        join(index, with: found, in: &items)
      } else if items[index].expected != nil, items[index].evidence == nil {
        items[index].evidence = "rename recorded in \(items[index].reasonDetail ?? "the log"), to a DN that is known"
      }
    }
  }

  private func keyOfName(_ item: ResolveItem) -> String? {
    item.stored.flatMap { normalizer.isName($0.object.id) ? $0.object.key : nil }
  }

  /// An entry without an ID stands where an object with one was, and that is nowhere else: as long as no record tells of
  /// its end, it is more likely that the ID cannot be read.
  func doubtMissingIDs(_ items: inout [ResolveItem]) {
    guard scope.immutableID?.mayBeMissing == true else { return }
    let problem = "its \(scope.immutableID?.attribute.string ?? "ID") can no longer be read"
    let nameless = items.indices.filter { isName(items[$0]) && items[$0].stored == nil && items[$0].present != nil }
    let places = Dictionary(nameless.map { (items[$0].present?.key ?? "", $0) }) { $1 }
    for index in items.indices where items[index].isAbsent && !isName(items[index]) {
      guard let key = items[index].stored?.object.key, let found = places[key], items[index].evidence == nil,
        recordOfLeaving(items[index]) == nil
      else { continue }
      (items[index].answer, items[found].answer) = (.failed(problem), .failed(problem))
    }
  }

  private func join(_ index: Int, with found: Int, in items: inout [ResolveItem]) {
    items[index].answer = items[found].answer
    items[index].hints += items[found].hints
    items[found].answer = .another
  }

  /// The key of the DN at which an item was found.
  func place(of item: ResolveItem) -> String? {
    switch item.answer {
    case .present(let object): object.key
    case .outOfScope(let dn): name(dn)?.key
    default: nil
    }
  }
}
