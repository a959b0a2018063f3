public import ConnectorCore

extension VendorAdapter {
  /// Apache Directory Server: DN anchor, `entryUUID`; no change log that outlives a restart.
  public static var apacheDS: VendorAdapter {
    var adapter = VendorAdapter("apacheds", title: "ApacheDS", detector: RuleDetector(ApacheDS.rules))
    adapter.immutableID = .entryUUID
    adapter.export = ApacheDS.export
    adapter.contextsWithoutEntries = ["ou=config", "ou=schema", "ou=system"]
    adapter.secretAttributes = ["ads-certificatePassword", "krb5Key", "pwdHistory"]
    adapter.computedAttributes = [
      "contextCSN", "entryParentId", "hasSubordinates", "nbChildren", "nbSubordinates", "numSubordinates",
    ]
    adapter.version = { $0.rootDSE.vendorVersion }
    adapter.deltaUnavailable =
      "ApacheDS keeps no persistent change log, so that there is nothing to read changes from: run full imports."
    // The server lists every control that its codec can read; these it accepts, critical ones too, and ignores.
    adapter.listedInVain = [
      WellKnownOIDs.virtualListView, "2.16.840.1.113730.3.4.10", "1.2.840.113556.1.4.805", "1.2.840.113556.1.4.417",
      "1.2.840.113556.1.4.841", "1.2.840.113556.1.4.528", "1.2.840.113556.1.4.2239",
    ]
    adapter.remarks = { _ in
      [
        "The server lists tree delete, DirSync, show deleted and virtual list view, and does none of them.",
        "True and false filters, `(&)` and `(|)`, end the connection; the connector writes them in another way.",
        "Accounts other than the administrator read as many entries as the size limit allows (1000 by default), paged or "
          + "not.",
        "Attribute options such as `;lang-de` are dropped, and the values filed under the bare attribute.",
      ]
    }
    return adapter
  }
}

/// How an ApacheDS is told. Its list of controls proves nothing: it names what a library can read, whoever uses that.
enum ApacheDS {
  static let export: ExportFacts = {
    var facts = ExportFacts()
    facts.versionAttribute = "entryCSN"
    facts.password.change = .verifiedByBind
    facts.accountState = AccountState(
      "pwdAccountLockedTime", disabled: "000001010000Z", enabled: nil,
      proof: "A bind of a locked account is refused.",
      needs: "the administrator's account, and password policies switched on; the schema says that nobody may write it")
    return facts
  }()

  private static let maker = ["Apache Software Foundation", "ApacheDS"]
  private static let arc = "1.3.6.1.4.1.18060"

  static let rules: [RuleDetector.Rule] = [
    .rootDSE("vendorName", containsAny: maker, points: 30),
    // Version 2 writes this ID into the root DSE of every server.
    .rootDSE("entryUUID", equals: "f290425c-8272-4e62-8a67-92b06f38dbf5", points: 40),
    .namingContext(anyOf: ["ou=system"], points: 10),
    .namingContext(anyOf: ["ou=schema"], points: 15),
    .lists(below: arc, points: 25),
    .schema(below: arc, points: 20),
    .rootDSE("vendorName", otherThan: maker, points: -60),
    .rootDSE("objectClass", equals: "OpenLDAProotDSE", points: -60),
    .rootDSE("objectClass", equals: "ds-root-dse", points: -60),
    .rootDSE(has: "supportedCapabilities", points: -60),
    .rootDSE(has: "directoryTreeName", points: -60),
    .rootDSE(has: "netscapemdsuffix", points: -60),
  ]
}
