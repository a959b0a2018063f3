/// What an existing entry needs to become what it shall be.
struct Difference {
  var modifications: [PlannedModification] = []
  /// Keys of the attributes that differ.
  var keys: [String] = []
  /// Values of the modifications that name entries which did not stand there: tree keys.
  var references: Set<String> = []
  /// Tree keys of entries that were named and no longer are.
  var dropped: Set<String> = []
}

extension PlanMaking {
  /// Whether the values of the RDN that an entry has now go in a rename to the one that it shall have.
  func deletesOldRDN(_ node: PlanNode) -> Bool {
    guard let old = node.presentRDN, !scope.facts.mustDeleteOldRDN else { return true }
    return old.assertions.allSatisfy { assertion in
      let kind = kinds[AttributeDescription(assertion.type)]
      let value = kind.compared(assertion.value)
      let stays = node.rdn.assertions.contains {
        kinds[AttributeDescription($0.type)].key == kind.key && kind.compared($0.value) == value
      }
      if stays { return true }
      var list = node.attributes.list(kind)
      return list.equal(to: assertion.value) == nil
    }
  }

  /// The entry as a rename alone leaves it, beside the entry as it shall be.
  func difference(of node: PlanNode) -> Difference {
    guard let present = node.present, let old = node.presentRDN else { return Difference() }
    var before = present.attributes
    if node.isMoved {
      Naming.rename(&before, from: old, to: node.rdn, deletesOld: deletesOldRDN(node), kinds)
    }
    var result = Difference()
    var last: [PlannedModification] = []
    for key in Self.inOrder(node.touched.keys) {
      guard let kind = (node.attributes.list(key: key) ?? before.list(key: key))?.kind else { continue }
      let steps = steps(kind, before, node, &result)
      guard !steps.isEmpty else { continue }
      result.keys.append(key)
      guard key == "objectclass" else {
        result.modifications += steps
        continue
      }
      // Classes come before what they allow, and go after it.
      result.modifications += steps.filter { $0.operation == .add }
      last += steps.filter { $0.operation != .add }
    }
    result.modifications += last
    return result
  }

  private static func inOrder(_ keys: some Sequence<String>) -> [String] {
    let sorted = keys.sorted()
    return sorted.filter { $0 == "objectclass" } + sorted.filter { $0 != "objectclass" }
  }

  private func steps(
    _ kind: AttributeKind, _ present: AttributeModel, _ node: PlanNode, _ result: inout Difference
  ) -> [PlannedModification] {
    var before = present.list(kind)
    var after = node.attributes.list(kind)
    let removed = before.values.filter { !after.holds($0) }
    let added = after.values.filter { !before.holds($0) }
    guard !removed.isEmpty || !added.isEmpty else { return [] }
    if kind.isReference {
      result.dropped.formUnion(removed.compactMap { kind.reference($0) })
      if !node.placeholders.contains(kind.key) || added.count > 1 {
        result.references.formUnion(added.compactMap { kind.reference($0) })
      }
    }
    let name = (present.spelling(kind.key) ?? node.attributes.spelling(kind.key))?.string ?? kind.key
    let old = before.values.map(PlannedValue.init)
    let isSecret = scope.secretAttributes.contains { kinds[$0].type == kind.type }
    if after.isEmpty { return [PlannedModification(.delete, name, [], before: isSecret ? nil : old)] }
    if before.isEmpty { return [PlannedModification(.add, name, added.map(PlannedValue.init))] }
    let isRenamedStandIn = node.isMoved && isPlaceholder(before.values, kind, node)
    if kind.isSingleValued || !kind.hasEquality || isRenamedStandIn {
      return [PlannedModification(.replace, name, after.values.map(PlannedValue.init), before: old)]
    }
    return (removed.isEmpty ? [] : [PlannedModification(.delete, name, removed.map(PlannedValue.init))])
      + (added.isEmpty ? [] : [PlannedModification(.add, name, added.map(PlannedValue.init))])
  }
}
