/// Hints of a log that names entries by DN alone: which stored object a record is about, and where an entry is now.
extension PartitionImport {
  /// Whether nothing but a DN says which entry a log record is about.
  func isNameless(_ hint: PendingHint) -> Bool {
    hint.cause == .log && (hint.hint.id == nil || scope.immutableID == nil)
  }

  // MARK: When they come

  /// The rows for what a log handed over.
  func pendingHints(for hints: [Hint]) throws -> [PendingHint] {
    let pending = hints.map { PendingHint(cause: .log, hint: scope.immutableID == nil ? $0.withoutID : $0) }
    if names == nil, pending.contains(where: isNameless) {
      holdsNameless = true
      names = try pendingNames()
    }
    return names == nil ? pending : pending.filter(saysSomethingNew)
  }

  /// Whether a hint must be stored. One is enough for an entry that changes again and again, as long as it keeps its name.
  private func saysSomethingNew(_ pending: PendingHint) -> Bool {
    if var event = event(of: pending) {
      event.number = (names?.events.last?.number ?? 0) + 1
      return names?.note(event, record: pending.hint.record) ?? true
    }
    guard isNameless(pending), pending.hint.kind == .changed, let key = name(pending.hint.dn)?.key else { return true }
    let last = names?.lastEvent(on: key) ?? -1
    return changedNames.updateValue(last, forKey: key) != last
  }

  // MARK: When they are resolved

  /// Reads what the pending records tell of names, where one of them has no ID, and finds the objects that they are about.
  func loadNames() throws {
    guard !hasLoadedNames else { return }
    hasLoadedNames = true
    names = holdsNameless ? try pendingNames() : nil
    if names != nil { try transaction { try matchRecords() } }
  }

  /// Looks at what earlier runs left.
  func noteLeftovers() throws {
    try forEachPending { hint in
      lastLeftover = hint.number
      if isNameless(hint) { holdsNameless = true }
    }
  }

  private func pendingNames() throws -> LoggedNames {
    var names = LoggedNames()
    try forEachPending { hint in
      if let event = event(of: hint) {
        names.note(event, record: hint.hint.record)
      } else if hint.cause == .log, hint.hint.dn == nil, let row = hint.object {
        names.note(bystander: row, of: hint.hint.record)
      } else if hint.cause == .displaced || hint.cause == .branch && hint.hint.newDN != nil, let row = hint.object {
        if let key = name(hint.hint.newDN ?? hint.hint.dn)?.key { names.seen[key] = row }
      }
    }
    return names
  }

  private func forEachPending(_ body: (PendingHint) throws -> Void) throws {
    var after: Int64 = 0
    while true {
      let page = try store.pending(partition: partition.number, after: after, run: run, limit: 1000)
      guard let last = page.last else { return }
      try page.forEach(body)
      after = last.number
    }
  }

  /// What a pending record tells of names; nil for one that tells nothing.
  func event(of pending: PendingHint) -> LoggedNames.Event? {
    let hint = pending.hint
    guard pending.cause == .log, hint.kind != .changed, let old = name(hint.dn) else { return nil }
    let why = explainsAbsence(hint) ? "\(hint.kind == .deleted ? "delete" : "move") recorded in \(hint.record)" : nil
    let new = hint.kind == .renamed ? name(hint.newDN) : nil
    return LoggedNames.Event(
      number: pending.number, kind: hint.kind, oldKey: old.key, newName: new, departure: why, object: pending.object,
      record: isNameless(pending) ? hint.record : nil)
  }

  func name(_ dn: String?) -> EntryName? {
    guard let dn, let key = try? normalizer.dns.key(of: dn) else { return nil }
    return EntryName(dn: dn, key: key)
  }

  /// Where the entry is that a hint without an ID names, by the log's last word; of a delete the name itself, for
  /// another entry may have it.
  func destination(of pending: PendingHint) -> LoggedNames.Destination? {
    let hint = pending.hint
    guard let name = name(hint.newDN ?? hint.dn) else { return nil }
    guard hint.kind != .deleted else { return LoggedNames.Destination(name: name) }
    return names?.destination(of: name, after: pending.number) ?? LoggedNames.Destination(name: name)
  }
}

extension Hint {
  /// The hint of a server whose IDs do not name objects.
  fileprivate var withoutID: Hint {
    var hint = self
    hint.id = nil
    return hint
  }
}
