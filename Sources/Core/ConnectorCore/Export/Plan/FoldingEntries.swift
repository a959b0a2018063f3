/// Lines that make, rename and delete entries.
extension PlanMaking {
  // MARK: Add

  func add(_ change: DesiredChange, _ node: inout PlanNode?) async throws {
    guard let dn = change.target.dn else { throw LineProblem("an add needs a DN") }
    guard let name = try await nameOfAdd(dn, line: change.line) else { return }
    guard let level = name.levels.last else { return try await addRoot(change, name, &node) }
    try requireScope(key: name.key, dn: dn, name.partition)
    let holder = try await find(name)
    if let holder, holder.isProvisioned {
      node = holder
      return try define(holder, change)
    }
    if let holder, holder.isNew {
      node = holder
      throw LineProblem("\(dn) is added by line \(holder.lines.first ?? 0) already")
    }
    let parent = try await parent(of: name, line: change.line)
    let made = tree.make(below: parent, try names.rdn(level.text))
    node = made
    made.isCalledOtherwise = names.key(dn) != name.key
    try apply(change.edits, to: made, line: change.line)
    insertNamingValues(made, line: change.line)
    if holder != nil, made.shadow != nil, isEqual(made, to: made.shadow) { node = try await merge(made) ?? made }
  }

  func noteAdds(_ changes: [DesiredChange]) {
    for change in changes {
      guard case .add = change.kind, let dn = change.target.dn, let key = names.key(dn) else { continue }
      adds[key] = change.line
    }
  }

  /// Says what an entry is that was made for what lies below it.
  private func define(_ node: PlanNode, _ change: DesiredChange) throws(LineProblem) {
    node.isProvisioned = false
    node.reason = nil
    node.attributes = AttributeModel()
    try apply(change.edits, to: node, line: change.line)
    insertNamingValues(node, line: change.line)
  }

  /// The DN, below the new name of the parent where a rename of a line to come was carried out before; nil where such a
  /// line deletes the parent, and nothing is to do.
  private func nameOfAdd(_ dn: String, line: Int) async throws -> PlanName? {
    let name = try names.name(dn)
    guard !aliases.isEmpty, try await find(name) == nil, let above = try parentName(name), let level = name.levels.last,
      try await find(above) == nil
    else { return name }
    switch try await follow(above) {
    case .unknown: return name
    case .deleted(let later):
      note(.info, line, dn, "not made: line \(later) deletes it with all that is above")
      return nil
    case .node(let parent):
      let made = try names.name(level.text + "," + parent.dn)
      if !made.key.hasBytes(of: name.key) { newNames[name.key] = made.text }
      return made
    }
  }

  /// The partition's own entry, as the first line of a whole feed has it: nothing to do where it is as the line wants it.
  private func addRoot(_ change: DesiredChange, _ name: PlanName, _ node: inout PlanNode?) async throws {
    guard let root = try await find(name) else {
      throw LineProblem("\(name.text) is the partition's own entry, which the server's administrator makes")
    }
    node = root
    let others = change.edits.filter { edit in
      guard case .replace(let values, _) = edit.form else { return true }
      let kind = kinds[edit.attribute]
      var found = root.attributes.list(kind)
      return !values.allSatisfy { found.holds($0) } || kind.key != "objectclass" && values.count != found.count
    }
    guard others.isEmpty else { throw existing(root, others.map(\.attribute.string)) }
  }

  private func insertNamingValues(_ node: PlanNode, line: Int?) {
    for assertion in node.rdn.assertions {
      let name = AttributeDescription(assertion.type)
      let kind = kinds[name]
      if let line { node.touched[kind.key, default: []].insert(line) }
      node.attributes.change(kind, as: name) { list in
        if list.equal(to: assertion.value) == nil { list.insert(assertion.value) }
      }
    }
  }

  // MARK: Parents

  /// The entry above a name, made where it is missing and the provisioning hierarchy says how.
  private func parent(of name: PlanName, line: Int) async throws -> PlanNode {
    guard let above = try parentName(name) else { throw LineProblem("\(name.text) has no parent") }
    if let found = try await find(above, followsRenames: true) {
      guard found.isAlive else { throw LineProblem("the parent \(above.text) is deleted by the plan") }
      return found
    }
    guard let level = above.levels.last else {
      throw LineProblem(
        "the partition's own entry \(above.text) does not exist",
        remedy: "Have the server's administrator make it: an export makes no partition.")
    }
    let deleted = try deletedParent(above)
    guard deleted == nil else {
      throw LineProblem("the parent \(above.text) is deleted by line \(deleted?.deleteRoot?.lines.last ?? 0)")
    }
    return try await provision(above, try names.rdn(level.text), line: line)
  }

  private func parentName(_ name: PlanName) throws(LineProblem) -> PlanName? {
    guard !name.levels.isEmpty else { return nil }
    return try names.name(DN.components(of: name.text).dropFirst().joined(separator: ","))
  }

