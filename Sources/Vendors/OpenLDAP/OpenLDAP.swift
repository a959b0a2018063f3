public import ConnectorCore

extension VendorAdapter {
  /// OpenLDAP's slapd: DN anchor, `entryUUID` (RFC 4530), delta import from the log of the overlay accesslog.
  public static var openLDAP: VendorAdapter {
    var adapter = VendorAdapter("openldap", title: "OpenLDAP", detector: RuleDetector(OpenLDAPDetection.rules))
    adapter.anchor = .dn
    adapter.immutableID = .entryUUID
    adapter.delta = { AccesslogDelta(settings: $0) }
    adapter.limitsRemedy =
      "Lift the limits for the connector's account in the partition's database: slapd.conf `limits dn.exact=\"<its DN>\" "
      + "size=unlimited time=unlimited`, cn=config the same as olcLimits"
    adapter.changeLogDN = AccesslogDelta.usualLogDN
    adapter.passwordAttribute = "userPassword"
    adapter.export = OpenLDAPExport.facts
    adapter.secretAttributes = [
      "authPassword", "krbPrincipalKey", "oathSecret", "olcDbBindMethod", "olcRootPW", "olcSyncrepl", "pwdHistory",
      "reqMod", "reqOld", "sambaLMPassword", "sambaNTPassword", "sambaPasswordHistory",
    ]
    adapter.computedAttributes = ["contextCSN", "hasSubordinates"]
    adapter.contextsWithoutEntries = ["cn=accesslog", "cn=config", "cn=monitor", "cn=subschema"]
    adapter.linkedAttributes = [LinkedAttributes(forward: "member", backward: "memberOf")]
    adapter.version = { OpenLDAPDetection.version($0) }
    adapter.supportedUnlisted = ["1.2.840.113556.1.4.1413"]
    adapter.remarks = { _ in
      [
        "Size limits count all pages of a search together: give the account `limits … size=unlimited`.",
        "What the overlays memberof and refint change on their own leaves no record in the log.",
      ]
    }
    return adapter
  }
}

/// Delta imports from an access log, for servers that are not recognised as OpenLDAP.
public enum AccesslogMethod {
  /// The name of the method.
  public static let name = AccesslogDelta.methodName

  /// The strategy for one server and configuration; entries must be identified by `entryUUID` (RFC 4530).
  public static func strategy(_ settings: DeltaSettings) -> any DeltaStrategy { AccesslogDelta(settings: settings) }
}
