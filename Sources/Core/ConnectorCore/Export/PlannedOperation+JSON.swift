extension PlannedOperation {
  /// The operation as one JSON object, as `init(json:)` reads it; written by hand, because a plan has thousands of them, and
  /// each goes into the plan's file and into the journal.
  package var json: [UInt8] {
    var line = JSONLine()
    line.add("after", list: after) { $1 += String($0).utf8 }
    if let attributes { line.add("attributes", json: Self.object(attributes)) }
    if let descendants { line.add("descendants", Int64(descendants)) }
    line.add("dn", dn)
    if let id { line.add("id", id) }
    if let isHashedSecret { line.add("isHashedSecret", json: "\(isHashedSecret)".utf8) }
    line.add("kind", kind.rawValue)
    line.add("lines", list: lines) { $1 += String($0).utf8 }
    if let modifications { line.add("modifications", list: modifications) { $1 += $0.json } }
    line.add("number", Int64(number))
    line.add("partition", Int64(partition))
    if let reason { line.add("reason", reason) }
    if let rename { line.add("rename", json: rename.json) }
    if let secret { line.add("secret", json: secret.json) }
    if let state { line.add("state", json: state.json) }
    line.add("wave", Int64(wave))
    return line.bytes
  }

  private static func object(_ attributes: [PlannedAttribute]) -> [UInt8] {
    var object = JSONLine()
    for attribute in attributes { object.add(attribute.name, list: attribute.values) { $0.append(to: &$1) } }
    return object.bytes
  }
}

extension PlannedModification {
  fileprivate var json: [UInt8] {
    var line = JSONLine()
    line.add("attribute", attribute)
    if let before { line.add("before", list: before) { $0.append(to: &$1) } }
    line.add("operation", operation.rawValue)
    line.add("values", list: values) { $0.append(to: &$1) }
    return line.bytes
  }
}

extension PlannedRename {
  fileprivate var json: [UInt8] {
    var line = JSONLine()
    line.add("deleteOldRDN", json: "\(deleteOldRDN)".utf8)
    line.add("dn", dn)
    line.add("newRDN", newRDN)
    if let newSuperior { line.add("newSuperior", newSuperior) }
    return line.bytes
  }
}

extension SecretReference {
  fileprivate var json: [UInt8] {
    var members = JSONLine()
    members.add("hash", hash)
    members.add("line", Int64(line))
    return members.bytes
  }
}

extension PlannedState {
  fileprivate var json: [UInt8] {
    var line = JSONLine()
    line.add("fingerprint", fingerprint)
    if let version { line.add("version", version) }
    if let versionAttribute { line.add("versionAttribute", versionAttribute) }
    return line.bytes
  }
}

extension PlannedValue {
  fileprivate func append(to json: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { value in
      if text == nil { JSONText.appendBase64(value, to: &json) } else { JSONText.append(value, to: &json) }
    }
  }
}
