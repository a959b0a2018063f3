import ConnectorCore

/// What Novell's and NetIQ's releases of eDirectory share, and what tells them apart: the maker's word, in two places.
enum EDirectory {
  static let novell = ["Novell"]
  static let netIQ = ["NetIQ", "Micro Focus", "OpenText"]
  private static let makers = novell + netIQ
  private static let arc = "2.16.840.1.113719"

  /// - Parameter released: whether this maker has sold a release of that number.
  static func adapter(
    _ name: String, title: String, makers ours: [String], others: [String],
    released: @escaping @Sendable (ProductVersion) -> Bool
  ) -> VendorAdapter {
    let table =
      rules(ours, others) + [
        RuleDetector.Rule(points: -80, marker: "vendorVersion") { evidence in
          guard let version = evidence.vendorVersion, !released(version) else { return nil }
          return "root DSE vendorVersion: \(version), which is the other maker's"
        }
      ]
    var adapter = VendorAdapter(name, title: title, detector: RuleDetector(table))
    // Single-valued, sixteen bytes in the order in which they stand; operational, so it is asked for by name.
    let guid = ImmutableID("GUID", form: .hexadecimal)
    adapter.anchor = .attribute(guid)
    adapter.immutableID = guid
    adapter.export = export
    adapter.secretAttributes = [
      "authPassword", "nspmDistributionPassword", "nspmPassword", "nspmPasswordHistory", "passwordsUsed", "privateKey",
      "sASLoginSecret", "sASLoginSecretKey", "sASSecretStore",
    ]
    adapter.computedAttributes = ["entryFlags", "localEntryID", "revision", "subordinateCount", "usedBy"]
    adapter.linkedAttributes = [
      LinkedAttributes(forward: "member", backward: "groupMembership"),
      LinkedAttributes(forward: "equivalentToMe", backward: "securityEquals"),
    ]
    adapter.version = { version($0) }
    adapter.deltaUnavailable =
      "\(title) keeps no change log; changes can be found by modification time, which this release of the connector does "
      + "not do yet, and deletes cannot be found that way at all. Run full imports."
    adapter.remarks = { _ in
      [
        "The server names the whole tree in the place of partitions: say yourself where to begin, such as `o=company`.",
        "A member of a group stands in four attributes (member, equivalentToMe, groupMembership, securityEquals), which "
          + "whoever writes them must keep in step.",
        "Paged searches need every partition below the base on this server: others are refused, or left out in silence by "
          + "releases before 9.2 SP2.",
        "Names compare equal when they differ in runs of spaces or underscores alone.",
      ]
    }
    return adapter
  }

  private static func rules(_ ours: [String], _ others: [String]) -> [RuleDetector.Rule] {
    [
      .rootDSE("vendorVersion", containsAny: ["eDirectory", "LDAP Agent for"], points: 35),
      .rootDSE("vendorName", containsAny: makers, points: 20),
      .rootDSE(has: "directoryTreeName", points: 20),
      .rootDSE(has: "dsaName", points: 15),
      .lists(below: arc, atLeast: 2, points: 25),
      .schema(extension: "X-NDS_NAME", points: 15),
      .schema(below: arc, atLeast: 10, points: 15),
      .rootDSE("vendorName", containsAny: ours, points: 10),
      .rootDSE("vendorVersion", containsAny: ours, points: 10),
      .rootDSE("vendorName", containsAny: others, points: -80),
      .rootDSE("vendorVersion", containsAny: others, points: -80),
      .rootDSE("vendorName", otherThan: makers, points: -60),
      .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
      .rootDSE(has: "rootDomainNamingContext", points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
    ]
  }

  /// The version with its service pack: `8.8 SP4` in `LDAP Agent for Novell eDirectory 8.8 SP4 (20217.05)`.
  private static func version(_ evidence: ServerEvidence) -> String? {
    guard let text = evidence.rootDSE.vendorVersion, let version = ProductVersion(in: text) else {
      return evidence.rootDSE.vendorVersion
    }
    let words = text.split(separator: " ").drop { !$0.hasSuffix(version.description) }.dropFirst()
    let pack = words.first.flatMap { $0.uppercased().hasPrefix("SP") ? " \($0)" : nil }
    return version.description + (pack ?? "")
  }
}
