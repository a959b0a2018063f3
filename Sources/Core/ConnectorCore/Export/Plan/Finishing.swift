/// What becomes of everything that was found out: operations, budgets, findings.
extension PlanMaking {
  func finish(_ empty: ExportPlan, lines: [Int]) async throws -> ExportPlan {
    var plan = empty
    countDeletes(&plan)
    try await warnOfReferences()
    if scope.usesTreeDelete, !scope.offers(WellKnownOIDs.treeDelete), tree.nodes.contains(where: \.isDeleted) {
      note(.info, nil, nil, "\(scope.product) does not offer the control for tree deletes: entries go one by one")
    }
    plan.operations = WaveOrder(self, suffix: String(plan.plan.prefix(8))).order()
    tellLines()
    let used = Set(plan.operations.flatMap { $0.lines + ($0.secret.map { [$0.line] } ?? []) })
    plan.unchanged = lines.count { !used.contains($0) && !failedLines.contains($0) }
    plan.findings = findings.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
    return plan
  }

  // MARK: Deletes

  /// How many deleted entries lie below one.
  func goneBelow(_ node: PlanNode) -> Int {
    var count = 0
    var next = node.presentChildren
    while let one = next.popLast() {
      if one.isDeleted { count += 1 }
      next += one.presentChildren
    }
    return count
  }

  private func countDeletes(_ plan: inout ExportPlan) {
    plan.partitions = scope.partitions.map { PlannedPartition(dn: $0.partition.string) }
    for node in tree.nodes where node.isDeleted { plan.partitions[node.partition].deletes += 1 }
    for index in plan.partitions.indices {
      let total = (try? planner.store.count(partition: storePartitions[index])) ?? 0
      let allowance = scope.allowedDeletes ?? scope.partitions[index].budget.allowance(total: total)
      let deletes = plan.partitions[index].deletes
      plan.partitions[index].allowance = allowance
      plan.partitions[index].deletesAllowed = deletes <= allowance
      guard deletes > allowance else { continue }
      note(
        .error, nil, plan.partitions[index].dn,
        "\(deletes) entries would be deleted in \(plan.partitions[index].dn), and \(allowance) may be",
        remedy: "Look at the deletes, and if they are meant, allow them: --allow-deletes \(deletes).")
    }
  }

  // MARK: References

  private static let mostReferences = 2000

  /// Warns of values that name entries which will not be there.
  private func warnOfReferences() async throws {
    var named: [(dn: String, key: String, node: PlanNode, line: Int?)] = []
    for node in tree.nodes where node.isAlive && node.failure == nil {
      for (key, lines) in node.touched {
        guard var list = node.attributes.list(key: key), list.kind.isReference, !node.placeholders.contains(key)
        else { continue }
        var before = node.present?.attributes.list(list.kind) ?? ValueList(list.kind)
        _ = list.equal(to: [])
        for value in list.values where !before.holds(value) {
          guard let target = list.kind.reference(value) else { continue }
          named.append((String(decoding: value, as: UTF8.self), target, node, lines.min()))
        }
      }
    }
    var unknown: [(dn: String, key: String, node: PlanNode, line: Int?)] = []
    for reference in named {
      guard let place = names.partition(ofKey: reference.key) else { continue }
      switch future(place) {
      case .there: break
      case .gone: warn(reference, "which the plan deletes or renames")
      case .unknown: unknown.append(reference)
      }
    }
    guard unknown.count <= Self.mostReferences else {
      return note(.info, nil, nil, "whether the \(unknown.count) entries that values name are there was not looked at")
    }
    let missing = try await entries.missing(unknown.map { ($0.dn, $0.key) })
    for reference in unknown where missing.contains(reference.key) { warn(reference, "which does not exist") }
  }

  private func warn(_ reference: (dn: String, key: String, node: PlanNode, line: Int?), _ what: String) {
    note(.warning, reference.line, reference.node.knownDN, "it refers to \(reference.dn), \(what)")
  }

  private enum Future { case there, gone, unknown }

  private func future(_ place: (index: Int, levels: [String])) -> Future {
    var node = tree.roots[place.index]
    for level in place.levels {
      if let child = node.children[level] {
        node = child
      } else if node.isNew || tree.present(at: TreePlace(node, level)) != nil {
        return .gone
      } else {
        // Below an entry that moves, the DN of now is another one.
        return node.isMoved ? .there : .unknown
      }
    }
    return .there
  }

  // MARK: Adds

  /// Whether the entry cannot be made without its password.
  func needsSecretInAdd(_ node: PlanNode) -> Bool {
    guard node.isNew, node.password != nil else { return false }
    let required = kinds.required(by: node.attributes.values(kinds["objectClass"]))
    return required.contains(kinds[scope.passwordAttribute].type)
  }

  /// Whether values of an attribute can be put in after the entry is made.
  func canWait(_ key: String, at node: PlanNode) -> Bool {
    guard let kind = node.attributes.list(key: key)?.kind else { return false }
    let required = kinds.required(by: node.attributes.values(kinds["objectClass"])).contains(kind.type)
    return !required || !kind.isSingleValued
  }

  /// The attributes of an entry to add, without those values that follow later.
  func attributes(of node: PlanNode, without deferred: [String: [[UInt8]]]) -> [PlannedAttribute] {
    node.attributes.all.compactMap { name, values in
      let kind = kinds[name]
      guard let later = deferred[kind.key] else {
        return PlannedAttribute(name: name.string, values: values.map(PlannedValue.init))
      }
      var rest = values.filter { !later.contains($0) }
      if rest.isEmpty, isRequired(kind, node) { rest = [standIn(for: node)] }
      return rest.isEmpty ? nil : PlannedAttribute(name: name.string, values: rest.map(PlannedValue.init))
    }
  }

  /// The modify that puts in what an add left out.
  func supplement(_ add: PlanTask) -> [PlannedModification] {
    let node = add.node
    return add.deferred.keys.sorted().compactMap { key in
      guard let list = node.attributes.list(key: key), let later = add.deferred[key] else { return nil }
      let name = node.attributes.spelling(key)?.string ?? key
      if later.count == list.count, isRequired(list.kind, node) {
        return PlannedModification(
          .replace, name, later.map(PlannedValue.init), before: [PlannedValue(standIn(for: node))])
      }
      return PlannedModification(.add, name, later.map(PlannedValue.init))
    }
  }

  private func isRequired(_ kind: AttributeKind, _ node: PlanNode) -> Bool {
    kinds.required(by: node.attributes.values(kinds["objectClass"])).contains(kind.type)
  }

  private func standIn(for node: PlanNode) -> [UInt8] { Array((scope.emptyGroupMember?.string ?? node.dn).utf8) }
}
