import ConnectorCore

extension DirectoryModel {
  /// Deletes an entry with everything below (draft-armijo-ldap-treedelete).
  static let treeDelete = "1.2.840.113556.1.4.805"
  /// Adds values that are there, and deletes values that are not, without an error (MS-ADTS §3.1.1.3.4.1.8).
  static let permissiveModify = "1.2.840.113556.1.4.1413"

  /// Moves clock and counter on for one more change.
  mutating func nextStamp() -> ChangeStamp {
    let micros = Int64(clock.nanoseconds / 1000) + tick % 1_000_000
    clock = GeneralizedTime(
      secondsSinceEpoch: clock.secondsSinceEpoch &+ tick / 1_000_000 &+ micros / 1_000_000,
      nanoseconds: Int(micros % 1_000_000) * 1000)
    counter &+= 1
    return ChangeStamp(time: clock, number: counter)
  }

  /// Makes a change, or says with the right result code why not; several where a branch is deleted.
  mutating func apply(
    _ request: LDIFRecord, _ stamp: ChangeStamp?, _ flavour: any ChangeLogFlavour
  ) throws(DirectoryError) -> [DirectoryChange] {
    if request.controls.contains(where: { $0.oid == Self.treeDelete }), request.kind == .delete {
      var changes: [DirectoryChange] = []
      let root = try matching.key(request.dn, "delete of \(request.dn)")
      for key in descendants(of: root).sorted(by: >) {
        guard let dn = nodes[key]?.entry.dn else { continue }
        changes += [try applyOne(LDIFRecord(dn: dn, change: .delete), nil, flavour)]
      }
      return changes + [try applyOne(request, stamp, flavour)]
    }
    return [try applyOne(request, stamp, flavour)]
  }

  private mutating func applyOne(
    _ request: LDIFRecord, _ stamp: ChangeStamp?, _ flavour: any ChangeLogFlavour
  ) throws(DirectoryError) -> DirectoryChange {
    let before = entry(request.dn)
    let after = try outcome(request)
    let change = DirectoryChange(
      kind: request.kind, request: request, before: before, after: after, result: .success,
      stamp: stamp ?? nextStamp())
    return commit(change, flavour)
  }

  /// Puts an entry into the tree as it is, with the stamps that it lacks, and no record.
  mutating func load(_ record: LDIFRecord, _ flavour: any ChangeLogFlavour) throws(DirectoryError) {
    guard record.kind == .add, var entry = try outcome(record) else { return }
    let change = DirectoryChange(
      kind: .add, request: record, before: nil, after: entry, result: .success,
      stamp: ChangeStamp(time: clock, number: counter))
    flavour.stamp(&entry, change, in: &self)
    put(entry)
  }

  /// Puts a change that was found possible into the tree, with stamps and records.
  private mutating func commit(_ change: DirectoryChange, _ flavour: any ChangeLogFlavour) -> DirectoryChange {
    var change = change
    if var after = change.after {
      flavour.stamp(&after, change, in: &self)
      change.after = after
      if let before = change.before, change.kind == .rename { moveBranch(before.dn, to: after.dn) }
      put(after)
    } else if let before = change.before {
      remove(before.dn)
    }
    flavour.record(change, in: &self)
    return change
  }

  private mutating func moveBranch(_ old: String, to new: String) {
    guard let oldKey = key(old), let depth = try? DN(old).rdns.count else { return }
    for key in descendants(of: oldKey) {
      guard let dn = nodes[key].flatMap({ try? DN($0.entry.dn) }) else { continue }
      let own = DN.components(of: dn.string).dropLast(depth).joined(separator: ",")
      move(key, to: own + "," + new)
    }
    move(oldKey, to: new)
  }

