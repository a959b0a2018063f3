public import ConnectorCore

extension VendorAdapter {
  /// Samba as an Active Directory domain controller: anchor `objectGUID`.
  public static var samba: VendorAdapter {
    var adapter = ActiveDirectory.adapter("samba", title: "Samba AD", Samba.rules)
    adapter.export = Samba.export
    adapter.remarks = { evidence in
      let catalog = evidence.port.map(ActiveDirectory.catalogPorts.contains) ?? false
      return (catalog ? ["This is the port of the global catalog, where nothing can be written."] : []) + [
        "Deleted objects are visible to domain administrators alone; other accounts see none, and no error.",
        "A size limit is not kept: one search returns every entry that it matches.",
        "Paged searches of different sizes on one connection end each other.",
      ]
    }
    return adapter
  }
}

/// Samba says what a domain controller says, and its name where it is asked for by name.
enum Samba {
  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", contains: "Samba", points: 40),
      .lists(ActiveDirectory.domainController, points: 15),
      .rootDSE(has: "rootDomainNamingContext", points: 5),
      RuleDetector.Rule(points: 30, marker: "supportedControl") { ActiveDirectory.repeatedControl($0) },
      .rootDSE("vendorName", otherThan: ["Samba"], points: -100),
      .rootDSE(has: "supportedLDAPPolicies", points: -80),
      .lists(ActiveDirectory.lightweight, points: -60),
      ActiveDirectory.instanceConfiguration(points: -60),
    ] + ActiveDirectory.family + ActiveDirectory.strangers
}
