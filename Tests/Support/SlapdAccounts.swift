extension SlapdServer {
  /// The root DN of the data and of the log: no limits, no access rules.
  package var admin: LDAPTools { tools(Self.adminDN, "admin.pw") }
  /// The account made for a connector.
  package var connector: LDAPTools { tools(Self.connectorDN, "user.pw") }
  /// An account with the default size limit and no right on the log.
  package var limited: LDAPTools { tools(Self.limitedDN, "user.pw") }
  /// The root DN of `cn=config`: changes access, limits and overlays of the running server.
  package var configuring: LDAPTools { tools("cn=config", "admin.pw") }
  package var anonymous: LDAPTools { LDAPTools(uri: uri, bindDN: nil, passwordFile: nil) }

  /// A file that holds the password of `cn=connector`, without a newline.
  package var connectorPasswordFile: String { directory.file("user.pw") }
  /// The entry of the data database in `cn=config`.
  package var dataDatabaseDN: String { "olcDatabase={\(options.accessLog ? 2 : 1)}mdb,cn=config" }
  /// The entry of the log database in `cn=config`.
  package var logDatabaseDN: String { "olcDatabase={1}mdb,cn=config" }

  /// Replaces the rules placed first in the data database's access list, live; an empty list restores the start.
  package func setFirstAccessRules(_ rules: [String]) async throws {
    let values = configuration.dataAccess(first: rules).map { "olcAccess: \($0)\n" }.joined()
    try await configuring.modify("dn: \(dataDatabaseDN)\nchangetype: modify\nreplace: olcAccess\n\(values)\n")
  }

  /// The access rule that hides a part from every account but the root DN; who is hidden itself can still bind.
  package static func hiding(_ part: HiddenPart) -> String {
    switch part {
    case .subtree(let dn): "to dn.subtree=\"\(dn)\" by anonymous auth by * none"
    case .attribute(let name): "to attrs=\(name) by * none"
    }
  }

  /// Sets the limits of a database (`olcLimits`), live: for example
  /// `dn.exact="cn=connector,dc=example,dc=com" size=10`; an empty list leaves everybody the default limit.
  package func setLimits(_ limits: [String], of database: String? = nil) async throws {
    let values = limits.map { "olcLimits: \($0)\n" }.joined()
    let dn = database ?? dataDatabaseDN
    try await configuring.modify("dn: \(dn)\nchangetype: modify\nreplace: olcLimits\n\(values)\n")
  }

  private func tools(_ dn: String, _ passwordFile: String) -> LDAPTools {
    LDAPTools(uri: uri, bindDN: dn, passwordFile: directory.file(passwordFile))
  }
}
