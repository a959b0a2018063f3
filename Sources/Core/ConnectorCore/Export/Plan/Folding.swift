/// Follows the lines one by one.
extension PlanMaking {
  func fold(_ change: DesiredChange) async throws {
    var node: PlanNode?
    currentLine = change.line
    do {
      switch change.kind {
      case .add: try await add(change, &node)
      case .update: try await update(change, &node)
      case .rename(let name): try await rename(change, to: name, &node)
      case .delete: try await delete(change, &node)
      case .enable: try await setAccount(change, isEnabled: true, &node)
      case .disable: try await setAccount(change, isEnabled: false, &node)
      }
      if let node, let password = change.password { try take(password, for: node) }
    } catch let problem as LineProblem {
      let line = node != nil && isPasswordProblem(problem) ? change.password?.line ?? change.line : change.line
      fail(node, line: line, problem, object: change.target.dn)
    }
    if let node, node.lines.last != change.line { node.lines.append(change.line) }
  }

  /// The entry that a line changes; it must be there.
  ///
  /// Nil where it is not, and a line to come deletes it: that was carried out before.
  private func existing(_ change: DesiredChange, _ node: inout PlanNode?) async throws -> PlanNode? {
    switch try await target(of: change) {
    case .absent(let problem, _):
      guard let dn = change.target.dn, let name = try? names.name(dn), case .deleted(let line) = try await follow(name)
      else { throw problem }
      note(.info, change.line, dn, "\(problem.summary), and line \(line) deletes it")
      return nil
    case .node(let found):
      node = found
      try requireScope(found)
      guard !found.isDeleted else {
        throw LineProblem("\(found.knownDN) is deleted by line \(found.deleteRoot?.lines.last ?? 0)")
      }
      return found
    }
  }

  private func update(_ change: DesiredChange, _ node: inout PlanNode?) async throws {
    guard let found = try await existing(change, &node) else { return }
    let before = found.attributes
    try apply(change.edits, to: found, line: change.line)
    try requireNamingValues(found, before)
  }

  // MARK: Attributes

  /// Makes edits in their order.
  func apply(_ edits: [AttributeEdit], to node: PlanNode, line: Int) throws(LineProblem) {
    for edit in edits {
      let kind = kinds[edit.attribute]
      try requireNoSecret(edit)
      guard !node.attributes.shortened.contains(kind.type) else {
        throw LineProblem(
          "the server shows only a part of the values of \(edit.attribute), so that nothing can be compared")
      }
      hideStandIn(kind, of: node)
      node.touched[kind.key, default: []].insert(line)
      switch edit.form {
      case .replace(let values, let expected):
        if let expected, !isExpected(expected, or: values, kind, node) {
          note(
            .warning, line, node.knownDN,
            "the values of \(edit.attribute) are others than the line expects; they are replaced all the same")
        }
        node.attributes.change(kind, as: edit.attribute) { $0.replace(with: values) }
      case .change(let added, let removed):
        node.attributes.change(kind, as: edit.attribute) { list in
          for value in removed { list.remove(value) }
          for value in added { list.insert(value) }
        }
      }
    }
  }

  private func isExpected(_ old: [[UInt8]], or new: [[UInt8]], _ kind: AttributeKind, _ node: PlanNode) -> Bool {
    var there = node.attributes.list(kind)
    var (old, new) = (ValueList(kind, old), ValueList(kind, new))
    return there.isSame(as: &old) || there.isSame(as: &new)
  }

  /// Secrets are written by passwords alone; taking one away is no secret.
  private func requireNoSecret(_ edit: AttributeEdit) throws(LineProblem) {
    let type = kinds[edit.attribute].type
    guard scope.secretAttributes.contains(where: { kinds[$0].type == type }) else { return }
    switch edit.form {
    case .replace(let values, _) where values.isEmpty: return
    default:
      throw LineProblem(
        "\(edit.attribute) holds secrets, and a plan holds none", remedy: "Give a password as the line's password.")
    }
  }

  /// An entry must keep the values of its RDN (RFC 4512 §2.3), as far as it has them: a server was seen to rename
  /// without adding them.
  private func requireNamingValues(_ node: PlanNode, _ before: AttributeModel) throws(LineProblem) {
    for assertion in (node.nameOnTheWay ?? node.rdn).assertions {
      let kind = kinds[AttributeDescription(assertion.type)]
      var (list, old) = (node.attributes.list(kind), before.list(kind))
      guard list.equal(to: assertion.value) == nil, old.equal(to: assertion.value) != nil else { continue }
      throw LineProblem(
        "the value of \(assertion.type) names the entry, and an update cannot take it away",
        remedy: "Send a rename in place of the update.")
    }
  }

  // MARK: Accounts

  private func setAccount(_ change: DesiredChange, isEnabled: Bool, _ node: inout PlanNode?) async throws {
    guard let state = scope.facts.accountState else {
      throw LineProblem("\(scope.product) has nothing by which an account is disabled or enabled")
    }
    guard let found = try await existing(change, &node) else { return }
    try apply(change.edits, to: found, line: change.line)
    let now = found.attributes.values(kinds[state.attribute]).first.map { String(decoding: $0, as: UTF8.self) }
    let value = state.value(isEnabled: isEnabled, from: now)
    let edit = AttributeEdit(state.attribute, .replace(value.map { [Array($0.utf8)] } ?? [], expected: nil))
    try apply([edit], to: found, line: change.line)
  }

  // MARK: Passwords

  private func take(_ password: DesiredPassword, for node: PlanNode) throws(LineProblem) {
    guard !node.isDeleted, !node.isDropped else { return }
    guard scope.isProtected || scope.allowsClearTextPasswords || password.isHashed else {
      throw LineProblem(
        Self.clearText,
        remedy: "Set server.transport to ldaps or startTLS; or, if nobody can listen, export.allowClearTextPasswords.")
    }
    node.password = password
  }

  private static let clearText = "the connection is not protected, and a password would travel in clear"
  private func isPasswordProblem(_ problem: LineProblem) -> Bool { problem.summary == Self.clearText }

  // MARK: Scope

  /// An entry must lie in the selected containers.
  func requireScope(_ node: PlanNode) throws(LineProblem) {
    if let present = node.present { try requireScope(key: present.key, dn: present.dn, node.partition) }
  }

  func requireScope(key: String, dn: String, _ partition: Int) throws(LineProblem) {
    guard !names.isSelected(key: key, partition: partition) else { return }
    throw LineProblem(
      "\(dn) lies outside of the selected containers",
      remedy: "Only what is imported can be exported to: change partitions.include or partitions.exclude.")
  }
}
