public import ConnectorCore

extension VendorAdapter {
  /// lldap, a small directory of users and groups: DN anchor, `entryUUID`, full import.
  public static var lldap: VendorAdapter {
    var adapter = VendorAdapter("lldap", title: "lldap", detector: RuleDetector(LLDAP.rules))
    adapter.immutableID = .entryUUID
    adapter.export = LLDAP.export
    adapter.linkedAttributes = [LinkedAttributes(forward: "member", backward: "memberOf")]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    adapter.deltaUnavailable = "lldap keeps no change log: run full imports."
    adapter.remarks = { _ in
      [
        "There are no paged results: an import is one search.",
        "Users and groups are all that it holds, and little of them can be written by LDAP.",
        "Timestamps have the form of RFC 3339, not that of LDAP.",
      ]
    }
    return adapter
  }
}

/// How an lldap is told: by its name alone, so both places must have it. What it borrows from other products, such as
/// `isGlobalCatalogReady`, says nothing.
enum LLDAP {
  static let export: ExportFacts = {
    var facts = ExportFacts()
    facts.keptByServer = ["memberOf"]
    facts.moveRefusal = "lldap keeps users and groups in two fixed places, so that nothing can be moved"
    return facts
  }()

  static let rules: [RuleDetector.Rule] = [
    .rootDSE("vendorName", equals: "LLDAP", points: 40),
    .rootDSE("vendorVersion", startsWithAny: ["lldap"], points: 40),
    .rootDSE("subschemaSubentry", equals: "cn=Subschema", points: 5),
    .rootDSE("isGlobalCatalogReady", equals: "false", points: 5),
    .rootDSE("vendorName", otherThan: ["LLDAP"], points: -60),
    .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: -60),
    .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
    .rootDSE(has: "supportedCapabilities", points: -60),
    .rootDSE(has: "directoryTreeName", points: -60),
    .rootDSE(has: "netscapemdsuffix", points: -60),
  ]
}
