extension InMemoryStore {
  package func version(id: String, partition: Int64) throws -> StoredVersion? {
    guard let row = state.rows[Identity(partition: partition, id: id)] else { return nil }
    return state.objects[row].map { StoredVersion(row: row, hash: $0.object.hash) }
  }

  package func object(row: Int64) throws -> StoredObject? {
    guard var object = state.objects[row]?.object else { return nil }
    object.references = []
    return StoredObject(row: row, object: object)
  }

  package func holders(key: String, partition: Int64) throws -> [Int64] {
    names(partition) { $0.key.hasBytes(of: key) }.map(\.row).sorted()
  }

  package func rows(anchor: String, partition: Int64) throws -> [Int64] {
    names(partition) { $0.anchor.hasBytes(of: anchor) }.map(\.row).sorted()
  }

  package func descendants(of key: String, partition: Int64, each: (ObjectName) throws -> Void) throws {
    try names(partition) { key.isEmpty ? !$0.key.isEmpty : $0.key.utf8.starts(with: (key + ",").utf8) }.forEach(each)
  }

  package func objects(partition: Int64, each: (ObjectName) throws -> Void) throws {
    try names(partition) { _ in true }.forEach(each)
  }

  package func objects(
    partition: Int64, unless known: (Int64) -> Bool, each: (ObjectName) throws -> Void
  ) throws {
    try names(partition) { _ in true }.filter { !known($0.row) }.forEach(each)
  }

  package func count(partition: Int64) throws -> Int { names(partition) { _ in true }.count }

  package func referrers(of reference: Int64, partition: Int64) throws -> [ObjectName] {
    names(partition) { $0.references.contains(reference) }.sorted { $0.row < $1.row }
  }

  package func count(withAttribute attribute: String, objectClass: String?, partition: Int64) throws -> Int {
    let attribute = AttributeDescription(attribute)
    return names(partition) { $0.document.holds(attribute, objectClass: objectClass) }.count
  }

  /// The objects of a partition that match, in the order of the bytes of their keys.
  private func names(_ partition: Int64, where matches: (ConnectorObject) -> Bool) -> [ObjectName] {
    state.objects
      .filter { $0.value.partition == partition && matches($0.value.object) }
      .map { row, held in
        let object = held.object
        return ObjectName(row: row, id: object.id, dn: object.dn, key: object.key, hash: object.hash)
      }
      .sorted { left, right in
        if left.key.hasBytes(of: right.key) { return left.row < right.row }
        return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
      }
  }

  // MARK: Changes

  package func add(_ object: ConnectorObject, partition: Int64, reason: ChangeReason) throws -> Int64 {
    try requireTransaction()
    let identity = Identity(partition: partition, id: object.id)
    guard state.rows[identity] == nil else { throw InMemoryStoreError.idIsTaken(object.id) }
    state.lastRow += 1
    state.objects[state.lastRow] = Held(partition: partition, object: object)
    state.rows[identity] = state.lastRow
    record(Change(kind: .add, object: object, content: object.document.json), reason)
    return state.lastRow
  }

  package func replace(_ old: StoredObject, with new: ConnectorObject, reason: ChangeReason) throws {
    try requireTransaction()
    let moved = !new.isNamed(like: old.object)
    let content = new.document.difference(from: old.object.document)
    try put(new, at: old.row)
    let before = moved ? old.object : nil
    record(Change(kind: moved ? .rename : .update, object: new, old: before, content: content), reason)
  }

  package func rename(
    row: Int64, id: String, dn: String, key: String, anchor: String, hash: ContentHash, reason: ChangeReason
  ) throws {
    try requireTransaction()
    let old = try held(row).object
    var new = old
    (new.id, new.dn, new.key, new.anchor, new.hash) = (id, dn, key, anchor, hash)
    try put(new, at: row)
    record(Change(kind: .rename, object: new, old: old, content: Array("{}".utf8)), reason)
  }

  package func delete(row: Int64, reason: ChangeReason) throws {
    try requireTransaction()
    let held = try held(row)
    state.objects[row] = nil
    state.rows[Identity(partition: held.partition, id: held.object.id)] = nil
    state.holds[row] = nil
    record(Change(kind: .delete, object: held.object, content: held.object.document.json), reason)
  }

  private func put(_ object: ConnectorObject, at row: Int64) throws {
    let before = try held(row)
    let identity = Identity(partition: before.partition, id: object.id)
    guard state.rows[identity] ?? row == row else { throw InMemoryStoreError.idIsTaken(object.id) }
    state.rows[Identity(partition: before.partition, id: before.object.id)] = nil
    state.rows[identity] = row
    state.objects[row] = Held(partition: before.partition, object: object)
  }

  private func held(_ row: Int64) throws -> Held {
    guard let held = state.objects[row] else { throw InMemoryStoreError.noSuchObject(row) }
    return held
  }
}
