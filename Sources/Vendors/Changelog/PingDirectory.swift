public import ConnectorCore

extension VendorAdapter {
  /// PingDirectory and the UnboundID servers before it: DN anchor, `entryUUID`.
  public static var pingDirectory: VendorAdapter {
    var adapter = keepingChangelog(
      "ping", title: "PingDirectory / UnboundID", PingDirectory.rules, PingDirectory.dialect)
    adapter.immutableID = .entryUUID
    adapter.export = CodeBase.openDSExport
    adapter.contextsWithoutEntries += ["cn=alerts", "cn=backups", "cn=tasks", "cn=topology", "cn=admin data"]
    adapter.secretAttributes += ["ds-changelog-after-values", "ds-changelog-before-values", "ds-pwp-retired-password"]
    adapter.computedAttributes += ["isMemberOf", "subschemaSubentry"]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    adapter.remarks = { _ in
      [
        "The change log is off by default: `dsconfig set-backend-prop --backend-name changelog --set enabled:true`.",
        "A soft delete is written to the log as a rename; the entry is gone for everybody who does not ask for it.",
      ]
    }
    return adapter
  }
}

enum PingDirectory {
  private static let makers = ["UnboundID", "Ping Identity", "Alcatel-Lucent", "Nokia"]
  private static let versions = ["UnboundID", "PingDirectory", "Ping Identity Directory", "Ping Directory"]

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", containsAny: makers, points: 25),
      .rootDSE("vendorVersion", containsAny: versions, points: 45),
      .lists(below: CodeBase.unboundIDArc, points: 25),
      .rootDSE(hasAny: ["firstReplicaChange", "lastReplicaChange", "lastPurgedChangeNumber"], points: 20),
      .rootDSE(hasAny: ["startupUUID", "instanceName"], points: 10),
      .rootDSE("objectClass", equals: "ds-root-dse", points: 10),
      .schema(below: CodeBase.unboundIDArc, points: 20),
      .rootDSE("vendorName", otherThan: makers, points: -60),
      .rootDSE("vendorVersion", otherThan: versions, points: -60),
      .rootDSE("entryUUID", equals: "d41d8cd9-8f00-3204-a980-0998ecf8427e", points: -30),
      .lists(below: CodeBase.oracleArc, points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
      .rootDSE(has: "nsBackendSuffix", points: -60),
    ] + CodeBase.neverSaid
}

extension PingDirectory {
  /// The change log back end; a soft delete is a rename there.
  static let dialect: ChangelogDialect = {
    var remedy = ChangelogRemedy()
    remedy.enable =
      "Switch the change log on: `dsconfig set-backend-prop --backend-name changelog --set enabled:true`; records must be "
      + "kept longer than the longest pause between two delta imports (changelog-maximum-age)"
    remedy.rights =
      "Let the account read the log: `dsconfig set-access-control-handler-prop --add 'global-aci:(targetattr=\"*||+\")"
      + "(target=\"ldap:///cn=changelog\")(version 3.0; acl \"connector\"; allow (read,search,compare) "
      + "userdn=\"ldap:///<DN of the connector's account>\";)'`"
    remedy.limits = "Set ds-rlim-size-limit and ds-rlim-lookthrough-limit of the connector's account to 0"
    var dialect = ChangelogDialect(product: "PingDirectory", remedy: remedy)
    dialect.entryID = "entryUUID"
    dialect.targetIDs = ["targetUniqueID"]
    dialect.softDeletes = ["ds-soft-delete-entry-dn"]
    return dialect
  }()
}
