/// One canonical name and the equality rule for every attribute type that may stand in a DN.
struct NamingTypes: Sendable {
  struct NamingType: Sendable {
    let name: String
    let rule: EqualityRule
  }

  /// By lower-case name, alias or OID.
  private var types: [String: NamingType]

  /// The RFC's own names, overlaid by what the schema says.
  init(schema: Schema?) {
    types = Self.rfc
    for attribute in schema?.attributeTypes ?? [] {
      // An OID that the RFCs name keeps that name, so that keys are the same with and without a schema.
      let known = Self.rfc[attribute.oid.lowercased()]
      let name = known?.name ?? (attribute.names.first ?? attribute.oid).lowercased()
      let rule =
        attribute.equality.flatMap { EqualityRule($0) } ?? known?.rule
        ?? attribute.syntax.flatMap { EqualityRule(syntax: $0) } ?? .ignoreCase
      for spelling in attribute.names + [attribute.oid] {
        types[spelling.lowercased()] = NamingType(name: name, rule: rule)
      }
    }
  }

  /// The type of that name; one that nobody knows is compared without case under its own name.
  subscript(_ spelling: String) -> NamingType {
    let lower = spelling.lowercased()
    return types[lower] ?? NamingType(name: lower, rule: .ignoreCase)
  }

  /// The types whose spelling and canonical name are short enough for the short road.
  var fastTypes: [UInt64: DNNormalizer.FastType] {
    var result: [UInt64: DNNormalizer.FastType] = [:]
    for (spelling, type) in types {
      guard let key = DNNormalizer.packed(spelling.utf8) else { continue }
      let name = DNNormalizer.packed(type.name.utf8)
      result[key.name] = DNNormalizer.FastType(
        name: name?.name ?? 0, length: name?.length ?? 0, foldsCase: type.rule == .ignoreCase,
        isSlow: name == nil || (type.rule != .ignoreCase && type.rule != .exactCase))
    }
    return result
  }

  private static let rfc: [String: NamingType] = {
    var result: [String: NamingType] = [:]
    for (oid, names, rule) in definitions {
      let type = NamingType(name: names[0].lowercased(), rule: rule)
      for spelling in names + [oid] { result[spelling.lowercased()] = type }
    }
    return result
  }()

  /// RFC 4519 §2, RFC 4524 §2, RFC 4530 §2 and RFC 2985 §5.2: OID, canonical name, aliases, equality rule.
  private static let definitions: [(oid: String, names: [String], rule: EqualityRule)] = [
    ("2.5.4.3", ["cn", "commonName"], .ignoreCase),
    ("2.5.4.4", ["sn", "surname"], .ignoreCase),
    ("2.5.4.5", ["serialNumber"], .ignoreCase),
    ("2.5.4.6", ["c", "countryName"], .ignoreCase),
    ("2.5.4.7", ["l", "localityName"], .ignoreCase),
    ("2.5.4.8", ["st", "stateOrProvinceName"], .ignoreCase),
    ("2.5.4.9", ["street", "streetAddress"], .ignoreCase),
    ("2.5.4.10", ["o", "organizationName"], .ignoreCase),
    ("2.5.4.11", ["ou", "organizationalUnitName"], .ignoreCase),
    ("2.5.4.12", ["title"], .ignoreCase),
    ("2.5.4.17", ["postalCode"], .ignoreCase),
    ("2.5.4.20", ["telephoneNumber"], .telephoneNumber),
    ("2.5.4.24", ["x121Address"], .numericString),
    ("2.5.4.31", ["member"], .distinguishedName),
    ("2.5.4.32", ["owner"], .distinguishedName),
    ("2.5.4.33", ["roleOccupant"], .distinguishedName),
    ("2.5.4.34", ["seeAlso"], .distinguishedName),
    ("2.5.4.35", ["userPassword"], .octets),
    ("2.5.4.41", ["name"], .ignoreCase),
    ("2.5.4.42", ["givenName", "gn"], .ignoreCase),
    ("2.5.4.43", ["initials"], .ignoreCase),
    ("2.5.4.44", ["generationQualifier"], .ignoreCase),
    ("2.5.4.45", ["x500UniqueIdentifier"], .octets),
    ("2.5.4.46", ["dnQualifier"], .ignoreCase),
    ("0.9.2342.19200300.100.1.1", ["uid", "userid"], .ignoreCase),
    ("0.9.2342.19200300.100.1.3", ["mail", "rfc822Mailbox"], .ignoreCase),
    ("0.9.2342.19200300.100.1.25", ["dc", "domainComponent"], .ignoreCase),
    ("1.2.840.113549.1.9.1", ["email", "emailAddress", "e"], .ignoreCase),
    ("1.3.6.1.1.16.4", ["entryUUID"], .ignoreCase),
  ]
}
