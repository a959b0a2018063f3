public import ConnectorCore

extension VendorAdapter {
  /// IBM Tivoli, Security and Verify Directory: DN anchor, `ibm-entryUuid`.
  public static var ibmDirectory: VendorAdapter {
    var adapter = keepingChangelog(
      "ibm", title: "IBM Security/Tivoli/Verify Directory", IBMDirectory.rules, IBMDirectory.dialect)
    adapter.immutableID = ImmutableID("ibm-entryUuid", mayBeMissing: true)
    adapter.export = IBMDirectory.export
    adapter.contextsWithoutEntries += [
      "cn=configuration", "cn=Deleted Objects", "cn=ibmpolicies", "cn=localhost", "cn=pwdpolicy",
    ]
    adapter.secretAttributes += ["ibm-slapdAdminPW", "ibm-slapdMasterPW", "ibm-slapdCryptoSalt", "replicaCredentials"]
    adapter.computedAttributes += ["ibm-allGroups", "ibm-allMembers"]
    adapter.version = { evidence in
      evidence.vendorVersion?.description ?? evidence.rootDSE.value("ibmdirectoryversion")
        ?? evidence.rootDSE.vendorVersion
    }
    adapter.remarks = { _ in
      [
        "Paged results and sorting may be open to administrators alone (ibm-slapdPagedResAllowNonAdmin, "
          + "ibm-slapdSortSrchAllowNonAdmin), and few at a time (ibm-slapdPagedResLmt).",
        "Entries made by very old releases have no ibm-entryUuid: they are known by their DN.",
        "The change log is a database of its own that must be configured first.",
      ]
    }
    return adapter
  }
}

enum IBMDirectory {
  private static let maker = "International Business Machines"
  private static let arc = "1.3.18.0.2"

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", containsAny: [maker], points: 30),
      RuleDetector.Rule(points: 20, markers: ["vendorName", "vendorVersion"]) { ownVersion($0) },
      .rootDSE(has: "ibmdirectoryversion", points: 15),
      .rootDSE(
        hasAny: [
          "ibm-serverId", "ibm-ldapservicename", "ibm-configurationnamingcontext", "ibm-slapdisconfigurationmode",
          "ibm-osregistrycontext", "ibm-sasldigestrealmname",
        ], points: 20),
      // Domino has this attribute too, with OIDs of its own.
      .rootDSE("ibm-supportedCapabilities", startsWithAny: [arc], points: 15),
      .rootDSE(
        hasAny: [
          "ibm-enabledCapabilities", "ibm-effectiveReplicationModel", "ibm-supportedReplicationModels",
          "ibm-supportedACIMechanisms",
        ], points: 15),
      .lists(below: arc, atLeast: 3, points: 20),
      .namingContext(anyOf: ["cn=ibmpolicies", "cn=pwdpolicy", "cn=localhost"], points: 10),
      .schema(below: arc, atLeast: 10, points: 20),
      .schema(definesAny: ["ibm-entryUuid", "ibm-changelog"], points: 10),
      .rootDSE("vendorName", containsAny: ["Lotus", "Domino", "HCL"], points: -100),
      .rootDSE("vendorName", otherThan: [maker], points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
    ] + CodeBase.neverSaid

  /// The version that goes with the maker's name: bare numbers from 4.1 on, or the release of z/OS.
  private static func ownVersion(_ evidence: ServerEvidence) -> String? {
    guard let name = evidence.rootDSE.vendorName, name.lowercased().contains(maker.lowercased()),
      let version = evidence.rootDSE.vendorVersion
    else { return nil }
    let isBare = version.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    let isOurs = isBare && ProductVersion(in: version).map { $0 > ProductVersion(4) } ?? false
    return isOurs || version.lowercased().contains("z/os") ? "and the version of one: \(version)" : nil
  }
}

extension IBMDirectory {
  /// Records without an ID, in a database of their own.
  static let dialect: ChangelogDialect = {
    var remedy = ChangelogRemedy()
    remedy.enable =
      "Configure the change log (`idscfgchglg -I INSTANCE -m MAXENTRIES -y MAXDAYS`), and restart the server; keep records "
      + "longer than the longest pause between two delta imports"
    remedy.rights =
      "Let the connector's account read cn=changelog: give it an ACL there, or make it a member of an administrative group"
    remedy.limits =
      "Free the connector's account from ibm-slapdSizeLimit and ibm-slapdPageSizeLmt, by a search limit group or as an "
      + "administrator, and allow it to page (ibm-slapdPagedResAllowNonAdmin: TRUE, ibm-slapdPagedResLmt)"
    var dialect = ChangelogDialect(product: "IBM Directory", remedy: remedy)
    dialect.entryID = "ibm-entryUuid"
    return dialect
  }()
}
