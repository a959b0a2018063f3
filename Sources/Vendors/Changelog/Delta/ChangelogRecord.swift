import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One record of a change log (draft-good-ldap-changelog-04, `changeLogEntry`); a hint and no more.
///
/// `changes` is not asked for: it holds passwords, is malformed at times, and the entry itself is read again anyway.
struct ChangelogRecord {
  let entry: Entry
  let dialect: ChangelogDialect
  /// The record's number; unique on one server.
  let number: UInt64

  /// Takes an entry below the log's container.
  /// - Throws: `DirectoryError` where the record has no number: without one nobody knows what has been read.
  init(_ entry: Entry, _ dialect: ChangelogDialect) throws {
    guard let number = Self.number(of: entry) else { throw ChangelogProblem.hasNoNumber(entry.dn, dialect) }
    self.entry = entry
    self.dialect = dialect
    self.number = number
  }

  /// What is asked of records.
  static func attributes(_ dialect: ChangelogDialect) -> [String] {
    let wanted: [AttributeDescription] =
      ["changeNumber", "targetDN", "changeType", "newRDN", "newSuperior"] + RecordProof.attributes + dialect.targetIDs
      + dialect.softDeletes + [dialect.fixups].compactMap(\.self)
    return wanted.map(\.string)
  }

  /// Every entry that may have changed: the one that the record names, and those of conflict operations.
  /// - Throws: `DirectoryError` for a record that names no entry.
  func hints(in partition: String, _ dns: DNNormalizer) throws -> [Hint] {
    let facts = RecordFacts(entry, dialect)
    let named = try facts.hint(record: entry.dn, dialect)
    return (facts.concerns(partition, dns) ? [named] : []) + fixups
  }

  private var fixups: [Hint] {
    guard let attribute = dialect.fixups else { return [] }
    return entry.values(attribute).flatMap { FixupOperation.targets(in: $0) }
      .map { Hint(kind: .changed, dn: $0, record: entry.dn) }
  }

  private static func number(of entry: Entry) -> UInt64? {
    if let text = entry.string("changeNumber") { return UInt64(text) }
    let rdn = (try? DN(entry.dn))?.rdns.first?.assertions.first { $0.type.lowercased() == "changenumber" }
    return rdn?.text.flatMap { UInt64($0) }
  }
}

/// What a record of either kind of log says of the entry that changed.
struct RecordFacts {
  let type: String
  let targetDN: String?
  let targetID: String?
  /// The DN after a rename; nil for other changes, or where the record does not show it.
  let newDN: String?
  private let isSoftDelete: Bool

  init(_ entry: Entry, _ dialect: ChangelogDialect) {
    func text(_ name: AttributeDescription) -> String? {
      entry.string(name).map { String($0.prefix { $0 != "\0" }) }
    }
    type = text("changeType")?.lowercased() ?? ""
    targetDN = text("targetDN")
    targetID = dialect.targetIDs.lazy.compactMap { text($0) }.first { !$0.isEmpty }
    isSoftDelete = dialect.softDeletes.contains { entry.string($0) != nil }
    let parent = text("newSuperior") ?? targetDN.flatMap { try? DN($0) }?.parent?.string
    newDN = text("newRDN").flatMap { rdn in parent.map { $0.isEmpty ? rdn : "\(rdn),\($0)" } }
  }

  /// Whether the record is about an entry of the partition with this tree key, before or after it.
  ///
  /// A DN that cannot be read counts as inside: a hint too many costs a re-read, one too few costs a change.
  func concerns(_ partition: String, _ dns: DNNormalizer) -> Bool {
    func isInside(_ dn: String) -> Bool {
      guard let key = try? dns.key(of: dn) else { return true }
      return partition.isEmpty || key == partition || key.hasPrefix(partition + ",")
    }
    guard let targetDN else { return true }
    return isInside(targetDN) || newDN.map(isInside) ?? false
  }

  /// Renames are called `modrdn`, `moddn` or otherwise; their new RDN tells them from the rest.
  private var kind: Hint.Kind {
    if type == "delete" || isSoftDelete { return .deleted }
    return newDN != nil || ["modrdn", "moddn", "modifydn"].contains(type) ? .renamed : .changed
  }

  /// The hint.
  /// - Throws: `DirectoryError` where there is neither a DN nor an ID; to skip the record would lose a change.
  func hint(record: String, _ dialect: ChangelogDialect) throws -> Hint {
    guard targetDN != nil || targetID != nil else { throw ChangelogProblem.namesNoEntry(record, dialect) }
    return Hint(kind: kind, id: targetID, dn: targetDN, newDN: newDN, record: record)
  }
}

/// An operation that a server made to mend a replication conflict, as `changeHasReplFixupOp` tells it.
enum FixupOperation {
  /// The DNs in its text: lines of LDIF (RFC 2849), which may be base64 as a whole.
  static func targets(in value: [UInt8]) -> [String] {
    let decoded = Data(base64Encoded: Data(value), options: .ignoreUnknownCharacters)
    let texts = [Data(value), decoded].compactMap(\.self).map { String(decoding: $0, as: UTF8.self) }
    return texts.flatMap { $0.split(whereSeparator: \.isNewline) }.compactMap(target)
  }

  private static func target(_ line: Substring) -> String? {
    guard let colon = line.firstIndex(of: ":"), ["dn", "targetdn"].contains(line[..<colon].lowercased()) else {
      return nil
    }
    let rest = line[line.index(after: colon)...]
    guard rest.hasPrefix(":") else { return String(rest.drop { $0 == " " }) }
    let text = rest.dropFirst().drop { $0 == " " }
    return Data(base64Encoded: String(text)).map { String(decoding: $0, as: UTF8.self) }
  }
}
