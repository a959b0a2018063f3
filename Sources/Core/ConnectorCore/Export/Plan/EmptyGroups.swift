/// Groups whose class demands a member, and that shall have none: they hold a stand-in.
extension PlanMaking {
  /// Takes the stand-in out of the entry as lines see it: a group that holds nothing else has no members.
  func hidePlaceholder(_ kind: AttributeKind, of node: PlanNode) {
    guard kind.isReference, node.attributes.count(kind) == 1, isPlaceholder(node.attributes.values(kind), kind, node)
    else { return }
    node.placeholders.insert(kind.key)
    node.attributes.change(kind, as: AttributeDescription(kind.key)) { $0.replace(with: []) }
  }

  /// Whether these values of an entry are the stand-in alone.
  func isPlaceholder(_ values: [[UInt8]], _ kind: AttributeKind, _ node: PlanNode) -> Bool {
    guard kind.isReference, !kind.isSingleValued, let only = values.first, values.count == 1,
      let key = kind.reference(only), demands(kind, node.attributes)
    else { return false }
    if let member = scope.emptyGroupMember, names.key(member.string) == key { return true }
    return key.hasBytes(of: node.present?.key ?? node.key)
  }

  /// Puts the stand-in in where a member must be.
  func fillEmptyGroups() {
    for node in tree.nodes where node.isAlive && node.failure == nil {
      let isRenamed = node.isMoved
      guard node.isNew || !node.touched.isEmpty || isRenamed else { continue }
      for type in kinds.required(by: node.attributes.values(kinds["objectClass"])).sorted() {
        let name = AttributeDescription(type)
        let kind = kinds[name]
        guard demands(kind, node.attributes) else { continue }
        if isRenamed { hidePlaceholder(kind, of: node) }
        guard node.attributes.isEmpty(kind) else { continue }
        let value = scope.emptyGroupMember?.string ?? node.dn
        let spelled = AttributeDescription(kind.definition?.name ?? type)
        node.attributes.change(kind, as: spelled) { $0.insert(Array(value.utf8)) }
        if isRenamed { node.touched[kind.key, default: []].formUnion(node.renameLines) }
        node.placeholders.insert(kind.key)
      }
    }
  }

  /// Whether an entry of these classes must have a value of an attribute that lists entries.
  private func demands(_ kind: AttributeKind, _ attributes: AttributeModel) -> Bool {
    guard kind.isReference, !kind.isSingleValued, let definition = kind.definition, definition.isUserModifiable,
      !kind.isOperational, !scope.facts.keptByServer.contains(where: { kinds[$0].type == kind.type })
    else { return false }
    return kinds.required(by: attributes.values(kinds["objectClass"])).contains(kind.type)
  }
}
