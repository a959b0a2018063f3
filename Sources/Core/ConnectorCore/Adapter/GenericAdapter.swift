extension VendorAdapter {
  /// Serves any LDAP v3 server (RFC 4510) that no other adapter recognises: DN anchor, full import.
  ///
  /// Where the schema defines `entryUUID` (RFC 4530), it is the immutable ID.
  public static func generic(for evidence: ServerEvidence) -> VendorAdapter {
    var adapter = VendorAdapter("generic", title: "Generic LDAP v3 server", detector: RuleDetector([]))
    adapter.immutableID = evidence.schema.defines("entryUUID") ? .entryUUID : nil
    adapter.deltaUnavailable =
      "No adapter recognised this server, so its change log is unknown. Run full imports, or name an adapter in the "
      + "configuration (`adapter:`) if you know the product."
    return adapter
  }
}
