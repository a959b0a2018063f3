/// Makes changes of LDIF records (RFC 2849).
struct ChangeRecordReader {
  /// Controls whose purpose the plan serves in its own way: permissive modify, ManageDsaIT (RFC 3296), tree delete.
  private static let served: Set<String> = [
    WellKnownOIDs.permissiveModify, "2.16.840.1.113730.3.4.2", WellKnownOIDs.treeDelete,
  ]

  private let context: InputContext

  init(_ context: InputContext) { self.context = context }

  /// The change; throws what an export cannot do.
  func change(_ record: LDIFRecord) throws(InputError) -> DesiredChange {
    try checkControls(of: record)
    guard !record.dn.isEmpty, !record.dn.utf8.contains(0) else {
      throw InputError(line: record.line, reason: "the DN is empty or holds a NUL")
    }
    var change = DesiredChange(line: record.line, target: DesiredChange.Target(dn: record.dn), kind: .add)
    switch record.change {
    case nil, .add: change.edits = try additions(of: record)
    case .delete: change.kind = .delete
    case .modify(let steps):
      change.kind = .update
      for step in steps { change.edits.append(try edit(step, line: record.line)) }
    case .rename(let newRDN, let deleteOldRDN, let newSuperior):
      change.kind = .rename(.request(newRDN: newRDN, deleteOldRDN: deleteOldRDN, newSuperior: newSuperior))
    }
    var sieve = SecretSieve(context)
    try sieve.sift(&change)
    return change
  }

  private func checkControls(of record: LDIFRecord) throws(InputError) {
    for control in record.controls where control.isCritical && !Self.served.contains(control.oid) {
      let reason =
        "the control \(InputNames.shown(control.oid)) is critical, and an export does not send it; take it out"
      throw InputError(line: record.line, reason: reason)
    }
  }

  /// The values of each attribute together, in the order in which the attributes come first.
  private func additions(of record: LDIFRecord) throws(InputError) -> [AttributeEdit] {
    var order: [AttributeDescription] = []
    var values: [AttributeDescription: [[UInt8]]] = [:]
    for (attribute, value) in record.attributes {
      try check(attribute, line: record.line)
      if values[attribute] == nil { order.append(attribute) }
      values[attribute, default: []].append(value)
    }
    return order.map { AttributeEdit($0, .replace(values[$0] ?? [], expected: nil)) }
  }

  private func edit(_ step: LDIFModification, line: Int) throws(InputError) -> AttributeEdit {
    try check(step.attribute, line: line)
    switch step.operation {
    case .add where step.values.isEmpty:
      throw InputError(line: line, reason: "“add: \(step.attribute)” has no values")
    case .add: return AttributeEdit(step.attribute, .change(add: step.values, remove: []))
    case .delete where step.values.isEmpty, .replace:
      return AttributeEdit(step.attribute, .replace(step.values, expected: nil))
    case .delete: return AttributeEdit(step.attribute, .change(add: [], remove: step.values))
    case .increment:
      let reason = "say the value that \(step.attribute) shall have: repeating an increment would count twice"
      throw InputError(line: line, reason: reason)
    }
  }

  private func check(_ attribute: AttributeDescription, line: Int) throws(InputError) {
    guard InputNames.isDescription(attribute.string) else {
      throw InputError(line: line, reason: "an attribute name has letters, digits and “-” only, such as givenName")
    }
  }
}
