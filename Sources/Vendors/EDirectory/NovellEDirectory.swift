public import ConnectorCore

extension VendorAdapter {
  /// eDirectory as Novell sold it, up to 8.8: anchor `GUID`.
  public static var novellEDirectory: VendorAdapter {
    EDirectory.adapter(
      "novell-edirectory", title: "Novell eDirectory", makers: EDirectory.novell, others: EDirectory.netIQ
    ) { $0 < ProductVersion(9) }
  }
}
