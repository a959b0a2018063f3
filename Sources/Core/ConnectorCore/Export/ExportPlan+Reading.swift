extension ExportPlan {
  /// Reads a plan as its file has it.
  package init(json: [UInt8]) throws(PlanFault) {
    guard let value = try? JSONReader.read(json[...]), let members = try? PlanMembers(value, at: ""),
      let format = try? members.number("format")
    else { throw .noPlan }
    guard format == Self.currentFormat else { throw .format(format) }
    self.init(
      plan: try members.text("plan"), created: try members.text("created"), feed: try members.text("feed"),
      adapter: try members.text("adapter"), server: try members.text("server"), input: try members.text("input"))
    unchanged = try members.number("unchanged")
    partitions = try members.list("partitions", PlannedPartition.init)
    operations = try members.list("operations", PlannedOperation.init)
    findings = try members.list("findings", PlanFinding.init)
  }
}

extension PlannedOperation {
  /// Reads what ``json`` writes. Read by hand, because an export cannot begin before thousands of them are.
  package init(json: [UInt8]) throws(PlanFault) {
    guard let value = try? JSONReader.read(json[...]) else { throw .noPlan }
    try self.init(value, at: "")
  }

  init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(
      number: try members.number("number"), kind: try members.word("kind"), wave: try members.number("wave"),
      partition: try members.number("partition"), dn: try members.text("dn"))
    after = try members.numbers("after")
    lines = try members.numbers("lines")
    id = try members.optionalText("id")
    reason = try members.optionalText("reason")
    attributes = try members.optional("attributes", PlannedAttribute.list)
    if members["modifications"] != nil { modifications = try members.list("modifications", PlannedModification.init) }
    rename = try members.optional("rename", PlannedRename.init)
    descendants = try members.optionalNumber("descendants")
    secret = try members.optional("secret", SecretReference.init)
    isHashedSecret = try members.flag("isHashedSecret")
    state = try members.optional("state", PlannedState.init)
  }
}

extension PlannedAttribute {
  fileprivate static func list(_ value: JSONValue, at place: String) throws(PlanFault) -> [PlannedAttribute] {
    guard case .object(let members) = value else { throw .damaged(at: place) }
    let values = try PlanMembers(value, at: place)
    var attributes: [PlannedAttribute] = []
    attributes.reserveCapacity(members.count)
    for member in members { attributes.append(Self(name: member.name, values: try values.values(member.name))) }
    return attributes
  }
}

extension PlannedModification {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(
      try members.word("operation"), try members.text("attribute"), try members.values("values"),
      before: members["before"] == nil ? nil : try members.values("before"))
  }
}

extension PlannedRename {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    guard let deleteOldRDN = try members.flag("deleteOldRDN") else { throw members.fault("deleteOldRDN") }
    self.init(
      newRDN: try members.text("newRDN"), deleteOldRDN: deleteOldRDN,
      newSuperior: try members.optionalText("newSuperior"), dn: try members.text("dn"))
  }
}

extension PlannedState {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(
      versionAttribute: try members.optionalText("versionAttribute"), version: try members.optionalText("version"),
      fingerprint: try members.text("fingerprint"))
  }
}

extension SecretReference {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(line: try members.number("line"), hash: try members.text("hash"))
  }
}

extension PlannedPartition {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(dn: try members.text("dn"))
    deletes = try members.number("deletes")
    allowance = try members.number("allowance")
    guard let isAllowed = try members.flag("deletesAllowed") else { throw members.fault("deletesAllowed") }
    deletesAllowed = isAllowed
  }
}

extension PlanFinding {
  fileprivate init(_ value: JSONValue, at place: String) throws(PlanFault) {
    let members = try PlanMembers(value, at: place)
    self.init(
      try members.word("severity"), line: try members.optionalNumber("line"),
      object: try members.optionalText("object"),
      try members.text("summary"), remedy: try members.optionalText("remedy"))
  }
}

extension PlannedValue {
  init(_ value: JSONValue, at place: String) throws(PlanFault) {
    switch value {
    case .string(let bytes): self.init(bytes)
    case .object(let members) where members.count == 1 && members[0].name == "base64":
      guard case .string(let text) = members[0].value, let bytes = LDIFBase64.decode(text) else {
        throw .damaged(at: place)
      }
      self.init(bytes)
    default: throw .damaged(at: place)
    }
  }
}
