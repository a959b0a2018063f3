public import ConnectorCore

extension VendorAdapter {
  /// 389 Directory Server, also sold as Red Hat Directory Server and part of FreeIPA: DN anchor, `nsUniqueId`.
  public static var directoryServer389: VendorAdapter {
    var adapter = keepingChangelog("389ds", title: "389 Directory Server", DirectoryServer389.rules)
    adapter.immutableID = ImmutableID("nsUniqueId")
    adapter.nonObjects = [EntryMark("nsds5ReplConflict"), .objectClass("nsTombstone")]
    adapter.contextsWithoutEntries += ["o=ipaca", "o=NetscapeRoot"]
    adapter.secretAttributes += ["ipaNTHash", "nsslapd-rootpw", "nsds5ReplicaCredentials", "unhashed#user#password"]
    adapter.linkedAttributes = [
      LinkedAttributes(forward: "member", backward: "memberOf"),
      LinkedAttributes(forward: "uniqueMember", backward: "memberOf"),
    ]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    adapter.subtype = { DirectoryServer389.isFreeIPA($0) ? "FreeIPA" : nil }
    adapter.remarks = { DirectoryServer389.remarks($0) }
    return adapter
  }
}

enum DirectoryServer389 {
  private static let makers = ["389 Project", "Fedora", "Red Hat", "RedHat", "CentOS"]
  private static let versions = ["389-", "389 ", "Fedora-", "Fedora ", "Red Hat", "RedHat", "CentOS"]

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", containsAny: makers, points: 30),
      .rootDSE("vendorVersion", startsWithAny: versions, points: 45),
      .rootDSE(has: "nsBackendSuffix", points: 25),
      // The clean-up of replicas, which came after the ways of Netscape and Sun parted.
      .lists(below: "2.16.840.1.113730.3.6", points: 15),
      .lists(below: "2.16.840.1.113730.3.8", points: 15),
      .rootDSE(hasAny: ["ipaTopologyPluginVersion", "ipaDomainLevel", "lastusn"], points: 10),
      .schema(extension: "X-ORIGIN", contains: "389 Directory Server", points: 30),
    ] + CodeBase.netscape(points: 15) + [
      .rootDSE("vendorName", otherThan: makers, points: -60),
      .rootDSE("vendorVersion", otherThan: versions, points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
    ] + CodeBase.neverSaidByNetscape

  /// FreeIPA adds extended operations of its own arc, its certificate system's suffix, or its topology's version.
  static func isFreeIPA(_ evidence: ServerEvidence) -> Bool {
    let root = evidence.rootDSE
    return root.supportedExtensions.contains { $0.hasPrefix("2.16.840.1.113730.3.8.10.") }
      || root.namingContexts.contains { $0.lowercased() == "o=ipaca" } || root.value("ipaTopologyPluginVersion") != nil
  }

  static func remarks(_ evidence: ServerEvidence) -> [String] {
    var remarks = [
      "True and false filters, `(&)` and `(|)`, are errors here; the connector writes them in another way.",
      "There is no tree delete control: a branch is deleted entry by entry.",
      "Paged searches end at nsslapd-lookthroughlimit (5000 by default) for accounts without nsPagedLookThroughLimit.",
    ]
    if isFreeIPA(evidence) {
      remarks.append(
        "FreeIPA keeps a change log of its DNS entries alone, unless nsslapd-include-suffix of the retro changelog "
          + "plug-in was changed: do not take it for a log of users and groups.")
    }
    return remarks
  }
}
