public import ConnectorCore

extension VendorAdapter {
  /// OpenDS: DN anchor, `entryUUID`.
  public static var openDS: VendorAdapter {
    var adapter = openDSFamily("opends", title: "OpenDS", OpenDSFamily.openDS)
    adapter.remarks = {
      OpenDSFamily.remarks($0) + [
        "The paged results control itself needs an ACI for accounts without administrator rights."
      ]
    }
    return adapter
  }

  /// What the descendants of OpenDS share beyond the change log.
  static func openDSFamily(_ name: String, title: String, _ rules: [RuleDetector.Rule]) -> VendorAdapter {
    var adapter = keepingChangelog(name, title: title, rules, OpenDSFamily.dialect(title))
    adapter.immutableID = .entryUUID
    adapter.export = CodeBase.openDSExport
    adapter.delta = { OpenDSFamily.delta($0, OpenDSFamily.dialect(title)) }
    adapter.contextsWithoutEntries += [
      "cn=admin data", "cn=backups", "cn=ads-truststore", "cn=tasks", "dc=replicationChanges",
    ]
    adapter.secretAttributes += ["ds-cfg-bind-password", "ds-pwp-reset-token", "includedAttributes"]
    adapter.computedAttributes += ["etag", "isMemberOf", "pwdPolicySubentry"]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    return adapter
  }
}

/// How OpenDS and its descendants are told apart: their code is one, their makers and versions are not.
enum OpenDSFamily {
  static let openDS = rules(makers: ["Sun Microsystems", "Oracle", "OpenDS"], versions: ["OpenDS"])
  static let openDJ = rules(
    makers: ["ForgeRock", "Open Identity", "OpenIdentity", "OpenDJ", "Wren", "Ping Identity"],
    versions: ["OpenDJ", "ForgeRock", "Wren", "PingDS", "Ping DS"])
  static let unified =
    rules(makers: ["Oracle"], versions: ["Oracle Unified Directory", "OUD"], isOracle: true) + [
      .rootDSE(has: "orclGUID", points: 15), .lists(below: CodeBase.oracleArc, points: 20),
      .rootDSE(hasAny: ["componentVersion", "releaseVersion", "platformVersion"], points: 10),
      .schema(below: CodeBase.oracleArc, points: 10),
      .rootDSE(has: "orcldirectoryversion", points: -60),
    ]

  private static func rules(
    makers: [String], versions: [String], isOracle: Bool = false
  ) -> [RuleDetector.Rule] {
    let foreign: [RuleDetector.Rule] =
      isOracle ? [] : [.lists(below: CodeBase.oracleArc, points: -90), .rootDSE(has: "orclGUID", points: -60)]
    return [
      .rootDSE("vendorName", containsAny: makers, points: 20),
      .rootDSE("vendorVersion", containsAny: versions, points: 45),
    ] + CodeBase.openDS + [
      .rootDSE("vendorName", otherThan: makers, points: -60),
      .rootDSE("vendorVersion", otherThan: versions, points: -60),
      .lists(below: CodeBase.unboundIDArc, points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
      .rootDSE(has: "nsBackendSuffix", points: -60),
    ] + foreign + CodeBase.neverSaid
  }

  static func remarks(_ evidence: ServerEvidence) -> [String] {
    var remarks = [
      "Searches that no index serves are refused unless the account has the privilege unindexed-search; reading a whole "
        + "suffix counts as one, paged or not.",
      "The change log cn=changelog exists where the server is also a replication server; its readers need the privilege "
        + "changelog-read.",
    ]
    if evidence.rootDSE.value("changelog") == nil {
      remarks.append("No `changelog` is visible in the root DSE: it is off, or an ACI hides it from this account.")
    }
    return remarks
  }
}

extension OpenDSFamily {
  /// By cookie where the server offers it, for a cookie outlives a change of the replica; else by number.
  static func delta(_ settings: DeltaSettings, _ dialect: ChangelogDialect) -> any DeltaStrategy {
    let root = settings.evidence.rootDSE
    let isOffered =
      root.supportedControls.contains(CookieLog.control) || root.value("lastExternalChangelogCookie") != nil
    switch settings.method ?? (isOffered ? ChangelogMethod.cookies : ChangelogMethod.numbers) {
    case ChangelogMethod.cookies: return CookieChangelogDelta(settings: settings, dialect: dialect)
    default: return ChangelogDelta(settings: settings, dialect: dialect)
    }
  }

  /// The external change log: virtual entries that cannot be paged, and an ID in each.
  static func dialect(_ product: String) -> ChangelogDialect {
    var remedy = ChangelogRemedy()
    remedy.enable =
      "The change log needs a replication server in the directory server: configure replication (`dsreplication enable`), "
      + "be it of this server alone"
    remedy.rights =
      "Give the connector's account the privilege changelog-read (`ds-privilege-name: changelog-read`), and an ACI that "
      + "lets it read cn=changelog: `(target=\"ldap:///cn=changelog\")(targetattr=\"*||+\")(version 3.0; acl \"connector\"; "
      + "allow (read,search,compare) userdn=\"ldap:///<DN of the connector's account>\";)`"
    remedy.limits = "Set ds-rlim-size-limit and ds-rlim-lookthrough-limit of the connector's account to 0"
    remedy.bounds =
      "Add an ACI that lets the account read changelog, firstChangeNumber, lastChangeNumber and "
      + "lastExternalChangelogCookie of the root DSE"
    var dialect = ChangelogDialect(product: product, remedy: remedy)
    dialect.entryID = "entryUUID"
    dialect.targetIDs = ["targetEntryUUID"]
    dialect.pagesLog = false
    return dialect
  }
}
