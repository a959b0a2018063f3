public import ConnectorCore

extension VendorAdapter {
  /// Active Directory Lightweight Directory Services: anchor `objectGUID`.
  public static var adLDS: VendorAdapter {
    var adapter = ActiveDirectory.adapter("adlds", title: "AD LDS", ADLDS.rules)
    adapter.export = ADLDS.export
    adapter.remarks = { _ in
      [
        "Deleted objects are visible to administrators of the instance alone, unless the right is delegated.",
        "Passwords (unicodePwd) are written over TLS or a sealed connection alone, unless dSHeuristics says otherwise.",
        "Searches return at most MaxPageSize entries (1000 by default) unless they are paged.",
      ]
    }
    return adapter
  }
}

enum ADLDS {
  static let rules: [RuleDetector.Rule] =
    [
      .lists(ActiveDirectory.lightweight, points: 40),
      .lists("1.2.840.113556.1.4.1880", points: 5),
      ActiveDirectory.instanceConfiguration(points: 25),
      .rootDSE("serverName", contains: "$", points: 10),
      // An instance has no domain, and what belongs to one is not in its root DSE.
      .lists(ActiveDirectory.domainController, points: -60),
      .rootDSE(has: "rootDomainNamingContext", points: -60),
      .rootDSE(has: "ldapServiceName", points: -40),
      .rootDSE(has: "domainFunctionality", points: -40),
      .rootDSE(has: "isGlobalCatalogReady", points: -40),
    ] + ActiveDirectory.family + ActiveDirectory.neverSaid
}
