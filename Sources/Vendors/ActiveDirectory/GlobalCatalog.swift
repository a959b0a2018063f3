public import ConnectorCore

extension VendorAdapter {
  /// The global catalog of an Active Directory forest, which answers on ports of its own: anchor `objectGUID`.
  public static var globalCatalog: VendorAdapter {
    var adapter = ActiveDirectory.adapter("adgc", title: "AD Global Catalog", GlobalCatalog.rules)
    adapter.export = GlobalCatalog.export
    adapter.remarks = { _ in
      [
        "The global catalog is read-only: exports must go to a domain controller of the entry's own domain.",
        "It holds a part of each entry's attributes: one that is missing here may well have a value in the domain.",
        "The members of groups that are not universal are known for this server's own domain alone.",
        "Changes arrive by replication, so they are seen later than in their domain.",
      ]
    }
    return adapter
  }
}

/// A domain controller says the same on all its ports, so the port alone tells the catalog.
enum GlobalCatalog {
  static let rules: [RuleDetector.Rule] =
    ActiveDirectory.domain + [
      .port(ActiveDirectory.catalogPorts, points: 5),
      RuleDetector.Rule(points: -200) { evidence in
        if let port = evidence.port, ActiveDirectory.catalogPorts.contains(port) { return nil }
        return "not reached on port 3268 or 3269"
      },
    ]
}
