public import ConnectorCore

extension VendorAdapter {
  /// Oracle Internet Directory: recognised, and refused.
  public static var oracleInternetDirectory: VendorAdapter {
    var adapter = keepingChangelog(
      "oid", title: "Oracle Internet Directory", OracleInternetDirectory.rules,
      refusal: OracleInternetDirectory.refusal, nil)
    adapter.immutableID = ImmutableID("orclGUID")
    adapter.deltaUnavailable = OracleInternetDirectory.refusal
    adapter.version = { evidence in
      evidence.rootDSE.value("orcldirectoryversion").map { ProductVersion(in: $0)?.description ?? $0 }
    }
    return adapter
  }
}

enum OracleInternetDirectory {
  static let refusal =
    "its change log drops records that no subscriber of its own has asked for, and has a form of its own, so changes "
    + "would be lost without a sign. Use Oracle Directory Integration Platform to replicate it into Oracle Unified "
    + "Directory, and connect to that one."

  static let rules: [RuleDetector.Rule] =
    [
      .rootDSE("orcldirectoryversion", startsWithAny: ["OID", "Oracle Internet Directory"], points: 40),
      RuleDetector.Rule(points: 30, marker: "orcldirectoryversion") { evidence in
        evidence.rootDSE.value("orcldirectoryversion").flatMap { version in
          version.first?.isNumber == true ? "root DSE orcldirectoryversion: \(version)" : nil
        }
      },
      // Some releases show anonymous clients hardly more than their version, which then stands for itself.
      RuleDetector.Rule(points: 15, markers: ["vendorName", "vendorVersion"]) { evidence in
        let root = evidence.rootDSE
        let others: [AttributeDescription] = [
          "defaultNamingContext", "subschemaSubentry", "supportedControl", "vendorName", "vendorVersion",
        ]
        guard root.value("orcldirectoryversion") != nil, others.allSatisfy({ root.value($0) == nil }) else {
          return nil
        }
        return "root DSE says nothing of any other product"
      },
      .rootDSE("subschemaSubentry", equals: "cn=subschemasubentry", points: 20),
      .rootDSE("subschemaSubentry", otherThan: ["cn=subschemasubentry"], points: -20),
      .rootDSE(has: "orclProductVersion", points: 20),
      .rootDSE("vendorName", containsAny: ["Oracle"], points: 10),
      .lists(below: CodeBase.oracleArc, points: 15),
      .namingContext(
        anyOf: ["cn=OracleContext", "cn=OracleSchemaVersion", "cn=oracle internet directory"], points: 10),
      .rootDSE("changelog", equals: "cn=changelog", points: 5),
      .schema(below: CodeBase.oracleArc, atLeast: 10, points: 20),
      .rootDSE("orcldirectoryversion", startsWithAny: ["OVD", "Oracle Virtual Directory"], points: -100),
      .rootDSE("vendorName", otherThan: ["Oracle"], points: -60),
      .rootDSE("vendorVersion", containsAny: ["Unified", "Sun-", "Enterprise Edition"], points: -60),
      .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
      .rootDSE(has: "netscapemdsuffix", points: -60),
    ] + CodeBase.neverSaid
}