  private func deletedParent(_ name: PlanName) throws(LineProblem) -> PlanNode? {
    tree.present(key: name.key).flatMap { $0.isDeleted ? $0 : nil }
  }

  private func provision(_ name: PlanName, _ rdn: PlanRDN, line: Int) async throws -> PlanNode {
    let types = rdn.assertions.map { kinds[AttributeDescription($0.type)].type }
    let rule = scope.hierarchy.first { types.contains(kinds[AttributeDescription($0.type)].type) }
    guard rule != nil || adds[name.key, default: 0] > line else {
      throw LineProblem(
        "the parent \(name.text) does not exist, and nothing says what an entry named by \(types.joined(separator: "+")) is",
        remedy: "Add it before, or name its class in export.provisioningHierarchy.")
    }
    try requireScope(key: name.key, dn: name.text, name.partition)
    let above = try await parent(of: name, line: line)
    let made = tree.make(below: above, rdn)
    made.reason = "missing parent of line \(line)"
    made.isProvisioned = true
    made.attributes.change(kinds["objectClass"], as: "objectClass") { list in
      for name in ["top", rule?.objectClass].compactMap(\.self) { list.insert(Array(name.utf8)) }
    }
    insertNamingValues(made, line: nil)
    return made
  }

  // MARK: Rename

  func rename(_ change: DesiredChange, to newName: DesiredChange.NewName, _ node: inout PlanNode?) async throws {
    let found = try await renamed(change, &node)
    guard let parent = found.parent else {
      throw LineProblem("\(found.knownDN) is the partition's own entry, which an export does not rename")
    }
    if change.target.id != nil, try await hasLastName(found) { return try renameDone(found, change, newName) }
    let (rdn, newParent) = try await place(newName, of: found, in: parent, line: change.line)
    if let refusal = scope.facts.moveRefusal, newParent !== parent { throw LineProblem(refusal) }
    try requireNoLoop(found, below: newParent)
    let isSame = newParent === parent && rdn.isSpelled(like: found.rdn)
    if isSame {
      // Records of a feed tell of every entry of a branch that moved.
      if change.target.dn != nil, change.transaction == nil, !isNamed(found, as: change.target.dn) {
        note(.info, change.line, found.knownDN, "the entry has the name already")
      }
    } else {
      try moveNode(found, to: newParent, rdn, newName, line: change.line)
    }
    try apply(change.edits, to: found, line: change.line)
    insertNamingValues(found, line: change.line)
  }

  private func renamed(_ change: DesiredChange, _ node: inout PlanNode?) async throws -> PlanNode {
    guard case .node(var found) = try await target(of: change) else {
      if case .absent(let problem, _) = try await target(of: change) { throw problem }
      throw LineProblem("there is no such entry")
    }
    found = try await takeShadow(found, line: change.line)
    node = found
    try requireScope(found)
    guard found.isAlive else { throw LineProblem("\(found.knownDN) is deleted by the plan") }
    return found
  }

  private func isNamed(_ node: PlanNode, as dn: String?) -> Bool {
    dn.flatMap { names.key($0) }.map { $0.hasBytes(of: node.key) } ?? true
  }

  private func place(
    _ newName: DesiredChange.NewName, of node: PlanNode, in parent: PlanNode, line: Int
  ) async throws -> (PlanRDN, PlanNode) {
    let text: String
    switch newName {
    case .request(let newRDN, _, nil):
      let rdn = try names.rdn(newRDN)
      try requireScope(key: parent.key + "," + rdn.key, dn: newRDN + "," + parent.dn, node.partition)
      try await learnHolder(rdn, below: parent)
      return (rdn, parent)
    case .request(let newRDN, _, let superior?): text = newRDN + "," + superior
    case .dn(let dn): text = dn
    }
    let name = try names.name(text)
    guard let level = name.levels.last else { throw LineProblem("\(text) is the name of a partition") }
    guard name.partition == node.partition else {
      throw LineProblem(
        "\(node.knownDN) cannot move to another partition", remedy: "Delete it here, and add it there.")
    }
    try requireScope(key: name.key, dn: text, name.partition)
    let above = try await self.parent(of: name, line: line)
    let rdn = try names.rdn(level.text)
    try await learnHolder(rdn, below: above)
    return (rdn, above)
  }

  /// Sees to it that whoever has the name is known.
  func learnHolder(_ rdn: PlanRDN, below parent: PlanNode) async throws {
    _ = try await find(try names.name(rdn.text + "," + parent.dn))
  }

  private func requireNoLoop(_ node: PlanNode, below parent: PlanNode) throws(LineProblem) {
    var above: PlanNode? = parent
    while let one = above {
      guard one !== node else { throw LineProblem("\(node.knownDN) cannot move below itself") }
      above = one.parent
    }
  }

