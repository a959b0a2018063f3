extension DS389Server {
  /// The Directory Manager: no limits, no access rules.
  package var admin: LDAPTools { tools(Self.adminDN, "admin.pw") }
  /// The account made for a connector: reads everything but passwords, and the log.
  package var connector: LDAPTools { tools(Self.connectorDN, "user.pw") }
  /// An account with the default limits and no right on the log.
  package var limited: LDAPTools { tools(Self.limitedDN, "user.pw") }
  package var anonymous: LDAPTools { LDAPTools(uri: uri, bindDN: nil, passwordFile: nil) }

  /// A file that holds the password of `cn=connector`, without a newline.
  package var connectorPasswordFile: String { directory.file("user.pw") }

  /// Hides parts of the directory from `cn=connector`, live, and shows it all others; none at all show everything.
  ///
  /// The rules stand in the suffix entry, so that the log gets a record of it; the accounts do not see the rules.
  package func hide(_ parts: [HiddenPart]) async throws {
    try await setRules(DS389AccessRules.data(hidden: parts), of: Self.base)
  }

  /// Whether `cn=connector` may read the log, live; without the right the log reads as an empty one.
  package func setConnectorReadsLog(_ isAllowed: Bool) async throws {
    guard options.changelog else { return }
    try await setRules(isAllowed ? [DS389AccessRules.log] : [], of: Self.logBase)
  }

  /// Sets the size and look-through limits of `cn=connector`, live, in the data and in the log; nil is none.
  ///
  /// They count from its next bind. The log gets a record of the account's entry.
  package func setConnectorLimit(_ limit: Int?) async throws {
    let names = Self.limitNames.map { "replace: \($0)\n\($0): \(limit ?? -1)\n-\n" }.joined()
    try await admin.modify("dn: \(Self.connectorDN)\nchangetype: modify\n\(names)\n")
  }

  private func setRules(_ rules: [String], of dn: String) async throws {
    let values = rules.map { "aci: \($0)\n" }.joined()
    try await admin.modify("dn: \(dn)\nchangetype: modify\nreplace: aci\n\(values)\n")
  }

  private static let limitNames = ["nsSizeLimit", "nsLookThroughLimit", "nsPagedSizeLimit", "nsPagedLookThroughLimit"]

  /// The attributes that limit an account, as lines.
  static func limits(_ value: String) -> String { limitNames.map { "\($0): \(value)\n" }.joined() }

  private func tools(_ dn: String, _ passwordFile: String) -> LDAPTools {
    LDAPTools(uri: uri, bindDN: dn, passwordFile: directory.file(passwordFile))
  }
}

/// Access control instructions of 389 Directory Server.
enum DS389AccessRules {
  private static let connector = "userdn=\"ldap:///\(DS389Server.connectorDN)\""

  /// The rules of the suffix entry. What is not an operational attribute is read by whoever has bound.
  static func data(hidden parts: [HiddenPart]) -> [String] {
    let readers = "allow (read,search,compare) userdn=\"ldap:///all\""
    return ["(targetattr!=\"userPassword || aci\")(version 3.0; acl \"accounts read\"; \(readers);)"]
      + parts.enumerated().map { "\(target($1))(version 3.0; acl \"hidden \($0)\"; deny (all) \(connector);)" }
  }

  /// The rule of the log's container.
  static let log =
    "(targetattr=\"*\")(version 3.0; acl \"connector reads the log\"; allow (read,search,compare) \(connector);)"

  private static func target(_ part: HiddenPart) -> String {
    // "*" leaves out operational attributes: an entry would still be found by its nsUniqueId.
    let everyAttribute = "(targetattr!=\"aci\")"
    return switch part {
    case .subtree(let dn): "(target=\"ldap:///\(dn)\")\(everyAttribute)"
    case .attribute(let name): "(targetattr=\"\(name)\")"
    }
  }
}
