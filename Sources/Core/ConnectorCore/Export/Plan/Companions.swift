/// Attributes that must be written together with others.
extension PlanMaking {
  private struct Link {
    var node: PlanNode
    var companion: CompanionAttribute
    var added: [[UInt8]]
    var removed: [[UInt8]]
    var lines: Set<Int>
  }

  /// Gives companions the changes that lines make to the attributes that they go with.
  func keepInStep() async throws {
    let links = scope.facts.keptInStep.isEmpty ? [] : changedLinks()
    let targets = links.filter(\.companion.isAtTarget).flatMap { $0.added + $0.removed }
    try await entries.fetch(
      targets.compactMap { value in
        let dn = String(decoding: value, as: UTF8.self)
        guard let key = names.key(dn), names.partition(ofKey: key) != nil else { return nil }
        return (dn, key)
      })
    for link in links {
      if link.companion.isAtTarget { try await writeAtTargets(link) } else { write(link, at: link.node) }
    }
  }

  /// All of them before the first companion is written, for that is no change of a line.
  private func changedLinks() -> [Link] {
    var links: [Link] = []
    for node in tree.nodes where node.isAlive && node.failure == nil {
      for companion in scope.facts.keptInStep {
        let kind = kinds[companion.of]
        guard let lines = node.touched[kind.key] else { continue }
        var before = node.present?.attributes.list(kind) ?? ValueList(kind)
        var after = node.attributes.list(kind)
        let isShown = !node.placeholders.contains(kind.key)
        let added = isShown ? after.values.filter { !before.holds($0) } : []
        let removed = before.values.filter { !after.holds($0) }
        guard !added.isEmpty || !removed.isEmpty else { continue }
        links.append(Link(node: node, companion: companion, added: added, removed: removed, lines: lines))
      }
    }
    return links
  }

  private func write(_ link: Link, at node: PlanNode) {
    let name = link.companion.companion
    let kind = kinds[name]
    node.attributes.change(kind, as: name) { list in
      for value in link.removed { list.remove(value) }
      for value in link.added { list.insert(value) }
    }
    mark(node, kind, link)
  }

  private func writeAtTargets(_ link: Link) async throws {
    let name = link.companion.companion
    let kind = kinds[name]
    for value in link.added {
      guard let target = try await companionTarget(value, link) else { continue }
      target.attributes.change(kind, as: name) { $0.insert(Array(link.node.dn.utf8)) }
      mark(target, kind, link)
    }
    for value in link.removed {
      guard let target = try await companionTarget(value, link) else { continue }
      target.attributes.change(kind, as: name) { list in
        for dn in [link.node.knownDN, link.node.dn] { list.remove(Array(dn.utf8)) }
      }
      mark(target, kind, link)
    }
  }

  private func mark(_ node: PlanNode, _ kind: AttributeKind, _ link: Link) {
    node.touched[kind.key, default: []].formUnion(link.lines)
    node.changeReason =
      "\(link.companion.companion) must be in step with \(link.companion.of)"
      + (link.companion.isAtTarget ? " of \(link.node.dn)" : "")
  }

  private func companionTarget(_ value: [UInt8], _ link: Link) async throws -> PlanNode? {
    let dn = String(decoding: value, as: UTF8.self)
    do {
      let name = try names.name(dn)
      if let node = try await find(name, followsRenames: true) { return node.isAlive ? node : nil }
      if tree.present(key: name.key)?.isDeleted ?? false { return nil }
      throw LineProblem("there is no entry \(dn)")
    } catch let problem as LineProblem {
      note(
        .warning, link.lines.min(), link.node.knownDN,
        "\(link.companion.companion) of \(dn) cannot be kept in step with \(link.companion.of): \(problem.summary)")
      return nil
    }
  }
}
