public import ConnectorCore

extension VendorAdapter {
  /// eDirectory as NetIQ sells it, from 8.8 SP8 on: anchor `GUID`.
  public static var netIQEDirectory: VendorAdapter {
    EDirectory.adapter(
      "netiq-edirectory", title: "NetIQ eDirectory", makers: EDirectory.netIQ, others: EDirectory.novell
    ) { $0 > ProductVersion(8, 7, 3) }
  }
}
