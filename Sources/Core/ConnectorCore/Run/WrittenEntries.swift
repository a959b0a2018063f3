/// What an export wrote to one entry.
package struct WrittenEntry: Sendable {
  package enum Kind: Sendable {
    /// Added or modified.
    case changed
    case renamed(from: String)
    case deleted
    /// Deleted with everything below it.
    case deletedTree
    /// A delete of everything failed on its way: what is left of it must be looked at.
    case partlyDeleted
  }

  package var kind: Kind
  /// The DN after the change; of a delete the one before it.
  package var dn: String
  /// The immutable ID, where it is known.
  package var id: String?
  /// What the change feed gives as the reason.
  package var record: String

  package init(_ kind: Kind, dn: String, id: String?, record: String) {
    self.kind = kind
    self.dn = dn
    self.id = id
    self.record = record
  }
}

/// Takes what an export wrote into the connector space, by the way that every re-read entry takes.
extension PartitionImport {
  /// Deletes what was deleted, for our own delete is proof, and hints at the rest; must run in a transaction.
  package func note(_ written: [WrittenEntry]) throws {
    var hints: [PendingHint] = []
    for entry in written {
      switch entry.kind {
      case .deleted: hints += try take(entry, withDescendants: false)
      case .deletedTree: hints += try take(entry, withDescendants: true)
      case .partlyDeleted: hints += try doubt(entry)
      case .changed: hints.append(hint(Hint(kind: .changed, id: entry.id, dn: entry.dn, record: entry.record)))
      case .renamed(let old):
        if let stored = try entry.id.flatMap({ try storedObject(id: $0) }) { exported.insert(stored.row) }
        hints.append(hint(Hint(kind: .renamed, id: entry.id, dn: old, newDN: entry.dn, record: entry.record)))
      }
    }
    if hints.contains(where: isNameless) { holdsNameless = true }
    if !hints.isEmpty { try store.addPending(hints, partition: partition.number) }
  }

  /// Resolves what was noted; each call is like a delta import of its own, for the directory has moved on since the last.
  package func confirm() async throws {
    seen = RowSet()
    placed = RowSet()
    changedNames = [:]
    names = nil
    hasLoadedNames = false
    try await resolvePending()
    try deleteExported()
  }

  /// Deletes what the export itself moved out of the scope: the plan had its own budget.
  private func deleteExported() throws {
    let gone = leaving.filter { exported.contains($0.key) }.values
      .sorted { $0.name.key.utf8.count > $1.name.key.utf8.count }
    exported = []
    guard !gone.isEmpty else { return }
    try transaction {
      for object in gone {
        leaving[object.name.row] = nil
        try delete(object.name, reason: object.reason)
      }
      try store.clearPending(gone.flatMap(\.pending))
    }
  }

  /// Looks at what earlier runs left.
  package func beginConfirming() throws {
    try noteLeftovers()
    inherited = try unresolvedCount()
  }

  /// Deletes what left for other reasons, as far as the budget allows, and closes the report's books.
  package func finishConfirming() async throws {
    // Once more, and now in peace, for what could not be read beside the writes.
    tried = []
    try await resolveAndDelete()
    report.counts.pending = try unresolvedCount()
    report.isComplete = report.counts.pending <= inherited
    report.watermark = partition.watermark
  }

  /// A new entry without a known ID is looked for by its name alone, but is no record of a log without IDs.
  private func hint(_ hint: Hint) -> PendingHint {
    var hint = hint
    if scope.immutableID == nil { hint.id = nil }
    let isFound = scope.immutableID == nil || hint.id != nil || hint.kind != .changed
    return PendingHint(cause: isFound ? .log : .reference, hint: hint)
  }

  private func take(_ entry: WrittenEntry, withDescendants: Bool) throws -> [PendingHint] {
    guard let root = try known(entry) else { return [] }
    var below: [ObjectName] = []
    try store.descendants(of: root.key, partition: partition.number) { below.append($0) }
    if withDescendants {
      for name in below.reversed() { try delete(name, reason: entry.record) }
      below = []
    }
    try delete(root, reason: entry.record)
    // The server deletes no entry with others below it: these went before, or are elsewhere.
    return below.map { doubt($0, entry) }
  }

  private func doubt(_ entry: WrittenEntry) throws -> [PendingHint] {
    guard let root = try known(entry) else { return [] }
    var names = [root]
    try store.descendants(of: root.key, partition: partition.number) { names.append($0) }
    return names.map { doubt($0, entry) }
  }

  /// A hint that explains an absence by our own delete, and says nothing of an entry that is there.
  private func doubt(_ name: ObjectName, _ entry: WrittenEntry) -> PendingHint {
    exported.insert(name.row)
    let hint = Hint(kind: .deleted, id: scope.immutableID == nil ? nil : name.id, dn: name.dn, record: entry.record)
    return PendingHint(cause: .log, hint: hint, object: name.row)
  }

  private func known(_ entry: WrittenEntry) throws -> ObjectName? {
    if scope.immutableID != nil, let id = entry.id, let stored = try storedObject(id: id) { return ObjectName(stored) }
    guard let key = name(entry.dn)?.key else { return nil }
    let holder = try store.holders(key: key, partition: partition.number).first
    let stored = try holder.flatMap { try store.object(row: $0) }
    // Another entry had the name: its own change tells of it.
    guard let stored, entry.id == nil || scope.immutableID == nil || normalizer.isName(stored.object.id) else {
      return nil
    }
    return ObjectName(stored)
  }
}

extension PartitionImport {
  /// Closes the run with its report, and tells its number.
  package func close(_ outcome: String, seconds: Double) throws -> Int64 {
    report.seconds = seconds
    try store.endRun(
      run, outcome: outcome == "complete" && !report.isComplete ? "incomplete" : outcome, report: report.json)
    return run
  }
}
