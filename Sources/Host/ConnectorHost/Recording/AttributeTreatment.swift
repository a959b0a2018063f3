import ConnectorCore

/// What happens to the values of an attribute when a recording is scrambled.
enum AttributeTreatment: Equatable {
  /// Nothing of it is written: a secret, or a form of its own that may hold one.
  case drop
  /// It is technical, and stays.
  case keep
  /// A DN, scrambled level by level.
  case name
  /// A time that people entered; moved by the same span as all others.
  case time
  /// Octets that are no text.
  case octets
  /// Text: words are replaced, what stands between them stays.
  case text
  /// The text of a log record: LDIF lines (draft-good-ldap-changelog-04, `changes`).
  case changes
  /// The text of a log record: `attribute:+ value` and `attribute: value` (slapo-accesslog(5), `reqMod`, `reqOld`).
  case modification
}

/// Decides the treatment of attributes, by schema first, and by name where the schema is silent.
struct AttributeTreatments {
  private let schema: Schema
  private let secrets: Set<String>

  /// - Parameter adapter: names its product's secrets; nil where none serves.
  init(_ schema: Schema, _ adapter: VendorAdapter?) {
    self.schema = schema
    let named = adapter.map { [$0.passwordAttribute] + $0.secretAttributes } ?? []
    secrets = Self.secretNames.union(named.map { $0.type.lowercased() })
  }

  /// Whether the schema, or common practice, knows an attribute of this name.
  func knows(_ name: String) -> Bool {
    Self.namingTypes.contains(name.lowercased()) || schema.attributeType(name) != nil
  }

  /// The treatment of an attribute, its options aside.
  func treatment(of attribute: AttributeDescription) -> AttributeTreatment {
    let name = attribute.type.lowercased()
    let type = schema.attributeType(name)
    let syntax = type?.syntax ?? ""
    if let treatment = Self.logTexts[name] { return treatment }
    if Self.opaqueNames.contains(name) || isSecret(name, syntax) { return .drop }
    if Self.technicalNames.contains(name) || name.hasSuffix("csn") { return .keep }
    if Self.technicalSyntaxes.contains(syntax) { return .keep }
    let isKeptByServer = type.map { $0.isOperational || !$0.isUserModifiable } ?? false
    if Self.times.contains(syntax) { return isKeptByServer ? .keep : .time }
    if Self.numbers.contains(syntax) { return isKeptByServer ? .keep : .text }
    if type?.isDNValued == true { return .name }
    return type?.isBinary == true ? .octets : .text
  }

  /// Names that speak of a password, where the values can be one: not its age, and not the DN of its policy.
  private func isSecret(_ name: String, _ syntax: String) -> Bool {
    if secrets.contains(name) { return true }
    let harmless = Self.times.union(Self.numbers).union(Self.technicalSyntaxes).union([Self.syntax(12)])
    guard !harmless.contains(syntax), !Self.technicalNames.contains(name) else { return false }
    return Self.secretParts.contains { name.contains($0) }
  }

  private static func syntax(_ number: Int) -> String { "1.3.6.1.4.1.1466.115.121.1.\(number)" }

  /// OIDs and booleans.
  private static let technicalSyntaxes: Set<String> = [syntax(38), syntax(7)]
  private static let times: Set<String> = [syntax(24), syntax(53)]
  /// Integers of RFC 4517, and large ones of Active Directory.
  private static let numbers: Set<String> = [syntax(27), "1.2.840.113556.1.4.906"]

  private static let secretParts = [
    "password", "passwd", "pwdhistory", "secret", "privatekey", "credential", "nthash", "lmhash", "userpkcs12",
    "otpkey",
  ]
  private static let secretNames: Set<String> = [
    "userpassword", "unicodepwd", "dbcspwd", "ntpwdhistory", "lmpwdhistory", "pwdhistory", "authpassword",
    "olcrootpw", "krbprincipalkey", "krbmkey", "krbextradata", "msds-managedpassword", "supplementalcredentials",
    "unhashed#user#password", "pwmresponseset", "sshprivatekey", "cakeyblob", "sasdefaultloginsequence",
  ]
  /// Rules and descriptors that hold names of accounts in forms of their own, and requests as they were sent.
  private static let opaqueNames: Set<String> = [
    "reqcontrols", "reqrespcontrols", "reqdata", "reqassertion",
    "aci", "acl", "inheritedacl", "olcaccess", "orclaci", "orclentrylevelaci", "ntsecuritydescriptor",
    "aclentry", "ibm-filteraclentry", "entryowner", "prescriptiveaci", "entryaci", "subentryaci",
  ]
  private static let logTexts: [String: AttributeTreatment] = [
    "changes": .changes, "deletedentryattrs": .changes, "includedattributes": .changes,
    "changehasreplfixupop": .drop, "ds-changelog-before-values": .changes, "ds-changelog-after-values": .changes,
    "reqmod": .modification, "reqold": .modification,
  ]
  private static let namingTypes: Set<String> = [
    "dc", "cn", "ou", "o", "uid", "c", "l", "st", "street", "sn", "guid", "sid", "wkguid",
  ]
  /// What servers count, order and flag by; most schemas call these operational, some say nothing.
  private static let technicalNames: Set<String> = [
    "objectclass", "structuralobjectclass", "createtimestamp", "modifytimestamp", "whencreated", "whenchanged",
    "usncreated", "usnchanged", "entryusn", "changenumber", "changetime", "changetype", "deleteoldrdn",
    "firstchangenumber", "lastchangenumber", "reqstart", "reqend", "reqtype", "reqsession", "reqresult", "reqmethod",
    "reqversion", "reqscope", "reqderefaliases", "reqattrsonly", "reqentries", "reqsizelimit", "reqtimelimit",
    "reqdeleteoldrdn", "reqid", "numsubordinates", "hassubordinates",
    "subordinatecount", "nbsubordinates", "nbchildren", "entryid", "parentid", "instancetype", "systemflags",
    "useraccountcontrol", "grouptype", "samaccounttype", "primarygroupid", "isdeleted", "isrecycled", "countrycode",
    "codepage", "badpwdcount", "logoncount", "accountexpires", "pwdlastset", "badpasswordtime", "lastlogon",
    "lastlogoff", "lastlogontimestamp", "logindisabled", "entryflags", "revision", "objectversion",
    "dscorepropagationdata", "preferredlanguage", "replicaidentifier", "ds-update-time",
    // the subschema entry
    "attributetypes", "objectclasses", "ldapsyntaxes", "matchingrules", "matchingruleuse", "ditcontentrules",
    "ditstructurerules", "nameforms",
  ]
}
