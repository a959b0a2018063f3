import ConnectorCore

/// How a slapd is told from everything that resembles one.
enum OpenLDAPDetection {
  /// The objectClass that slapd gives its root DSE is its best sign, and gateways and honeypots copy it; so it must come
  /// with a second one, and what slapd never says counts against it, more than all the rest together.
  static let rules: [RuleDetector.Rule] = signs + contradictions

  private static let signs: [RuleDetector.Rule] = [
    .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: 40),
    .rootDSE("structuralObjectClass", equals: "OpenLDAProotDSE", points: 20),
    .rootDSE("configContext", equals: "cn=config", points: 20),
    .rootDSE("monitorContext", equals: "cn=Monitor", points: 20),
    .rootDSE("subschemaSubentry", equals: "cn=Subschema", points: 5),
    // Language ranges (RFC 3866), which others do not list.
    .lists("1.3.6.1.4.1.4203.1.5.5", points: 20),
    .schema(defines: "olcGlobal", points: 20),
    .schema(defines: "auditContainer", points: 10),
  ]

  private static let contradictions: [RuleDetector.Rule] = [
    .rootDSE("vendorName", contains: "LLDAP", points: -200),
    .rootDSE("vendorName", contains: "Samba", points: -200),
    .rootDSE(has: "supportedCapabilities", points: -200),
    .rootDSE(has: "dsServiceName", points: -200),
    .rootDSE(has: "directoryTreeName", points: -200),
    .rootDSE("objectClass", contains: "ds-root-dse", points: -200),
    .rootDSE("entryUUID", equals: "f290425c-8272-4e62-8a67-92b06f38dbf5", points: -200),
    RuleDetector.Rule(points: -10, marker: "vendorName") { evidence in
      guard let name = evidence.rootDSE.vendorName, !isOurs(name) else { return nil }
      return "root DSE vendorName: \(name); slapd says none unless its `rootDSE` file adds one"
    },
  ]

  /// The version in words: `vendorVersion` where somebody added one, else what the features show.
  static func version(_ evidence: ServerEvidence) -> String? {
    let root = evidence.rootDSE
    if let version = root.vendorVersion { return version }
    // LDAP transactions (RFC 5805) came with 2.5, and so did minCSN in the log's schema.
    if root.supportedExtensions.contains("1.3.6.1.1.21.1") || evidence.schema.defines("minCSN") {
      return "2.5 or later"
    }
    // The control “don't use copy” (RFC 6171) came with 2.4.
    return root.supportedControls.contains("1.3.6.1.1.22") ? "2.4" : nil
  }

  private static func isOurs(_ vendorName: String) -> Bool {
    let name = vendorName.lowercased()
    return name.contains("openldap") || name.contains("symas")
  }
}
