public import ConnectorCore

extension VendorAdapter {
  /// 389 Directory Server, also sold as Red Hat Directory Server and part of FreeIPA: DN anchor, `nsUniqueId`.
  public static var directoryServer389: VendorAdapter {
    var adapter = keepingChangelog(
      "389ds", title: "389 Directory Server", DirectoryServer389.rules, DirectoryServer389.dialect)
    adapter.immutableID = ImmutableID("nsUniqueId")
    adapter.export = DirectoryServer389.export
    adapter.deltaRefusal = { DirectoryServer389.isFreeIPA($0) ? DirectoryServer389.freeIPARefusal : nil }
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
      remarks.append("FreeIPA's own change log covers its DNS entries alone, unless somebody changed that.")
    }
    return remarks
  }
}

extension DirectoryServer389 {
  /// The retro changelog plug-in: numbers, and IDs where it was told to log them.
  static let dialect: ChangelogDialect = {
    var remedy = ChangelogRemedy()
    remedy.enable =
      "Switch the Retro Changelog plug-in on, `nsslapd-pluginEnabled: on` in \(plugin), and restart the server; give it "
      + "an age, such as `nsslapd-changelogmaxage: 7d`, that is longer than the longest pause between two delta imports"
    remedy.rights =
      "Add to cn=changelog: `aci: (targetattr=\"*\")(version 3.0; acl \"connector\"; allow (read,search,compare) "
      + "userdn=\"ldap:///<DN of the connector's account>\";)`"
    remedy.limits =
      "Set nsSizeLimit, nsLookThroughLimit, nsPagedSizeLimit and nsPagedLookThroughLimit of the connector's account to -1"
    remedy.targetID =
      "Add `nsslapd-attribute: nsuniqueid:targetUniqueId` to \(plugin), and restart the server"
    var dialect = ChangelogDialect(product: "389 Directory Server", remedy: remedy)
    dialect.entryID = "nsUniqueId"
    dialect.targetIDs = ["targetUniqueId"]
    dialect.configuration = { try await configuration(of: $0, $1) }
    return dialect
  }()

  /// The plug-in's entry.
  private static let plugin = "cn=Retro Changelog Plugin,cn=plugins,cn=config"

  static let freeIPARefusal =
    "FreeIPA logs the changes of its DNS entries alone (nsslapd-include-suffix of the Retro Changelog plug-in), so users "
    + "and groups would be missed without a sign. Run full imports; or have the plug-in log everything, and force "
    + "`deltaMethod: changelog`."

  /// What the plug-in's entry says of suffixes and age; accounts other than the administrator rarely see it.
  private static func configuration(
    of partition: DN, _ reader: any DirectoryReader
  ) async throws -> [Readiness.Finding] {
    let names = ["nsslapd-include-suffix", "nsslapd-exclude-suffix", "nsslapd-changelogmaxage"]
    guard case .entry(let entry) = try await reader.read(plugin, attributes: ["cn"] + names) else {
      let evidence =
        "\(plugin) is not readable for this account, so which suffixes are logged, and for how long, is not known"
      return [
        .init(
          .unknown, evidence,
          remedy:
            "Nothing need be done where nsslapd-include-suffix and nsslapd-exclude-suffix leave the partition in, and "
            + "nsslapd-changelogmaxage is longer than the longest pause between two delta imports")
      ]
    }
    let age = entry.string("nsslapd-changelogmaxage")
    let kept = age.map { "records are kept for \($0) (nsslapd-changelogmaxage)" } ?? "records are never purged"
    return suffixes(entry, partition) + [.init(.available, kept)]
  }

  private static func suffixes(_ entry: Entry, _ partition: DN) -> [Readiness.Finding] {
    func names(_ attribute: AttributeDescription) -> [DN] { entry.strings(attribute).compactMap { try? DN($0) } }
    let included = names("nsslapd-include-suffix")
    let excluded = names("nsslapd-exclude-suffix")
    if !included.isEmpty, !included.contains(where: { partition.isEqualOrDescendant(of: $0) }) {
      let list = included.map(\.string).joined(separator: "; ")
      return [
        .init(
          .unavailable, "the plug-in logs \(list) alone (nsslapd-include-suffix), not all of \(partition)",
          remedy: "Remove nsslapd-include-suffix from \(plugin), or add \(partition) to it, and restart the server")
      ]
    }
    return excluded.filter { partition.isEqualOrDescendant(of: $0) || $0.isDescendant(of: partition) }.map { suffix in
      .init(
        .unavailable, "the plug-in does not log \(suffix) (nsslapd-exclude-suffix)",
        remedy: "Remove \(suffix) from nsslapd-exclude-suffix of \(plugin), and restart the server")
    }
  }
}
