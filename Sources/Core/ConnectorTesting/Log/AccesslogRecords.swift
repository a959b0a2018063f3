import ConnectorCore

extension AccesslogFlavour {
  /// What a record says (slapo-accesslog(5), `auditWriteObject`).
  func accesslogAttributes(_ change: DirectoryChange, start: String, csn: String) -> AttributeList {
    var record: AttributeList = [
      "objectClass": [Self.recordClass(change.kind)], "reqStart": [start], "reqEnd": [start],
    ]
    record.set("reqType", change.kind == .rename ? "modrdn" : change.kind.rawValue)
    record.set("reqSession", "1001")
    record.set("reqAuthzID", "cn=admin")
    record.set("reqDN", change.dn)
    record.set("reqResult", String(change.result.rawValue))
    let target = change.after ?? change.before
    record["reqEntryUUID"] = target?.attributes["entryUUID"] ?? []
    record["reqMod"] = Self.modifications(change)
    if case .rename(let rdn, let deletesOld, let superior) = change.request.change {
      record.set("reqNewRDN", rdn)
      record.set("reqDeleteOldRDN", deletesOld ? "TRUE" : "FALSE")
      if let superior { record.set("reqNewSuperior", superior) }
    }
    record.set("entryCSN", csn)
    let id = DirectoryModel.octets(of: change.stamp.number, kind: 1)
    record["entryUUID"] = [IdentifierForm.uuid.value(id)]
    return record
  }

  private static func recordClass(_ kind: DirectoryChange.Kind) -> String {
    switch kind {
    case .add: "auditAdd"
    case .modify: "auditModify"
    case .delete: "auditDelete"
    case .rename: "auditModRDN"
    }
  }

  private static func modifications(_ change: DirectoryChange) -> [[UInt8]] {
    switch change.request.change {
    case .modify(let steps): steps.flatMap(lines) + stamps(change.after)
    case .delete: []
    case .rename: stamps(change.after)
    case nil, .add:
      change.after.map { entry in
        entry.attributes.flatMap { name, values in values.map { Array("\(name):+ ".utf8) + $0 } }
      } ?? []
    }
  }

  private static func lines(_ step: LDIFModification) -> [[UInt8]] {
    let sign =
      switch step.operation {
      case .add: "+"
      case .delete: "-"
      case .replace: "="
      case .increment: "#"
      }
    guard !step.values.isEmpty else { return [Array("\(step.attribute):\(sign)".utf8)] }
    return step.values.map { Array("\(step.attribute):\(sign) ".utf8) + $0 }
  }

  private static func stamps(_ entry: MemoryEntry?) -> [[UInt8]] {
    ["entryCSN", "modifyTimestamp"].compactMap { name in
      entry?.attributes.string(AttributeDescription(name)).map { Array("\(name):= \($0)".utf8) }
    }
  }
}
