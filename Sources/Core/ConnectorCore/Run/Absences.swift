/// From absence to delete: what a complete import did not see is looked up, and goes only when something explains it.
extension PartitionImport {
  private static let lookupsPerBatch = 500

  /// Settles every object that was known before and not seen, `references` being where the server pointed elsewhere.
  func settleAbsences(before: Watermark?, references: [String]) async throws {
    let unseen = try unseen(references: references)
    try holdNarrowed(unseen.narrowed)
    report(behind: unseen.behind, references)
    let absent = unseen.absent
    guard !absent.isEmpty else { return }
    let allowance = try allowance()
    guard absent.count <= allowance else { return try holdAll(absent, allowance) }
    let hasLog = try await readDepartures(of: absent, since: before)
    for start in stride(from: 0, to: absent.count, by: Self.lookupsPerBatch) {
      let part = absent[start..<min(start + Self.lookupsPerBatch, absent.count)]
      try await lookUp(part, hasLog: hasLog)
    }
  }

  /// Asks the budget before anything else is done with what was not seen: other entries may already have their DNs, and
  /// then an object would go to make room.
  func holdExcessiveAbsences(_ references: [String]) throws {
    guard try store.pendingCount(partition: partition.number) > 0 else { return }
    let absent = try unseen(references: references).absent
    let allowance = try allowance()
    if absent.count > allowance { try holdAll(absent, allowance) }
  }

  private struct Unseen {
    /// Shallowest first.
    var absent: [ObjectName] = []
    /// Rows that the configuration no longer selects.
    var narrowed: [Int64] = []
    /// Objects behind a search reference: they are kept.
    var behind = 0
  }

  /// Known objects without a seen-mark.
  private func unseen(references: [String]) throws -> Unseen {
    let elsewhere = references.compactMap { SearchReference($0).flatMap { try? normalizer.dns.key(of: $0.dn) } }
    var unseen = Unseen()
    let isKnown = { [seen, heldRows] row in seen.contains(row) || heldRows.contains(row) }
    try store.objects(partition: partition.number, unless: isKnown) { name in
      if elsewhere.contains(where: { ScopeTest.isAtOrBelow(name.key, $0) }) {
        unseen.behind += 1
      } else if try isNarrowedOut(name) {
        unseen.narrowed.append(name.row)
      } else {
        unseen.absent.append(name)
      }
    }
    unseen.absent.sort { $0.key.utf8.count < $1.key.utf8.count }
    return unseen
  }

  /// Whether the object is missing because the configuration no longer selects it, since this run or an earlier one.
  private func isNarrowedOut(_ name: ObjectName) throws -> Bool {
    guard test.contains(key: name.key) else { return true }
    guard !test.selectsAllClasses else { return false }
    return !test.selects(classes: try store.object(row: name.row)?.object.document.strings("objectClass") ?? [])
  }

  private func holdNarrowed(_ rows: [Int64]) throws {
    guard !rows.isEmpty else { return }
    try transaction {
      try store.hold(rows, cause: .configuration, detail: "no longer selected by the configuration", run: run)
    }
    noteHeld(rows, .configuration)
    find(
      .warning, nil, "\(rows.count) objects are no longer selected by the configuration; their deletes are held.",
      remedy: "Confirm with `held release`, or widen the configuration again.")
  }

  private func report(behind: Int, _ references: [String]) {
    guard !references.isEmpty else { return }
    let list = Set(references).sorted().prefix(5).joined(separator: ", ")
    find(
      .warning, nil,
      "The server refers to other servers for parts of the partition (\(list)); \(behind) known objects there were kept.",
      remedy: "Import those parts from the servers that hold them.")
  }

  private func holdAll(_ absent: [ObjectName], _ allowance: Int) throws {
    deletes = max(deletes, allowance)
    try hold(absent.map { Leaving(name: $0, reason: "not seen") }, allowance)
  }

  private func lookUp(_ names: ArraySlice<ObjectName>, hasLog: Bool) async throws {
    var items: [ResolveItem] = []
    for name in names {
      guard let stored = try store.object(row: name.row) else { continue }
      var item = ResolveItem(id: name.id, candidates: [name.dn], stored: stored)
      if hasLog { item.evidence = try recordedReason(for: name) }
      items.append(item)
    }
    try await read(&items)
    var vanished: [Int64] = []
    for index in items.indices where items[index].isAbsent && items[index].evidence == nil {
      guard let stored = items[index].stored else { continue }
      let name = ObjectName(stored)
      if !hasLog { items[index].evidence = try evidence(of: name) }
      if items[index].evidence == nil { vanished.append(name.row) }
    }
    for item in items { if case .failed(let problem) = item.answer { find(.warning, item.name, "Kept: \(problem).") } }
    try await settle(&items)
    try holdVanished(vanished)
  }

  /// Why an absent object is truly gone, without a log; nil when nothing proves it.
  ///
  /// A branch that is absent as a whole proves nothing: that is what an account sees that lost its rights
  /// on it.
  private func evidence(of name: ObjectName) throws -> String? {
    guard let parent = normalizer.dns.parentKey(of: name.key) else { return nil }
    let container = try store.holders(key: parent, partition: partition.number)
    guard container.contains(where: seen.contains) else { return nil }
    let isBranch = try hasDescendant(of: name.key) { !seen.contains($0.row) }
    let hasVisibleSibling = try hasDescendant(of: parent) { other in
      other.row != name.row && seen.contains(other.row) && normalizer.dns.parentKey(of: other.key) == parent
    }
    return !isBranch && hasVisibleSibling ? "not found, while its container and a sibling are visible" : nil
  }

  private func recordedReason(for name: ObjectName) throws -> String? {
    if let reason = departures.reason(for: name) { return reason }
    guard normalizer.isName(name.id), let now = departures.destination(of: name) else { return nil }
    let isSeen = try store.holders(key: now.key, partition: partition.number).contains(where: seen.contains)
    return isSeen ? "rename recorded in \(now.record)" : nil
  }

  private func hasDescendant(of key: String, where condition: (ObjectName) -> Bool) throws -> Bool {
    struct Found: Error {}
    do {
      try store.descendants(of: key, partition: partition.number) { if condition($0) { throw Found() } }
      return false
    } catch is Found {
      return true
    }
  }

  private func holdVanished(_ rows: [Int64]) throws {
    let rows = try rows.filter { row in try store.object(row: row) != nil && !seen.contains(row) }
    guard !rows.isEmpty else { return }
    try transaction { try store.hold(rows, cause: .vanished, detail: "vanished without a record", run: run) }
    noteHeld(rows, .vanished)
    find(
      .error, nil, "\(rows.count) objects vanished without a record; their deletes are held.",
      remedy: "Check the account's rights there, then `held release` or `held drop`.")
  }
}
