/// Makes items out of hints: one an object, and one a name at which nobody knows what stands.
extension PartitionImport {
  func items(from hints: [PendingHint]) throws -> [ResolveItem] {
    var list = ItemList()
    for hint in hints {
      let stored = try stored(for: hint)
      let id = stored?.object.id ?? hint.hint.id
      if let first = firstMeant(by: hint), first != id, let stored = try storedObject(id: first) {
        list.want(ResolveItem(id: first, stored: stored), under: first)
      }
      if let id { list.add(hint, under: id, ResolveItem(id: id, stored: stored)) }
      guard id == nil || isNameless(hint) || hint.cause == .branch && hint.hint.newDN != nil else { continue }
      // Whatever the hint is thought to be about, what stands at its names is read.
      let names = names(of: hint)
      for name in names { list.addName(hint, name.key, ResolveItem(candidates: [name.dn]), isAlone: id == nil) }
      guard id == nil, names.isEmpty else { continue }
      list.addName(
        hint, (hint.hint.dn ?? "").lowercased(),
        ResolveItem(candidates: [hint.hint.newDN, hint.hint.dn].compactMap(\.self)), isAlone: true)
    }
    for index in list.items.indices where !list.items[index].isName {
      list.items[index].candidates = candidates(for: list.items[index])
      expect(&list.items[index])
    }
    return list.itemsToRead { try? normalizer.dns.key(of: $0) }
  }

  /// Where an entry may be that a hint names: at the log's last word, under the very name in the record, and, for the
  /// log's order is not always that of the changes, where it would be if the record had come a little earlier.
  private func names(of pending: PendingHint) -> [EntryName] {
    let recorded = name(pending.hint.newDN ?? pending.hint.dn)
    guard isNameless(pending), let recorded else {
      return [destination(of: pending)?.name ?? recorded].compactMap(\.self)
    }
    let early = names?.names(for: recorded, shortlyBefore: pending.number) ?? []
    var seen = Set<String>()
    return ([destination(of: pending)?.name, recorded] + early).compactMap(\.self).filter {
      seen.insert($0.key).inserted
    }
  }

  private func stored(for pending: PendingHint) throws -> StoredObject? {
    if let row = pending.object, let stored = try store.object(row: row) { return stored }
    if let id = pending.hint.id { return try storedObject(id: id) }
    guard let key = name(pending.hint.dn)?.key else { return nil }
    return try store.holders(key: key, partition: partition.number).first.flatMap { try store.object(row: $0) }
  }

  /// The newest DN in the log, where the connector space has it, then older ones.
  private func candidates(for item: ResolveItem) -> [String] {
    // Under another DN it would be another object.
    if let stored = item.stored, normalizer.isName(stored.object.id) { return [stored.object.dn] }
    let fromLog = item.hints.reversed().flatMap { [$0.hint.newDN, $0.hint.dn] }.compactMap(\.self)
    let newest = item.hints.last { $0.cause == .log }.flatMap { hint in
      isNameless(hint) ? destination(of: hint)?.name?.dn : hint.hint.newDN ?? hint.hint.dn
    }
    let byID = item.id.flatMap { scope.immutableID?.base(for: $0) }
    var seen = Set<String>()
    return ([byID, newest, item.stored?.object.dn].compactMap(\.self) + fromLog)
      .filter { seen.insert($0.lowercased()).inserted }
  }

  /// The hints of an item that brought a reader to a DN where another entry stands, so that they are that entry's too.
  func hints(of item: ResolveItem, at dn: String) -> [PendingHint] {
    guard names != nil, let key = name(dn)?.key else { return [] }
    return item.hints.filter { isNameless($0) && destination(of: $0)?.name?.key == key }
  }
}

/// Items in the order in which hints asked for them.
private struct ItemList {
  var items: [ResolveItem] = []
  private var places: [String: Int] = [:]
  /// Keys of items that are names, by their place, and whether a hint knows of no object beside the name.
  private var names: [Int: (key: String, isAlone: Bool)] = [:]

  @discardableResult
  mutating func add(_ hint: PendingHint, under name: String, _ new: ResolveItem) -> Int {
    let index = places[name] ?? items.count
    if index == items.count { items.append(new) }
    places[name] = index
    items[index].hints.append(hint)
    return index
  }

  /// Adds an item that no hint asks for.
  mutating func want(_ new: ResolveItem, under name: String) {
    guard places[name] == nil else { return }
    places[name] = items.count
    items.append(new)
  }

  mutating func addName(_ hint: PendingHint, _ key: String, _ new: ResolveItem, isAlone: Bool) {
    let index = add(hint, under: "dn " + key, new)
    names[index] = (key, isAlone || names[index]?.isAlone == true)
  }

  /// All but the names that an object's item reads first.
  func itemsToRead(key: (String) -> String?) -> [ResolveItem] {
    let read = Set(items.indices.filter { names[$0] == nil }.compactMap { items[$0].candidates.first.flatMap(key) })
    return items.indices.filter { index in
      guard let name = names[index], !name.isAlone else { return true }
      return !read.contains(name.key)
    }
    .map { items[$0] }
  }
}
