import ConnectorCore

extension VendorAdapter {
  /// A made-up directory that says in its root DSE who made it.
  static var acme: VendorAdapter {
    var adapter = VendorAdapter(
      "acme", title: "Acme Directory",
      detector: RuleDetector([.rootDSE("vendorName", contains: "Acme Corp", points: 90)]))
    adapter.immutableID = .entryUUID
    adapter.deltaUnavailable = "Acme Directory keeps no log; run full imports."
    return adapter
  }
}
