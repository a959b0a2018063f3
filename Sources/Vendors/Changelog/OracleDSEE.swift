public import ConnectorCore

extension VendorAdapter {
  /// Oracle Directory Server Enterprise Edition 11, and Sun's editions 6 and 7 before it: DN anchor, `nsUniqueId`.
  public static var oracleDSEE: VendorAdapter {
    var adapter = SunDirectory.enterpriseEdition.adapter(
      "oracle-dsee", title: "Oracle Directory Server Enterprise Edition")
    adapter.remarks = { evidence in
      let changelog = [
        "The retro change log is off by default: `dsconf set-server-prop retro-cl-enabled:on`, then a restart.",
        "Moves below another parent are off by default: `dsconf set-server-prop moddn-enabled:on`.",
        "Searches end at nsslapd-lookthroughlimit and nsslapd-sizelimit unless the account has limits of its own.",
      ]
      let controls = evidence.rootDSE.supportedControls
      guard !controls.isEmpty, !controls.contains(WellKnownOIDs.pagedResults) else { return changelog }
      return ["This release does not page: the import uses virtual list view with sorting, or one search."] + changelog
    }
    return adapter
  }
}
