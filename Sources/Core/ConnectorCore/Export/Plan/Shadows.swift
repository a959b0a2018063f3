/// Entries to be made where there is one of the name already, or was before the plan deletes it.
extension PlanMaking {
  /// The entry that a line means which makes, and then renames or deletes, what is there already.
  func takeShadow(_ node: PlanNode, line: Int) async throws -> PlanNode {
    guard node.isNew, let shadow = node.shadow, isInTheWay(shadow, of: node) else { return node }
    guard isEqual(node, to: shadow) else {
      fail(node, line: node.lines.first, existing(node, shadow))
      return node
    }
    return try await merge(node) ?? node
  }

  /// Finds entries to be made that are there as they shall be: nothing is to do for them.
  func meetShadows() async throws {
    // What is above first: entries below are compared when their parent is known to stay.
    let new = tree.nodes.filter { $0.isNew && $0.isAlive }.map { (node: $0, depth: $0.depth) }
    for (node, _) in new.sorted(by: { ($0.depth, $0.node.number) < ($1.depth, $1.node.number) }) {
      guard node.isAlive, node.failure == nil else { continue }
      guard let parent = node.parent else { continue }
      let place = TreePlace(parent, node.rdn.key)
      let shadow = node.shadow.flatMap { isInTheWay($0, of: node) ? $0 : nil }
      let deleted = tree.present(at: place).flatMap { $0.isDeleted ? $0 : nil }
      guard let holder = shadow ?? deleted, try await isRead(holder) else { continue }
      if isEqual(node, to: holder) {
        node.shadow = holder
        _ = try await merge(node)
      } else if shadow != nil {
        fail(node, line: node.lines.first, existing(node, holder))
      }
    }
  }

  private func existing(_ node: PlanNode, _ holder: PlanNode) -> LineProblem {
    existing(holder, differences(node, holder))
  }

  /// What is wrong with a line that wants other values of these attributes.
  func existing(_ holder: PlanNode, _ differing: [String]) -> LineProblem {
    LineProblem(
      "\(holder.knownDN) exists already with other values: \(differing.joined(separator: ", "))",
      remedy: "It may be somebody else's. If it is the one that is meant, send an update.")
  }

  /// Whether an entry to be made is the same as one that is there.
  func isEqual(_ node: PlanNode, to holder: PlanNode?) -> Bool {
    holder.map { differences(node, $0).isEmpty } ?? false
  }

  /// The attributes in which an entry to be made differs from one that is there.
  private func differences(_ node: PlanNode, _ holder: PlanNode) -> [String] {
    let there = holder.isDeleted ? holder.present?.attributes ?? AttributeModel() : holder.attributes
    var names: [String] = []
    for key in node.attributes.keys {
      guard var wanted = node.attributes.list(key: key) else { continue }
      var found = visible(there.list(wanted.kind), of: holder)
      let isClass = key == "objectclass"
      let isSame = isClass ? wanted.values.allSatisfy { found.holds($0) } : wanted.isSame(as: &found)
      if !isSame { names.append(node.attributes.spelling(key)?.string ?? key) }
    }
    // What is deleted and made anew has nothing but what the line says.
    guard holder.isDeleted else { return names }
    for key in there.keys where node.attributes.list(key: key)?.isEmpty ?? true {
      guard let list = there.list(key: key), isOurs(list.kind), !visible(list, of: holder).isEmpty else { continue }
      names.append(there.spelling(key)?.string ?? key)
    }
    return names
  }

  private func visible(_ list: ValueList, of node: PlanNode) -> ValueList {
    list.count == 1 && isStandIn(list.values, list.kind, node) ? ValueList(list.kind) : list
  }

  /// Whether a client writes the attribute, not the server on its own, and not as a password.
  private func isOurs(_ kind: AttributeKind) -> Bool {
    guard let definition = kind.definition, definition.isUserModifiable, !definition.isOperational else { return false }
    let others =
      scope.facts.keptByServer + scope.facts.filledInByServer + scope.secretAttributes
      + scope.facts.keptInStep.map(\.companion)
      + scope.partitions.flatMap { $0.linked.map(\.backward) }
    return !others.contains { kinds[$0].type == kind.type }
  }

  /// Gives the lines of an entry to be made to the one that is there; nil where there is none.
  func merge(_ node: PlanNode) async throws -> PlanNode? {
    guard let holder = node.shadow, let parent = node.parent else { return nil }
    if holder.isDeleted {
      let lines = holder.lines
      holder.restore()
      holder.lines = lines
    }
    parent.children[node.rdn.key] = holder
    node.isDropped = true
    let children = node.children.values.sorted { $0.number < $1.number }
    node.children = [:]
    for child in children {
      try await learnHolder(child.rdn, below: holder)
      child.parent = holder
      tree.place(child)
    }
    holder.lines += node.lines
    holder.password = node.password ?? holder.password
    return holder
  }
}
