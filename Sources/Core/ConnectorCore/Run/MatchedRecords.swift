/// Which stored objects the records of a log are about that names entries by DN alone.
///
/// A wrong match does no harm: what a record names is read as well, and an object that is there stays, whatever a record
/// says. But an object that cannot be seen goes only by a record that is about it.
extension PartitionImport {
  /// Notes with each record the object that it is about, as far as names tell, before the first one is resolved.
  func matchRecords() throws {
    for index in (names?.events ?? []).indices {
      guard let event = names?.events[index], event.object == nil, event.record != nil else { continue }
      let (object, others) = try subjects(of: event, at: index)
      names?.match(index, object: object, bystanders: others)
      if let object { try store.assignPending(event.number, object: object) }
      try lookAt(others, besides: event.kind == .deleted ? object : nil, event)
    }
  }

  /// Other objects that had the name may be meant instead, so that they are read again. A delete is about one of them if
  /// the first turns out to be there.
  private func lookAt(_ others: [Int64], besides first: Int64?, _ event: LoggedNames.Event) throws {
    let first = try first.flatMap { try store.object(row: $0)?.object.id }.flatMap { normalizer.isName($0) ? nil : $0 }
    let looks = try others.compactMap { row -> PendingHint? in
      guard let object = try store.object(row: row)?.object else { return nil }
      if normalizer.isName(object.id), object.key == event.oldKey { return sameName(event, row, object.dn) }
      return PendingHint(
        cause: .log, hint: Hint(kind: .changed, id: first, record: event.record ?? ""), object: row)
    }
    if !looks.isEmpty { try store.addPending(looks, partition: partition.number) }
  }

  /// Where the DN is the ID, a record that takes a DN away is about every object that has it.
  private func sameName(_ event: LoggedNames.Event, _ row: Int64, _ dn: String) -> PendingHint {
    let end = event.newName.flatMap { names?.destination(of: $0, after: event.number).name }
    let kind: Hint.Kind = end == nil ? .deleted : .renamed
    let hint = Hint(kind: kind, dn: dn, newDN: end?.dn, record: event.record ?? "")
    return PendingHint(cause: .branch, hint: hint, object: row)
  }

  /// A record about nobody known may be about an object that only now gets the name, with its branch.
  func matchAgain(_ moves: [BranchMove]) throws {
    guard let names else { return }
    let hints = moves.flatMap { move in
      names.unmatched(on: move.key, after: move.record).map { event in
        let hint = Hint(
          kind: event.kind, id: move.name.id, dn: move.dn, newDN: event.newName?.dn, record: event.record ?? "")
        return PendingHint(cause: .branch, hint: hint, object: move.name.row)
      }
    }
    if !hints.isEmpty { try store.addPending(hints, partition: partition.number) }
  }

  /// The object that a delete is about unless it is there, where a hint says that another may be meant instead.
  func firstMeant(by pending: PendingHint) -> String? {
    let hint = pending.hint
    return pending.cause == .log && hint.dn == nil && pending.object != nil ? hint.id : nil
  }

  /// The object that a record about a name is about, and others that had the name at some time.
  private func subjects(of event: LoggedNames.Event, at index: Int) throws -> (subject: Int64?, others: [Int64]) {
    guard let origin = names?.origin(of: event.oldKey, before: index) else { return (nil, []) }
    let rows = try legitimate(origin).flatMap { try holders(of: $0.key) }
    let subject = try origin.object ?? rows.first ?? child(legitimate(origin)) ?? arrived(event, index)
    let all = try rows + origin.bystanders.sorted() + holders(of: origin.names.last ?? event.oldKey)
    var seen: Set<Int64> = subject.map { [$0] } ?? []
    return (subject, all.filter { seen.insert($0).inserted })
  }

  /// The names at which an object may be found: the oldest first, for the connector space stands before the events, then
  /// newer ones, for it may have seen some of them.
  private func legitimate(_ origin: LoggedNames.Origin) throws -> [(key: String, end: Int)] {
    var names = zip(origin.names, origin.ends).map { (key: $0, end: $1) }
    if let last = origin.vacatedBy, try !isApplied(last) { names.removeLast() }
    return names.reversed()
  }

  /// The object below the one that had the name above: the connector space may have moved that one already, or not yet.
  private func child(_ names: [(key: String, end: Int)]) throws -> Int64? {
    for (key, end) in names {
      guard let parent = normalizer.dns.parentKey(of: key), !parent.isEmpty,
        let row = try subject(of: parent, before: end), let above = try store.object(row: row)?.object.key,
        above != parent, let found = try holders(of: above + key.utf8.dropFirst(parent.utf8.count).text).first
      else { continue }
      return found
    }
    return nil
  }

  private func subject(of key: String, before end: Int) throws -> Int64? {
    guard let origin = names?.origin(of: key, before: end) else { return nil }
    if let object = origin.object { return object }
    let names = try legitimate(origin)
    for name in names { if let row = try holders(of: name.key).first { return row } }
    return try child(names)
  }

  /// An object that was seen under the new name already.
  private func arrived(_ event: LoggedNames.Event, _ index: Int) throws -> Int64? {
    guard let key = event.newKey else { return nil }
    return try holders(of: key).first ?? child([(key, index)])
  }

  private func holders(of key: String) throws -> [Int64] {
    try store.holders(key: key, partition: partition.number) + (names?.seen[key].map { [$0] } ?? [])
  }

  /// Whether the connector space shows already what an event did, so that it knows who came after: another object than
  /// the one that left, or that one where it went.
  private func isApplied(_ event: LoggedNames.Event) throws -> Bool {
    if let holder = try holders(of: event.oldKey).first {
      return holder != event.object && !event.bystanders.contains(holder)
    }
    guard let name = event.newName else { return false }
    let now = names?.destination(of: name, after: event.number).name?.key
    return try Set([name.key, now ?? name.key]).contains { try !holders(of: $0).isEmpty }
  }
}

extension Substring.UTF8View {
  fileprivate var text: String { String(Substring(self)) }
}
