public import ConnectorCore

extension VendorAdapter {
  /// Oracle Unified Directory: DN anchor, `entryUUID`.
  public static var oracleUnifiedDirectory: VendorAdapter {
    var adapter = openDSFamily("oud", title: "Oracle Unified Directory", OpenDSFamily.unified)
    adapter.contextsWithoutEntries += ["cn=OracleContext", "cn=OracleSchemaVersion"]
    adapter.secretAttributes += ["orclPassword", "orclPasswordVerifier"]
    adapter.remarks = { OpenDSFamily.remarks($0) }
    return adapter
  }
}
