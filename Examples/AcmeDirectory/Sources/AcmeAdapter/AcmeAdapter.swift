import ConnectorCore

extension VendorAdapter {
  /// Acme Directory 4: a made-up server with IDs of its own and no log.
  public static var acme: VendorAdapter {
    var adapter = VendorAdapter("acme", title: "Acme Directory", detector: RuleDetector(signs + contradictions))
    adapter.anchor = .dn
    adapter.immutableID = ImmutableID("acmeEntryID")
    adapter.deltaUnavailable =
      "Acme Directory keeps no log that a client may read, so that nothing tells what changed. Run full imports."
    adapter.secretAttributes = ["acmePasswordHistory"]
    adapter.computedAttributes = ["acmeLastSeen"]
    adapter.contextsWithoutEntries = ["cn=acme-internals"]
    adapter.linkedAttributes = [LinkedAttributes(forward: "member", backward: "memberOf")]
    adapter.version = { evidence in
      evidence.rootDSE.value("vendorVersion").map { String($0.drop { !$0.isNumber }) }
    }
    return adapter
  }

  /// What Acme Directory says of itself: any one may be hidden, and any one copied by another server.
  private static var signs: [RuleDetector.Rule] {
    [
      .rootDSE("objectClass", equals: "acmeRootDSE", points: 40),
      .rootDSE(has: "acmeInstance", points: 30),
      .rootDSE("vendorName", contains: "Acme Directory Works", points: 30),
      .schema(defines: "acmeEntryID", points: 20),
    ]
  }

  /// What it never says: a server with one of these has copied the signs.
  private static var contradictions: [RuleDetector.Rule] {
    [
      .rootDSE("structuralObjectClass", equals: "OpenLDAProotDSE", points: -200),
      .rootDSE(has: "dsServiceName", points: -200),
    ]
  }
}
