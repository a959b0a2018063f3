public import ConnectorCore

extension VendorAdapter {
  /// RadiantOne: DN anchor. Entries of proxied back ends keep their own IDs, so that none holds for all of them.
  public static var radiantOne: VendorAdapter {
    var adapter = keepingChangelog("radiantone", title: "RadiantOne", RadiantOne.rules, RadiantOne.dialect)
    adapter.export = RadiantOne.export
    adapter.contextsWithoutEntries += RadiantOne.ownContexts
    adapter.computedAttributes += ["isMemberOf"]
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    adapter.deltaRefusal = { RadiantOne.refusal($0) }
    adapter.remarks = { _ in RadiantOne.remarks }
    return adapter
  }
}

enum RadiantOne {
  /// Contexts for the server's own use.
  static let ownContexts = [
    "cn=cacherefreshlog", "cn=clustermonitor", "cn=localjournal", "cn=registry", "cn=replicationjournal",
    "cn=tombstone",
  ]
  private static let words = ["RadiantOne", "Radiant Logic", "RadiantLogic"]

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", containsAny: words, points: 30),
      .rootDSE("vendorVersion", containsAny: words, points: 40),
      .namingContext(anyOf: ownContexts, points: 25),
      .rootDSE("changelog", equals: "cn=changelog", points: 5),
      .lists("1.3.6.1.4.1.1466.101.119.1", points: 5),
      RuleDetector.Rule(points: 10, marker: "supportedControl") { ownControls($0) },
      .port([2389, 2636], points: 5),
      .rootDSE("vendorName", otherThan: words, points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
    ] + CodeBase.neverSaid

  /// The controls that its manual names, without ManageDsaIT, which hardly any other server lacks.
  private static func ownControls(_ evidence: ServerEvidence) -> String? {
    let controls = Set(evidence.rootDSE.supportedControls)
    let named = ["2.16.840.1.113730.3.4.3", "2.16.840.1.113730.3.4.18", "1.2.840.113556.1.4.319"]
    let isOurs = controls.isSuperset(of: named) && !controls.contains("2.16.840.1.113730.3.4.2")
    return isOurs ? "root DSE lists persistent search and proxied authorization, and no ManageDsaIT" : nil
  }

  static let remarks = [
    "What an entry can do depends on the back end of its context; entries may hold attributes that the schema lacks.",
    "The root DSE is a file that administrators edit, so what it lists may not be what the server does.",
    "Only contexts that RadiantOne stores, caches or captures changes for are in its change log: make a change in each "
      + "partition, and see whether `check` finds its record.",
  ]
}

extension RadiantOne {
  /// Records may name an `entryUUID`, but entries of proxied back ends have none to compare it with.
  static let dialect: ChangelogDialect = {
    var remedy = ChangelogRemedy()
    remedy.enable = "Switch the change log on in the control panel, for each naming context that is imported"
    remedy.rights = "Let the connector's account read cn=changelog (access control in the control panel)"
    return ChangelogDialect(product: "RadiantOne", remedy: remedy)
  }()

  static func refusal(_ evidence: ServerEvidence) -> String? {
    guard let version = evidence.vendorVersion, version < ProductVersion(7, 1, 1) else { return nil }
    return
      "Delta imports need RadiantOne 7.1.1 or newer, and this server says that it is \(version). Run full imports; "
      + "if it is newer than it says, force `deltaMethod: changelog`."
  }
}
