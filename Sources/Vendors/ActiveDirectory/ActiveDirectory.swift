import ConnectorCore

/// What the directories of the Active Directory family share: AD LDS, domain controllers, the global catalog, Samba.
enum ActiveDirectory {
  /// The base of a search may be written `<GUID=…>`, with the bytes of `objectGUID` in the order in which they stand.
  static let objectGUID = ImmutableID("objectGUID", form: .hexadecimal, baseTemplate: "<GUID={id}>")
  static let arc = "1.2.840.113556.1.4"
  /// The capability of a domain controller.
  static let domainController = "1.2.840.113556.1.4.800"
  /// The capability of AD LDS, which was ADAM.
  static let lightweight = "1.2.840.113556.1.4.1851"
  static let catalogPorts = [3268, 3269]

  static func adapter(
    _ name: String, title: String, _ rules: [RuleDetector.Rule], refusal: String? = nil
  ) -> VendorAdapter {
    var adapter = VendorAdapter(name, title: title, detector: RuleDetector(rules, refusal: refusal))
    adapter.anchor = .attribute(objectGUID)
    adapter.immutableID = objectGUID
    adapter.passwordAttribute = "unicodePwd"
    adapter.export = export
    adapter.secretAttributes = [
      "currentValue", "dBCSPwd", "initialAuthIncoming", "initialAuthOutgoing", "lmPwdHistory", "ms-Mcs-AdmPwd",
      "msDS-ExecuteScriptPassword", "msDS-ManagedPassword", "msFVE-RecoveryPassword", "msLAPS-EncryptedPassword",
      "msLAPS-EncryptedPasswordHistory", "msLAPS-Password", "ntPwdHistory", "priorValue", "supplementalCredentials",
      "trustAuthIncoming", "trustAuthOutgoing", "unixUserPassword", "userPassword",
    ]
    adapter.computedAttributes = ["badPasswordTime", "badPwdCount", "lastLogoff", "lastLogon", "logonCount"]
    adapter.linkedAttributes = [
      LinkedAttributes(forward: "member", backward: "memberOf"),
      LinkedAttributes(forward: "manager", backward: "directReports"),
      LinkedAttributes(forward: "managedBy", backward: "managedObjects"),
    ]
    adapter.variableContextsWithoutEntries = { housekeeping($0) }
    // There is no supportedFeatures; `*` returns the anchor, and `(&)` works.
    adapter.supportedUnlisted = [WellKnownOIDs.allOperationalAttributes, WellKnownOIDs.trueFalseFilters]
    adapter.version = { functionalLevel($0) }
    adapter.deltaUnavailable =
      "\(title) counts its changes (uSNChanged), which this release of the connector does not read yet. Run full imports."
    return adapter
  }

  /// Signs of any server of the family.
  static let family: [RuleDetector.Rule] = [
    .rootDSE("dsServiceName", startsWithAny: ["CN=NTDS Settings,"], points: 10),
    .rootDSE("subschemaSubentry", startsWithAny: ["CN=Aggregate,CN=Schema,"], points: 5),
    .rootDSE(has: "highestCommittedUSN", points: 5),
    .rootDSE("schemaNamingContext", startsWithAny: ["CN=Schema,CN=Configuration,"], points: 5),
    .lists(below: arc, atLeast: 12, points: 10),
  ]

  /// Signs of a domain controller.
  static let domain: [RuleDetector.Rule] =
    [
      .lists(domainController, points: 35), .rootDSE(has: "rootDomainNamingContext", points: 15),
      .rootDSE(has: "ldapServiceName", points: 10),
      .rootDSE(hasAny: ["domainFunctionality", "domainControllerFunctionality"], points: 10),
      .rootDSE(has: "supportedLDAPPolicies", points: 10),
      .lists(lightweight, points: -60), instanceConfiguration(points: -60),
      RuleDetector.Rule(points: -45, marker: "supportedControl") { repeatedControl($0) },
      // Microsoft's servers show them to everybody; Samba, which else says the same, has none.
      RuleDetector.Rule(points: -20) { evidence in
        evidence.rootDSE.value("supportedLDAPPolicies") == nil ? "root DSE has no supportedLDAPPolicies" : nil
      },
    ] + family + neverSaid

  /// What no server of Microsoft's says.
  static let neverSaid: [RuleDetector.Rule] =
    [
      .rootDSE(has: "vendorName", points: -100), .rootDSE(has: "vendorVersion", points: -100),
    ] + strangers

  /// What no server of the family says.
  static let strangers: [RuleDetector.Rule] = [
    .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: -100),
    .rootDSE("objectClass", equals: "ds-root-dse", points: -100),
    .rootDSE("entryUUID", equals: "f290425c-8272-4e62-8a67-92b06f38dbf5", points: -100),
    .rootDSE(has: "directoryTreeName", points: -100), .rootDSE(has: "netscapemdsuffix", points: -100),
    .rootDSE(has: "changelog", points: -100),
  ]

  /// AD LDS keeps its configuration below a GUID, a domain controller below the domain.
  static func instanceConfiguration(points: Int) -> RuleDetector.Rule {
    let places = [
      "configurationNamingContext", "schemaNamingContext", "dsServiceName", "serverName", "subschemaSubentry",
    ]
    return RuleDetector.Rule(points: points, markers: places) { evidence in
      places.first { place in
        evidence.rootDSE.value(AttributeDescription(place))?.lowercased().contains("cn=configuration,cn={") == true
      }.map { "root DSE \($0) lies below a configuration named by a GUID" }
    }
  }

  /// Samba lists a control once for every module that does it; Microsoft's servers list each once.
  static func repeatedControl(_ evidence: ServerEvidence) -> String? {
    let controls = evidence.rootDSE.supportedControls
    return Set(controls).count < controls.count ? "root DSE lists a supportedControl more than once" : nil
  }

  /// Configuration, schema and DNS zones: the names of these contexts end with the name of the domain or instance.
  private static func housekeeping(_ rootDSE: RootDSE) -> [String] {
    let named = ["configurationNamingContext", "schemaNamingContext"].flatMap {
      rootDSE.values(AttributeDescription($0))
    }
    let heads = ["cn=configuration,", "cn=schema,cn=configuration,", "dc=domaindnszones,", "dc=forestdnszones,"]
    return named
      + rootDSE.namingContexts.filter { context in
        heads.contains { context.lowercased().replacing(" ", with: "").hasPrefix($0) }
      }
  }

  private static let levels = [
    "0": "2000", "2": "2003", "3": "2008", "4": "2008 R2", "5": "2012", "6": "2012 R2", "7": "2016", "10": "2025",
  ]

  /// The release in words: the functional level, which releases since then keep.
  private static func functionalLevel(_ evidence: ServerEvidence) -> String? {
    evidence.rootDSE.value("domainControllerFunctionality").map { level in
      levels[level].map { "(functional level \(level): Windows Server \($0) or later)" }
        ?? "(functional level \(level))"
    }
  }
}
