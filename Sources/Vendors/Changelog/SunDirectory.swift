import ConnectorCore

/// Two product lines of one code base: what came before Directory Server Enterprise Edition 6, and what came after.
///
/// Nothing but the version tells them apart.
enum SunDirectory {
  /// Sun ONE and Sun Java System Directory Server 5.x, with their ancestors of Netscape and iPlanet.
  case sunONE
  /// Directory Server Enterprise Edition: Sun's 6 and 7, Oracle's 11.
  case enterpriseEdition

  private static let ancestors = ["iPlanet", "Netscape"]
  private static let versionWords = [
    "Sun-Directory", "Sun Directory", "Sun-Java", "Sun Java", "Sun-ONE", "Sun ONE", "Oracle-Directory-Server",
    "Oracle Directory Server", "Directory Server Enterprise",
  ]

  /// The line that a version text names; nil where it names neither.
  static func line(of version: String) -> SunDirectory? {
    let text = version.lowercased()
    if ancestors.contains(where: { text.hasPrefix($0.lowercased()) }) { return .sunONE }
    guard !text.contains("proxy"), versionWords.contains(where: { text.contains($0.lowercased()) }) else { return nil }
    if let number = ProductVersion(in: version) { return number < ProductVersion(6) ? .sunONE : .enterpriseEdition }
    return text.contains("sun-one") || text.contains("sun one") ? .sunONE : .enterpriseEdition
  }

  private var makers: [String] {
    switch self {
    case .sunONE: ["Sun Microsystems"] + Self.ancestors
    case .enterpriseEdition: ["Sun Microsystems", "Oracle"]
    }
  }

  var rules: [RuleDetector.Rule] {
    let version: [RuleDetector.Rule] = [
      versionRule(points: 45) { $0 == self }, versionRule(points: -60) { $0 != self },
    ]
    return version + [
      .rootDSE("vendorName", containsAny: makers, points: 25),
      .lists(below: "1.3.6.1.4.1.42.2.27.9.6", points: 15),
      .rootDSE(has: "supportedSSLCiphers", points: 10),
      .schema(extension: "X-ORIGIN", contains: "Sun ONE", points: 10),
      .schema(extension: "X-ORIGIN", contains: "Sun Java System", points: 10),
      .schema(extension: "X-ORIGIN", contains: "iPlanet", points: 5),
    ] + CodeBase.netscape(points: 10) + [
      .rootDSE("vendorName", otherThan: makers, points: -60),
      .rootDSE(has: "nsBackendSuffix", points: -30),
      .lists(below: "2.16.840.1.113730.3.8", points: -30),
      .schema(extension: "X-ORIGIN", contains: "389 Directory Server", points: -30),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -15),
    ] + CodeBase.neverSaidByNetscape
  }

  private func versionRule(points: Int, _ holds: @escaping @Sendable (SunDirectory?) -> Bool) -> RuleDetector.Rule {
    RuleDetector.Rule(points: points, marker: "vendorVersion") { evidence in
      evidence.rootDSE.vendorVersion.flatMap { text in
        holds(Self.line(of: text)) ? "root DSE vendorVersion: \(text)" : nil
      }
    }
  }

  /// What both lines share beyond the change log.
  func adapter(_ name: String, title: String) -> VendorAdapter {
    var adapter = VendorAdapter.keepingChangelog(name, title: title, rules, Self.dialect(title))
    adapter.immutableID = ImmutableID("nsUniqueId")
    adapter.export = export
    adapter.contextsWithoutEntries += ["o=NetscapeRoot"]
    adapter.secretAttributes += ["nsslapd-rootpw", "nsds5ReplicaCredentials"]
    adapter.computedAttributes += ["isMemberOf", "nsRole", "subordinateCount"]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    return adapter
  }
}

extension SunDirectory {
  /// The retro changelog plug-in; IDs and what conflicts cost come only by name.
  static func dialect(_ product: String) -> ChangelogDialect {
    var remedy = ChangelogRemedy()
    remedy.enable =
      "Switch the retro change log on, `dsconf set-server-prop retro-cl-enabled:on` (5.2: nsslapd-pluginEnabled of cn=Retro "
      + "Changelog Plugin,cn=plugins,cn=config), and restart the server"
    remedy.rights =
      "Add to cn=changelog: `aci: (targetattr=\"*\")(version 3.0; acl \"connector\"; allow (read,search,compare) "
      + "userdn=\"ldap:///<DN of the connector's account>\";)`"
    remedy.limits = "Set nsSizeLimit and nsLookThroughLimit of the connector's account to -1"
    remedy.targetID = "Let the connector's account read targetUniqueId of the records: an ACI with targetattr=\"*\""
    var dialect = ChangelogDialect(product: product, remedy: remedy)
    dialect.entryID = "nsUniqueId"
    dialect.targetIDs = ["targetUniqueId"]
    dialect.fixups = "changeHasReplFixupOp"
    return dialect
  }
}
