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
    for link in scope.linked where scope.asksFor(link.backward.string) {
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
  /// Where the DN is the ID, `destination` says where the renamed entry is, and thereby what the others are called now.
  func hintLeftovers(below key: String, of rename: Hint, destination: EntryName?) throws {
    let kind: Hint.Kind = explainsAbsence(rename) ? .renamed : .changed
    var hints: [PendingHint] = []
    try store.descendants(of: key, partition: partition.number) { name in
      var hint = Hint(kind: kind, id: name.id, dn: name.dn, record: rename.record)
      if normalizer.isName(name.id), let destination, destination.key != key {
        hint.newDN = EntryName(dn: name.dn, key: name.key).moved(from: key, to: destination).dn
      }
      hints.append(PendingHint(cause: .branch, hint: hint, object: name.row))
    }
    if !hints.isEmpty { try store.addPending(hints, partition: partition.number) }
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
      || linked.contains { asksFor($0.backward.string) }
  }
}
