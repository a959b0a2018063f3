import ConnectorCore

/// One record of the access log: a write that succeeded (slapo-accesslog(5), `auditWriteObject`).
struct AccesslogRecord {
  /// What is asked for; never `reqMod` and `reqOld`, which are long and hold passwords.
  static let attributes = [
    "reqStart", "reqEnd", "reqType", "reqDN", "reqNewRDN", "reqNewSuperior", "reqEntryUUID", "entryCSN", "entryUUID",
  ]
  /// Writes that succeeded; failures are logged too unless the overlay says `logsuccess TRUE`.
  static let written = Filter.and([.equal("objectClass", "auditWriteObject"), .equal("reqResult", "0")])

  let dn: String
  let start: GeneralizedTime?
  let end: GeneralizedTime?
  let type: String
  let targetDN: String?
  let newRDN: String?
  let newSuperior: String?
  /// The ID of the entry written; builds of 2.4 leave it out of some records.
  let targetID: String?
  let csn: ChangeSequenceNumber?
  let entryUUID: String?

  init(_ entry: Entry) {
    // One walk over the entry: an overlap may hold 100,000 records.
    var first: [String: String] = [:]
    for (name, values) in entry.attributes {
      first[name.string.lowercased()] = values.first.map { String(decoding: $0, as: UTF8.self) }
    }
    dn = entry.dn
    start = (first["reqstart"] ?? Self.leafValue(entry.dn)).flatMap { GeneralizedTime($0) }
    end = first["reqend"].flatMap { GeneralizedTime($0) }
    type = first["reqtype"]?.lowercased() ?? ""
    targetDN = first["reqdn"]
    newRDN = first["reqnewrdn"]
    newSuperior = first["reqnewsuperior"]
    targetID = first["reqentryuuid"]?.lowercased()
    csn = first["entrycsn"].flatMap { ChangeSequenceNumber($0) }
    entryUUID = first["entryuuid"]
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

  /// Whether the record is about an entry of this partition; one log may serve several databases.
  ///
  /// A DN that cannot be read counts as inside: a hint too many costs a re-read, one too few costs a change.
  func concerns(_ partition: DN) -> Bool {
    guard let targetDN, let target = try? DN(targetDN) else { return true }
    if target.isEqualOrDescendant(of: partition) { return true }
    guard let newDN, let new = try? DN(newDN) else { return false }
    return new.isEqualOrDescendant(of: partition)
  }

  /// The hint; nil where the record names no entry at all.
  var hint: Hint? {
    guard targetDN != nil || targetID != nil else { return nil }
    let kind: Hint.Kind = type == "delete" ? .deleted : type == "modrdn" ? .renamed : .changed
    return Hint(kind: kind, id: targetID, dn: targetDN, newDN: newDN, record: dn)
  }

  private static func leafValue(_ dn: String) -> String? {
    (try? DN(dn))?.rdns.first?.assertions.first { $0.type.lowercased() == "reqstart" }?.text
  }
}
