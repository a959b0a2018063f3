/// Renames that were carried out before: the same input planned again must not move entries through their old names.
extension PlanMaking {
  /// The last name that lines give an object with this ID, and the line.
  struct LastName {
    var dn: String
    var line: Int
  }

  /// Whether an entry has the name already that all lines together give it, and so have the entries above.
  func hasLastName(_ node: PlanNode) async throws -> Bool {
    var next: PlanNode? = node
    var isDone = false
    while let one = next, one.parent != nil {
      guard try await isRead(one), let present = one.present else { return false }
      // What is deleted on the way takes along those who do not leave in time.
      guard !deleted.contains(present.id ?? present.key), !deleted.contains(present.key) else { return false }
      if let last = present.id.flatMap({ lastNames[$0] }) {
        guard isNamed(one, name(last)) else { return false }
        isDone = isDone || one === node
      }
      next = one.presentParent
    }
    return isDone
  }

  private func isNamed(_ node: PlanNode, _ dn: String) -> Bool {
    guard let name = try? names.name(dn), name.key == node.present?.key, let own = name.levels.last,
      let rdn = try? names.rdn(own.text), let presentRDN = node.presentRDN
    else { return false }
    return rdn.isSpelled(like: presentRDN)
  }

  /// What becomes of a name by the renames of later lines of the entries above, in their order.
  private func name(_ last: LastName) -> String {
    var (dn, line) = (last.dn, last.line + 1)
    for _ in 0..<Self.mostRenames {
      // Lines that name this very DN mean another entry that had the name.
      guard let name = try? names.name(dn),
        let (alias, depth) = steps(from: name, line, withMade: false).first(where: { $0.depth > 0 }), let new = alias.dn
      else { break }
      dn = (name.levels.suffix(depth).reversed().map(\.text) + [new]).joined(separator: ",")
      line = alias.line + 1
    }
    return dn
  }

  /// Follows what a rename does to the values of the RDN, and leaves the entry where it is.
  func renameDone(_ node: PlanNode, _ change: DesiredChange, _ newName: DesiredChange.NewName) throws(LineProblem) {
    note(.info, change.line, node.knownDN, "the entry has the name already that the lines give it")
    var keepsOld = false
    if case .request(_, let deletesOld, _) = newName { keepsOld = !deletesOld }
    if let dn = Self.dn(newName, of: node.dn), let own = DN.components(of: dn).first {
      let (old, new) = (node.nameOnTheWay ?? node.rdn, try names.rdn(String(own)))
      Naming.rename(&node.attributes, from: old, to: new, deletesOld: !keepsOld, kinds)
      node.nameOnTheWay = new
      for assertion in old.assertions + new.assertions {
        node.touched[kinds[AttributeDescription(assertion.type)].key, default: []].insert(change.line)
      }
    }
    try apply(change.edits, to: node, line: change.line)
  }
}