  private func moveNode(
    _ node: PlanNode, to parent: PlanNode, _ rdn: PlanRDN, _ newName: DesiredChange.NewName, line: Int
  ) throws(LineProblem) {
    let old = node.rdn
    var keepsOld = false
    if case .request(_, let deletesOld, _) = newName { keepsOld = !deletesOld }
    tree.unplace(node)
    node.parent = parent
    node.rdn = rdn
    tree.place(node)
    for assertion in old.assertions + rdn.assertions {
      node.touched[kinds[AttributeDescription(assertion.type)].key, default: []].insert(line)
    }
    Naming.rename(&node.attributes, from: old, to: rdn, deletesOld: !keepsOld, kinds)
    node.renameLines.append(line)
    guard keepsOld, scope.facts.mustDeleteOldRDN else { return }
    let kept = old.assertions.map { kinds[AttributeDescription($0.type)] }
    if let single = kept.first(where: { $0.isSingleValued && node.attributes.values($0).count > 1 }) {
      throw LineProblem(
        "\(scope.product) takes the old value of \(single.type) away in a rename, and it can have only one",
        remedy: "Send a rename that does not keep the old value.")
    }
  }

  // MARK: Delete

  func delete(_ change: DesiredChange, _ node: inout PlanNode?) async throws {
    guard case .node(var found) = try await target(of: change) else {
      if case .absent(let problem, let isUnknown) = try await target(of: change) {
        if try await dropNew(change) { return }
        let summary = problem.summary + "; taken for deleted already"
        note(isUnknown ? .warning : .info, change.line, change.target.dn, summary)
      }
      return
    }
    if found.isNew { found = try await takeShadow(found, line: change.line) }
    node = found
    try requireScope(found)
    guard found.parent != nil else {
      throw LineProblem("\(found.knownDN) is the partition's own entry, which an export does not delete")
    }
    guard found.isAlive else { return }
    try await list(found)
    let below = tree.below(found)
    for one in [found] + below {
      if let present = one.present { try requireScope(key: present.key, dn: present.dn, one.partition) }
    }
    tree.unplace(found)
    for one in [found] + below {
      one.isDeleted = !one.isNew
      one.isDropped = one.isNew
      one.deleteRoot = found
      one.password = nil
      if one.isNew { one.lines.append(change.line) }
    }
  }

  /// Takes back what lines before make under the name of an entry that is gone, and below: it was made and deleted before.
  ///
  /// False where there is nothing of the kind.
  private func dropNew(_ change: DesiredChange) async throws -> Bool {
    guard let dn = change.target.dn, let name = try? names.name(dn), let node = try await find(name) else {
      return false
    }
    // What the plan deletes and makes anew is another matter: without the new one it would be lost.
    let made = ([node] + tree.below(node)).filter { one in
      one.isNew && one.parent.flatMap { tree.present(at: TreePlace($0, one.rdn.key)) }?.isDeleted != true
    }
    if !made.isEmpty {
      note(.info, change.line, dn, "the entry is gone already; what lines before make in its place is left out")
    }
    if node.isNew { tree.unplace(node) }
    for one in made {
      one.isDropped = true
      one.deleteRoot = node
    }
    return !made.isEmpty
  }

  /// Gets to know everything that lies below an entry now, and below those that lines moved there.
  private func list(_ node: PlanNode) async throws {
    var next = [node]
    while let one = next.popLast() {
      if let present = one.present, !one.isListed {
        for entry in isLeaf(present) ? [] : try await entries.below(present.dn, partition: one.partition) {
          guard let name = try? names.name(entry.dn), !name.key.hasBytes(of: present.key) else { continue }
          guard name.partition == one.partition else {
            throw LineProblem(
              "the partition of \(entry.dn) lies below \(present.dn), and an export deletes no partition")
          }
          let id = scope.partitions[name.partition].immutableID?.value(of: entry)
          let listed = try tree.add(PresentEntry(dn: entry.dn, key: name.key, id: id))
          listed.isListed = true
        }
        one.isListed = true
      }
      next += one.children.values
    }
  }

  /// Whether the server says that nothing lies below; what it does not say must be searched for.
  private func isLeaf(_ present: PresentEntry) -> Bool {
    guard let entry = present.entry else { return false }
    return entry.string("hasSubordinates")?.uppercased() == "FALSE" || entry.string("numSubordinates") == "0"
  }
}

/// What a rename does to the values of the RDN (RFC 4511 §4.9).
enum Naming {
  static func rename(
    _ attributes: inout AttributeModel, from old: PlanRDN, to new: PlanRDN, deletesOld: Bool, _ kinds: AttributeKinds
  ) {
    if deletesOld {
      for assertion in old.assertions {
        let name = AttributeDescription(assertion.type)
        attributes.change(kinds[name], as: name) { _ = $0.remove(assertion.value) }
      }
    }
    for assertion in new.assertions {
      let name = AttributeDescription(assertion.type)
      attributes.change(kinds[name], as: name) { list in
        if list.equal(to: assertion.value) == nil { list.insert(assertion.value) }
      }
    }
  }
}
