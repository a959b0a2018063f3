import ConnectorCore

/// How values of attributes compare (RFC 4517 §4.2), by the schema where there is one, else as their names are known.
struct AttributeMatching: Sendable {
  let schema: Schema
  private let dns: DNNormalizer

  init(schema: Schema) {
    self.schema = schema
    dns = DNNormalizer(schema: schema)
  }

  /// The tree key of a DN.
  /// - Throws: `DirectoryError` for text that is no DN.
  func key(_ dn: String, _ operation: String) throws(DirectoryError) -> String {
    do { return try dns.key(of: dn) } catch {
      throw DirectoryError(.invalidDNSyntax, operation: operation, message: error.description)
    }
  }

  /// The rule that compares values of an attribute.
  func rule(for name: AttributeDescription) -> EqualityRule {
    let type = name.key.utf8.contains(0x3B) ? name.type.lowercased() : name.key
    if let known = Self.known[type] { return known }
    guard let definition = schema.attributeType(type) else { return .ignoreCase }
    return definition.equalityRule
      ?? .ignoreCase
  }

  /// The form of a value that is equal, byte for byte, where values are equal; nil where it is no value of the attribute.
  func prepared(_ value: [UInt8], for name: AttributeDescription) -> [UInt8]? {
    switch rule(for: name) {
    case .distinguishedName:
      return (try? dns.key(of: String(decoding: value, as: UTF8.self))).map { Array($0.utf8) }
    case .integer: return Self.integer(value).map { Array($0.text.utf8) }
    case .time where GeneralizedTime(String(decoding: value, as: UTF8.self)) == nil: return nil
    case let rule: return rule.prepare(value)
    }
  }

  /// Whether two values of an attribute are equal.
  func areEqual(_ left: [UInt8], _ right: [UInt8], _ name: AttributeDescription) -> Bool {
    if left == right { return true }
    guard let left = prepared(left, for: name) else { return false }
    return left == prepared(right, for: name)
  }

  /// Whether the first value is less than the second or equal; nil where the two have no order.
  func isOrdered(_ left: [UInt8], _ right: [UInt8], _ name: AttributeDescription) -> Bool? {
    switch rule(for: name) {
    case .integer:
      guard let left = Self.integer(left), let right = Self.integer(right) else { return nil }
      return left <= right
    case .time:
      guard let left = GeneralizedTime(String(decoding: left, as: UTF8.self)),
        let right = GeneralizedTime(String(decoding: right, as: UTF8.self))
      else { return nil }
      return left <= right
    case let rule: return !rule.prepare(right).lexicographicallyPrecedes(rule.prepare(left))
    }
  }

  /// Whether the server keeps the attribute, so that `*` leaves it out.
  func isOperational(_ name: AttributeDescription) -> Bool {
    let type = name.type.lowercased()
    return Self.operational.contains(type) || schema.attributeType(type)?.isOperational == true
  }

  /// Whether an attribute is meant by a description asked for: the same type, and at least its options (RFC 4511 §4.5.1.8).
  func isMeant(_ name: AttributeDescription, by asked: AttributeDescription) -> Bool {
    if name == asked { return true }
    if schema.attributeTypes.isEmpty, !name.key.utf8.contains(0x3B) { return false }
    guard isSameType(name.type, asked.type) else { return false }
    let options = Set(name.options.map { $0.lowercased() })
    return asked.options.allSatisfy { options.contains($0.lowercased()) }
  }

  private func isSameType(_ left: String, _ right: String) -> Bool {
    if left.lowercased() == right.lowercased() { return true }
    guard let left = schema.attributeType(left) else { return false }
    return schema.attributeType(right)?.oid == left.oid
  }

  /// The object class and its superiors, in lower case, by the schema or by what is known of logs.
  func classes(_ name: String) -> Set<String> {
    let lower = name.lowercased()
    let chain = schema.objectClass(lower).map { schema.superclassChain(of: $0).flatMap { $0.names + [$0.oid] } } ?? []
    return Set([lower] + chain.map { $0.lowercased() } + (Self.superiors[lower] ?? []))
  }

  /// Records of the log of slapo-accesslog(5), of which a subschema may not tell.
  private static let superiors = Dictionary(
    uniqueKeysWithValues: ["auditadd", "auditdelete", "auditmodify", "auditmodrdn"].map {
      ($0, ["auditwriteobject", "auditobject"])
    })

  private static func integer(_ value: [UInt8]) -> WholeNumber? { WholeNumber(value) }

  /// What servers leave out of their schemas, or define without a rule.
  private static let known: [String: EqualityRule] = {
    var rules: [String: EqualityRule] = [:]
    let names: [(EqualityRule, String)] = [
      (.integer, "changeNumber uSNChanged uSNCreated highestCommittedUSN entryUSN firstChangeNumber lastChangeNumber"),
      (.time, "createTimestamp modifyTimestamp whenCreated whenChanged changeTime reqStart reqEnd"),
      (.octets, "objectGUID GUID changes reqMod reqOld userPassword jpegPhoto userCertificate"),
      (.distinguishedName, "member uniqueMember owner manager seeAlso memberOf secretary roleOccupant"),
      (.distinguishedName, "targetDN reqDN reqNewSuperior newSuperior lastKnownParent distinguishedName entryDN"),
      (.distinguishedName, "creatorsName modifiersName auditContext subschemaSubentry"),
    ]
    for (rule, words) in names {
      for name in words.split(separator: " ") { rules[name.lowercased()] = rule }
    }
    return rules
  }()

  /// Operational attributes that schemas do not mark as such, or that no schema at hand defines.
  private static let operational = Set(
    """
    createTimestamp modifyTimestamp creatorsName modifiersName entryUUID entryDN entryCSN contextCSN minCSN auditContext \
    structuralObjectClass subschemaSubentry hasSubordinates numSubordinates nsUniqueId entryid parentid dsEntryDN GUID \
    ibm-entryUuid targetUniqueId targetEntryUUID replicationCSN replicaIdentifier changeInitiatorsName
    """
    .lowercased().split(separator: " ").map(String.init))
}

/// A whole number of any size, as INTEGER values are compared (RFC 4517 §4.2.19).
struct WholeNumber: Comparable {
  let isNegative: Bool
  let digits: [UInt8]

  /// Reads a number; nil for anything else.
  init?(_ text: [UInt8]) {
    var digits = text[...]
    isNegative = digits.first == 0x2D
    if isNegative { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    self.digits = Array(digits.drop { $0 == 0x30 })
  }

  var text: String {
    (isNegative && !digits.isEmpty ? "-" : "") + (digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self))
  }

  static func < (left: Self, right: Self) -> Bool {
    guard left.isNegative == right.isNegative else { return left.isNegative && left.text != right.text }
    let (low, high) = left.isNegative ? (right, left) : (left, right)
    guard low.digits.count == high.digits.count else { return low.digits.count < high.digits.count }
    return low.digits.lexicographicallyPrecedes(high.digits)
  }

  static func == (left: Self, right: Self) -> Bool { left.text == right.text }
}
