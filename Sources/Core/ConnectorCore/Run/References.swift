/// Hints for the objects around a change: servers change referrers and far sides of links without a word.
extension PartitionImport {
  /// The objects that refer to a DN are read again in this run, and once more in the next, for some servers update them
  /// in the background.
  func hintReferrers(ofKey key: String) throws {
    let referrers = try store.referrers(of: normalizer.reference(toKey: key), partition: partition.number)
    guard !referrers.isEmpty else { return }
    let hints = referrers.flatMap { name in
      let hint = Hint(kind: .changed, id: name.id, dn: name.dn, record: "")
      return [
        PendingHint(cause: .reference, hint: hint, object: name.row),
        PendingHint(cause: .reference, hint: hint, object: name.row, notBefore: run + 1),
      ]
    }
    try store.addPending(hints, partition: partition.number)
  }

  /// The far sides of links that an object gained or lost are read again, where the connector space holds them; all of
  /// them, in both directions, when it was renamed, for each may hold its old DN or its new one.
  func hintLinks(from old: AttributeDocument?, to new: AttributeDocument, isRename: Bool) throws {
    for link in scope.linked where scope.holdsFarSide(of: link) {
      let before = Set(old?.strings(link.forward) ?? [])
      let after = Set(new.strings(link.forward))
      let backward = Set((old?.strings(link.backward) ?? []) + new.strings(link.backward))
      let farSides = isRename ? before.union(after).union(backward) : before.symmetricDifference(after)
      let hints = farSides.map { dn in
        PendingHint(cause: .reference, hint: Hint(kind: .changed, dn: dn, record: ""))
      }
      if !hints.isEmpty { try store.addPending(hints, partition: partition.number) }
    }
  }

  /// What still lies below a DN that a logged rename emptied was read before the rename, or left with it: it is read
  /// again, and a move explains an absence.
  ///
  /// Where the DN is the ID, `name` says where the renamed entry went, and thereby, with the records after the rename,
  /// what the others are called now.
  func hintLeftovers(below key: String, of rename: PendingHint, to name: EntryName?) throws {
    let kind: Hint.Kind = explainsAbsence(rename.hint) ? .renamed : .changed
    var hints: [PendingHint] = []
    try store.descendants(of: key, partition: partition.number) { found in
      var hint = Hint(kind: kind, id: found.id, dn: found.dn, record: rename.hint.record)
      if normalizer.isName(found.id) { follow(rename, from: key, to: name, found, &hint) }
      hints.append(PendingHint(cause: .branch, hint: hint, object: found.row))
    }
    if !hints.isEmpty { try store.addPending(hints, partition: partition.number) }
  }

  private func follow(
    _ rename: PendingHint, from key: String, to name: EntryName?, _ found: ObjectName, _ hint: inout Hint
  ) {
    // What came to the DN since is not what the record is about.
    guard !placed.contains(found.row), rename.number > lastLeftover, let name, name.key != key else {
      hint.kind = .changed
      return
    }
    let moved = EntryName(dn: found.dn, key: found.key).moved(from: key, to: name)
    let end = names?.destination(of: moved, after: rename.number) ?? LoggedNames.Destination(name: moved)
    hint.newDN = end.name?.dn
    if end.name == nil { hint.kind = .deleted }
  }
}

extension ImportScope {
  /// Whether objects hold attributes that the server writes by itself and perhaps without a record: operational ones, or
  /// the far sides of links.
  var holdsServerAttributes: Bool {
    func isOperational(_ name: AttributeDescription) -> Bool {
      schema.attributeType(name.type)?.isOperational ?? false
    }
    return selection.includesOperational || selection.attributes.contains(where: isOperational)
      || linked.contains { holdsFarSide(of: $0) }
  }

  /// Whether objects may hold the side of a link that the server derives: a schema without it has none.
  func holdsFarSide(of link: LinkedAttributes) -> Bool {
    guard schema.attributeTypes.isEmpty || schema.attributeType(link.backward.type) != nil else { return false }
    return asksFor(link.backward.string)
  }
}
