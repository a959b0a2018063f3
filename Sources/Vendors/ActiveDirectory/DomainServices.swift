public import ConnectorCore

extension VendorAdapter {
  /// Active Directory Domain Services: recognised, and refused.
  public static var domainServices: VendorAdapter {
    var adapter = ActiveDirectory.adapter(
      "adds", title: "Active Directory Domain Services",
      ActiveDirectory.domain + [.port(ActiveDirectory.catalogPorts, points: -200)], refusal: refusal)
    adapter.deltaUnavailable = refusal
    return adapter
  }

  private static let refusal =
    "a domain controller needs rules that this connector does not have (accounts, groups of other domains, protected "
    + "objects). Use your identity system's own connector for Active Directory; or read the forest through a global "
    + "catalog, port 3268, with TLS 3269; or keep applications' entries in AD LDS."
}
