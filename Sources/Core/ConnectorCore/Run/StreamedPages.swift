/// Pages of a search that streams a whole branch: what is plain is applied at once, the rest becomes a pending hint.
extension PartitionImport {
  /// Pages that one transaction takes: fewer commits cost less, and a reader of the feed waits for one.
  private static let pagesPerTransaction = 8

  /// Applies a page; it is durable after the next commit, together with the hints that it left.
  func apply(_ page: EntryBatch) throws {
    if openTransactionPages == 0 { try store.begin() }
    openTransactionPages += 1
    do {
      for entry in page { try applyStreamed(entry) }
    } catch {
      openTransactionPages = 0
      store.rollback()
      throw error
    }
    if openTransactionPages >= Self.pagesPerTransaction { try commitPages() }
    progress(report.counts)
  }

  /// Makes the pages so far durable.
  func commitPages() throws {
    guard openTransactionPages > 0 else { return }
    openTransactionPages = 0
    try store.commit()
  }

  private func applyStreamed(_ entry: Entry) throws {
    report.counts.read += 1
    if let mark = normalizer.mark(of: entry) {
      nonObjects[mark, default: 0] += 1
      return
    }
    guard let identity = normalizer.identity(of: entry) else { return reportUnreadable(entry) }
    if scope.immutableID != nil, normalizer.isName(identity.id) { entriesWithoutID += 1 }
    guard let version = try store.version(id: identity.id, partition: partition.number) else {
      return try addStreamed(entry, identity)
    }
    sawKnownObject = true
    if version.hash == identity.hash {
      guard isInContainers(entry) else { return }
      seen.insert(version.row)
      placed.insert(version.row)
      report.counts.unchanged += 1
      if !heldRows.isEmpty { try endHold(version.row) }
    } else {
      try updateStreamed(entry, identity, version.row)
    }
  }

  private func addStreamed(_ entry: Entry, _ identity: ObjectNormalizer.Identity) throws {
    guard let object = normalized(entry, identity), inScope(object) else { return }
    let holders = try store.holders(key: object.key, partition: partition.number)
    guard holders.isEmpty else { return try deferConflict(object, holders) }
    let row = try store.add(object, partition: partition.number, reason: reason())
    seen.insert(row)
    placed.insert(row)
    report.counts.added += 1
  }

  private func updateStreamed(_ entry: Entry, _ identity: ObjectNormalizer.Identity, _ row: Int64) throws {
    guard let new = normalized(entry, identity), inScope(new), let old = try store.object(row: row) else { return }
    seen.insert(row)
    guard new.dn == old.object.dn, new.anchor == old.object.anchor else {
      return try deferred(.displaced, new, row)
    }
    placed.insert(row)
    let lost = AttributeLosses.lost(from: old.object.document, to: new.document).filter(scope.asksFor)
    guard lost.isEmpty else {
      losses.note(lost, row: row, classes: old.object.document.strings("objectClass"))
      return try deferred(.attributeLoss, new, row)
    }
    try store.replace(old, with: new, reason: reason())
    try endHold(row)
    report.counts.updated += 1
  }

  private func deferConflict(_ object: ConnectorObject, _ holders: [Int64]) throws {
    try deferred(.displaced, object)
    for row in holders {
      if let holder = try store.object(row: row)?.object { try deferred(.displaced, holder, row) }
    }
  }

  private func deferred(_ cause: PendingHint.Cause, _ object: ConnectorObject, _ row: Int64? = nil) throws {
    let hint = Hint(kind: .changed, id: object.id, dn: object.dn, record: "")
    try store.addPending([PendingHint(cause: cause, hint: hint, object: row)], partition: partition.number)
  }

  /// The object of an entry; nil, with a finding, when it cannot be made.
  func normalized(_ entry: Entry, _ identity: ObjectNormalizer.Identity) -> ConnectorObject? {
    do {
      return try normalizer.object(of: entry, identity)
    } catch {
      find(.error, entry.dn, "The entry was left as it was known: \(error)", remedy: "Mend the entry in the directory.")
      return nil
    }
  }

  func inScope(_ object: ConnectorObject) -> Bool {
    (test.isWholePartition || test.contains(key: object.key))
      && (test.selectsAllClasses || test.selects(classes: object.document.strings("objectClass")))
  }

  /// Whether an unchanged entry still lies in the selected containers, which may be fewer than when it was stored.
  private func isInContainers(_ entry: Entry) -> Bool {
    if test.isWholePartition { return true }
    guard let key = entry.withDN({ try? normalizer.dns.key(utf8: $0) }) else { return false }
    return test.contains(key: key)
  }

  private func reportUnreadable(_ entry: Entry) {
    let missing = scope.immutableID.map { "it has no \($0.attribute)" } ?? "its DN cannot be read"
    find(
      .error, entry.dn, "The entry was left out: \(missing).",
      remedy: "Let the connector's account read the attribute, or mend the entry.")
  }
}
