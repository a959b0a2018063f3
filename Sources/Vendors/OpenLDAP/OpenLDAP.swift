public import ConnectorCore

extension VendorAdapter {
  /// OpenLDAP's slapd: DN anchor, `entryUUID` (RFC 4530), delta import from the log of the overlay accesslog.
  public static var openLDAP: VendorAdapter {
    var adapter = VendorAdapter("openldap", title: "OpenLDAP", detector: RuleDetector(OpenLDAPDetection.rules))
    adapter.anchor = .dn
    adapter.immutableID = .entryUUID
    adapter.delta = { AccesslogDelta(settings: $0) }
    adapter.changeLogDN = AccesslogDelta.usualLogDN
    adapter.passwordAttribute = "userPassword"
    adapter.secretAttributes = [
      "authPassword", "krbPrincipalKey", "oathSecret", "olcDbBindMethod", "olcRootPW", "olcSyncrepl", "pwdHistory",
      "reqMod", "reqOld", "sambaLMPassword", "sambaNTPassword", "sambaPasswordHistory",
    ]
    adapter.computedAttributes = ["contextCSN", "hasSubordinates"]
    adapter.contextsWithoutEntries = ["cn=accesslog", "cn=config", "cn=monitor", "cn=subschema"]
    adapter.linkedAttributes = [LinkedAttributes(forward: "member", backward: "memberOf")]
    adapter.version = { OpenLDAPDetection.version($0) }
    return adapter
  }
}
