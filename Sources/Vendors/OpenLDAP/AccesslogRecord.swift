import ConnectorCore

/// One record of the access log: a write that succeeded (slapo-accesslog(5), `auditWriteObject`).
struct AccesslogRecord {
  /// What is asked for; never `reqMod` and `reqOld`, which are long and hold passwords.
  static let attributes = [
    "reqStart", "reqEnd", "reqType", "reqDN", "reqNewRDN", "reqNewSuperior", "reqEntryUUID", "entryCSN", "entryUUID",
  ]
  /// Writes that succeeded; failures are logged too unless the overlay says `logsuccess TRUE`.
  static let written = Filter.and([.equal("objectClass", "auditWriteObject"), .equal("reqResult", "0")])

  private let entry: Entry
  let start: GeneralizedTime?

  init(_ entry: Entry) {
    self.entry = entry
    start = (entry.string(Name.start) ?? Self.leafValue(entry.dn)).flatMap { GeneralizedTime($0) }
  }

  var dn: String { entry.dn }
  var end: GeneralizedTime? { entry.string(Name.end).flatMap { GeneralizedTime($0) } }
  var type: String { entry.string(Name.type)?.lowercased() ?? "" }
  var targetDN: String? { entry.string(Name.target) }
  var newRDN: String? { entry.string("reqNewRDN") }
  var newSuperior: String? { entry.string("reqNewSuperior") }
  /// The ID of the entry written; builds of 2.4 leave it out of some records.
  var targetID: String? { entry.string(Name.targetID)?.lowercased() }
  var csn: ChangeSequenceNumber? { entry.string(Name.csn).flatMap { ChangeSequenceNumber($0) } }
  var entryUUID: String? { entry.string("entryUUID") }

  /// Made once: most records of an overlap are known, and are looked at for their times alone.
  private enum Name {
    static let start: AttributeDescription = "reqStart"
    static let end: AttributeDescription = "reqEnd"
    static let type: AttributeDescription = "reqType"
    static let target: AttributeDescription = "reqDN"
    static let targetID: AttributeDescription = "reqEntryUUID"
    static let csn: AttributeDescription = "entryCSN"
  }

  /// What `HandedOver` knows the record by.
  var key: Int64? { start?.microseconds }

  /// The longest that an operation is believed to take, seconds: a step of the server's clock must not stretch the
  /// overlap beyond reason.
  static let longestDuration: Int64 = 86_400

  /// Whole seconds that the operation took, rounded up.
  var duration: Int64 {
    guard let start, let end, end > start else { return 0 }
    return min(end.secondsSinceEpoch - start.secondsSinceEpoch + 1, Self.longestDuration)
  }

  /// The DN after a rename, in the log's own spelling; `reqNewDN` is no use, because slapd normalises it.
  var newDN: String? {
    guard type == "modrdn", let newRDN, let targetDN else { return nil }
    guard let parent = newSuperior ?? (try? DN(targetDN))?.parent?.string else { return nil }
    return parent.isEmpty ? newRDN : "\(newRDN),\(parent)"
  }

  /// Whether the record is about an entry of the partition with this tree key; one log may serve several databases.
  ///
  /// A DN that cannot be read counts as inside: a hint too many costs a re-read, one too few costs a change.
  func concerns(_ partition: String, _ dns: DNNormalizer) -> Bool {
    func isInside(_ dn: String) -> Bool {
      guard let key = try? dns.key(of: dn) else { return true }
      return partition.isEmpty || key == partition || key.hasPrefix(partition + ",")
    }
    guard let targetDN, !isInside(targetDN) else { return true }
    return newDN.map(isInside) ?? false
  }

  /// The hint; nil where the record names no entry at all.
  var hint: Hint? {
    guard targetDN != nil || targetID != nil else { return nil }
    let kind: Hint.Kind = type == "delete" ? .deleted : type == "modrdn" ? .renamed : .changed
    return Hint(kind: kind, id: targetID, dn: targetDN, newDN: newDN, record: dn)
  }

  private static func leafValue(_ dn: String) -> String? {
    let usual = "reqStart="
    if dn.hasPrefix(usual), let comma = dn.utf8.firstIndex(of: 0x2C) {
      return String(dn[dn.utf8.index(dn.startIndex, offsetBy: usual.utf8.count)..<comma])
    }
    return (try? DN(dn))?.rdns.first?.assertions.first { $0.type.lowercased() == "reqstart" }?.text
  }
}
