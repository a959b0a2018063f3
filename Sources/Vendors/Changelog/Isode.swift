public import ConnectorCore

extension VendorAdapter {
  /// Isode M-Vault: DN anchor. No attribute is known that identifies an entry for life.
  public static var isode: VendorAdapter {
    var adapter = keepingChangelog("isode", title: "Isode M-Vault", Isode.rules, Isode.dialect)
    adapter.version = { $0.vendorVersion?.description ?? $0.rootDSE.vendorVersion }
    adapter.remarks = { _ in
      [
        "Little is published on what this server says of itself: if it is not recognised, write `adapter: isode` into the "
          + "configuration.",
        "There is no known ID that survives a rename: only the log's own record of a rename keeps an object one.",
      ]
    }
    return adapter
  }
}

enum Isode {
  private static let words = ["Isode", "M-Vault", "MVault"]
  /// The enterprise arc of Isode.
  private static let arc = "1.3.6.1.4.1.453"

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("vendorName", containsAny: words, points: 35),
      .rootDSE("vendorVersion", containsAny: words, points: 40),
      .lists(below: arc, points: 20),
      .schema(below: arc, points: 20),
      .rootDSE("changelog", equals: "cn=changelog", points: 5),
      // `M-Vault` may stand in either attribute, and the other one then says a bare release such as `R16.6v13`.
      RuleDetector.Rule(points: 15, markers: ["vendorName", "vendorVersion"]) { evidence in
        let version = evidence.rootDSE.vendorVersion?.lowercased() ?? ""
        guard words.contains(where: { evidence.rootDSE.vendorName?.lowercased().contains($0.lowercased()) == true }),
          version.hasPrefix("r"), version.dropFirst().first?.isNumber == true
        else { return nil }
        return "and a release of one: \(version)"
      },
      .rootDSE("vendorName", otherThan: words, points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
    ] + CodeBase.neverSaid
}

extension Isode {
  /// The draft's form, for nothing else is published.
  static let dialect: ChangelogDialect = {
    var dialect = ChangelogDialect.draft
    dialect.product = "M-Vault"
    return dialect
  }()
}
