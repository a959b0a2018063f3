import ConnectorCore

extension VendorAdapter {
  /// An adapter for a server that keeps a change log after draft-good-ldap-changelog-04, with what all of them share.
  /// - Parameter dialect: the form of its log; nil where the product is not served.
  static func keepingChangelog(
    _ name: String, title: String, _ rules: [RuleDetector.Rule], refusal: String? = nil, _ dialect: ChangelogDialect?
  ) -> VendorAdapter {
    var adapter = VendorAdapter(name, title: title, detector: RuleDetector(rules, refusal: refusal))
    adapter.changeLogDN = ChangelogDialect.usualLogDN
    adapter.limitsRemedy = dialect?.remedy.limits
    adapter.delta = { settings in dialect.map { ChangelogDelta(settings: settings, dialect: $0) } }
    adapter.contextsWithoutEntries = ["cn=changelog", "cn=config", "cn=monitor", "cn=schema"]
    adapter.secretAttributes = [
      "authPassword", "changes", "deletedEntryAttrs", "krbPrincipalKey", "passwordHistory", "pwdHistory",
      "sambaLMPassword", "sambaNTPassword", "sambaPasswordHistory",
    ]
    adapter.computedAttributes = ["hasSubordinates", "numSubordinates"]
    return adapter
  }
}

/// Facts about families of code that several products descend from.
enum CodeBase {
  /// What servers made of Netscape's code say of themselves, whoever sells them.
  static func netscape(points: Int) -> [RuleDetector.Rule] {
    [
      .rootDSE(has: "netscapemdsuffix", points: points), .rootDSE(has: "dataversion", points: points),
      .schema(extension: "X-ORIGIN", contains: "Netscape", points: points / 2),
    ]
  }

  /// What servers made of OpenDS's code say of themselves, whoever sells them. The `entryUUID` of their root DSE is the
  /// name-based UUID of the empty DN.
  static let openDS: [RuleDetector.Rule] = [
    .rootDSE("objectClass", equals: "ds-root-dse", points: 20),
    .rootDSE("entryUUID", equals: "d41d8cd9-8f00-3204-a980-0998ecf8427e", points: 15),
    .lists(below: openDSArc, points: 15),
    .rootDSE(has: "ds-private-naming-contexts", points: 10),
    .schema(below: openDSArc, points: 10),
  ]

  /// The arc of OpenDS's code, which its descendants still use.
  static let openDSArc = "1.3.6.1.4.1.26027"
  /// The arc of UnboundID and Ping Identity.
  static let unboundIDArc = "1.3.6.1.4.1.30221"
  /// The arc of Oracle's directories.
  static let oracleArc = "2.16.840.1.113894"

  /// What no server of this module says, so that whoever says it has copied something.
  static let neverSaid: [RuleDetector.Rule] = [
    .rootDSE(has: "supportedCapabilities", points: -60),
    .rootDSE(has: "directoryTreeName", points: -60),
    .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: -60),
    .rootDSE("structuralObjectClass", equals: "OpenLDAProotDSE", points: -60),
    .rootDSE("entryUUID", equals: "f290425c-8272-4e62-8a67-92b06f38dbf5", points: -60),
    .rootDSE("vendorVersion", containsAny: ["proxy", "virtual directory", "sync server", "datasync"], points: -100),
  ]

  /// What no server of Netscape's code says.
  static let neverSaidByNetscape =
    neverSaid + [
      .lists(below: openDSArc, points: -60), .lists(below: unboundIDArc, points: -60),
      .lists(below: oracleArc, points: -60), .lists(below: "1.3.18.0.2", atLeast: 3, points: -60),
    ]
}
