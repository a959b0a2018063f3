public import ConnectorCore

extension VendorAdapter {
  /// Sun ONE and Sun Java System Directory Server 5.x, and the servers of iPlanet and Netscape: DN anchor, `nsUniqueId`.
  public static var sunONE: VendorAdapter {
    var adapter = SunDirectory.sunONE.adapter(
      "sunone", title: "Sun ONE / Sun Java System Directory Server")
    adapter.remarks = { _ in
      [
        "This product does not page: the import uses virtual list view with sorting, or one search, which the size limit "
          + "of the account must allow.",
        "Virtual list view is open to accounts that bind, and by default not to anonymous ones.",
        "The retro change log plug-in is off by default.",
      ]
    }
    return adapter
  }
}