  /// The entry after the change, nil where it is gone.
  private func outcome(_ request: LDIFRecord) throws(DirectoryError) -> MemoryEntry? {
    switch request.change {
    case nil, .add: return try added(request)
    case .modify(let steps):
      let entry = try existing(request.dn, "modify of \(request.dn)")
      let isPermissive = request.controls.contains { $0.oid == Self.permissiveModify }
      return try modified(entry, steps, isPermissive: isPermissive)
    case .delete:
      let entry = try existing(request.dn, "delete of \(request.dn)")
      if let key = key(entry.dn), !descendants(of: key).isEmpty {
        throw failure(.init(rawValue: 66), "delete of \(request.dn)", "there are entries below it")
      }
      return nil
    case .rename(let rdn, let deletesOld, let superior):
      let entry = try existing(request.dn, "rename of \(request.dn)")
      return try renamed(entry, rdn, deletesOld, superior)
    }
  }

  private func added(_ request: LDIFRecord) throws(DirectoryError) -> MemoryEntry {
    let operation = "add of \(request.dn)"
    let key = try matching.key(request.dn, operation)
    guard nodes[key] == nil else { throw failure(.init(rawValue: 68), operation, "the entry exists") }
    if !partitions.contains(where: { self.key($0) == key }) {
      let parent = (try? DN(request.dn))?.parent
      _ = try existing(parent?.string ?? "", operation)
    }
    var entry = MemoryEntry(record: request)
    addNamingValues(to: &entry)
    guard !entry.attributes["objectClass"].isEmpty else {
      throw failure(.init(rawValue: 65), operation, "no objectClass")
    }
    return entry
  }

  private func renamed(
    _ entry: MemoryEntry, _ rdn: String, _ deletesOld: Bool, _ superior: String?
  ) throws(DirectoryError) -> MemoryEntry {
    let operation = "rename of \(entry.dn)"
    guard let old = try? DN(entry.dn), (try? RDN(rdn)) != nil else {
      throw failure(.invalidDNSyntax, operation, "“\(rdn)” is not one RDN")
    }
    let parent = superior ?? old.parent?.string ?? ""
    if let superior { _ = try existing(superior, operation) }
    let newDN = parent.isEmpty ? rdn : "\(rdn),\(parent)"
    let (oldKey, newKey) = (try matching.key(entry.dn, operation), try matching.key(newDN, operation))
    guard !Self.lies(newKey, below: oldKey) else {
      throw failure(.unwillingToPerform, operation, "an entry cannot move below itself")
    }
    guard newKey == oldKey || nodes[newKey] == nil else {
      throw failure(.init(rawValue: 68), operation, "there is an entry \(newDN)")
    }
    var renamed = entry
    if deletesOld {
      for assertion in old.rdns.first?.assertions ?? [] {
        let name = AttributeDescription(assertion.type)
        renamed.attributes[name].removeAll { matching.areEqual($0, assertion.value, name) }
      }
    }
    renamed.dn = newDN
    addNamingValues(to: &renamed)
    return renamed
  }

  /// Sees to it that an entry holds the values of its RDN (RFC 4512 §2.3).
  private func addNamingValues(to entry: inout MemoryEntry) {
    for assertion in (try? DN(entry.dn))?.rdns.first?.assertions ?? [] {
      let name = AttributeDescription(assertion.type)
      guard !entry.attributes[name].contains(where: { matching.areEqual($0, assertion.value, name) }) else { continue }
      entry.attributes[name].append(assertion.value)
    }
  }

  func existing(_ dn: String, _ operation: String) throws(DirectoryError) -> MemoryEntry {
    let key = try matching.key(dn, operation)
    if let node = nodes[key] { return node.entry }
    var error = failure(.noSuchObject, operation, "")
    var parent = (try? DN(dn))?.parent
    while let known = parent, !known.isEmpty {
      if let entry = entry(known.string) {
        error.matchedDN = entry.dn
        break
      }
      parent = known.parent
    }
    throw error
  }

  func failure(_ code: ResultCode, _ operation: String, _ message: String) -> DirectoryError {
    DirectoryError(code, operation: operation, message: message)
  }
}
