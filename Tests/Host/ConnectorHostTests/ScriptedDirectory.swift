import ConnectorCore

/// A directory in memory for tests: entries, each maybe hidden, with a root DSE and a schema like any other.
struct ScriptedDirectory: DirectoryReader {
  /// The entries; the one with the empty DN is the root DSE.
  var entries: [Entry]
  /// Bases whose searches end with an error.
  var failures: [String: DirectoryError] = [:]

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    if let failure = failures[request.base] { throw failure }
    let base = try DN(request.base)
    let found = try entries.filter { entry in
      let dn = try DN(entry.dn)
      switch request.scope {
      case .base: return dn == base
      case .oneLevel: return dn.parent == base
      case .subtree: return dn.isEqualOrDescendant(of: base)
      }
    }
    guard !found.isEmpty || request.scope == .oneLevel else {
      throw DirectoryError(.noSuchObject, operation: "search of \(request.base)")
    }
    let wanted = found.filter { Self.matches($0, request.filter) }
    if request.sizeLimit > 0, wanted.count > request.sizeLimit {
      throw DirectoryError(.sizeLimitExceeded, operation: "search of \(request.base)")
    }
    for entry in wanted { try await each(Self.batch(of: entry, request.attributes)) }
    return SearchSummary(entries: wanted.count)
  }

  private static func matches(_ entry: Entry, _ filter: Filter) -> Bool {
    guard case .equal(let attribute, let value) = filter else { return true }
    return entry.strings(attribute).contains { $0.lowercased() == String(decoding: value, as: UTF8.self).lowercased() }
  }

  /// A page of one entry; operational attributes are left out unless they are named or asked for with `+`.
  private static func batch(of entry: Entry, _ attributes: [String]) -> EntryBatch {
    EntryBatch([attributes == [SearchRequest.noAttributes] ? Entry(dn: entry.dn, attributes: []) : entry])
  }
}

extension Entry {
  /// An entry with values given as text.
  static func make(_ dn: String, _ attributes: [String: [String]] = ["objectClass": ["top"]]) -> Entry {
    Entry(dn: dn, attributes: attributes.map { (AttributeDescription($0), $1.map { Array($0.utf8) }) })
  }
}

extension ScriptedDirectory {
  static let rootDSE: [String: [String]] = [
    "objectClass": ["top", "acmeRootDSE"], "namingContexts": ["dc=example,dc=com", "CN=Log"],
    "subschemaSubentry": ["cn=schema"], "supportedControl": [WellKnownOIDs.pagedResults],
    "supportedFeatures": [WellKnownOIDs.trueFalseFilters], "vendorName": ["Acme"],
  ]

  static let schema: [String: [String]] = [
    "objectClass": ["subschema"],
    "objectClasses": [
      "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
      "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY description )",
      "( 1.3.6.1.4.1.1466.101.120.111 NAME 'extensibleObject' SUP top AUXILIARY )",
    ],
    "attributeTypes": [
      "( 2.5.4.0 NAME 'objectClass' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
      "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.36 NAME 'userCertificate' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.49 NAME 'distinguishedName' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 SINGLE-VALUE )",
      "( 2.5.18.1 NAME 'createTimestamp' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE NO-USER-MODIFICATION "
        + "USAGE directoryOperation )",
      "( 1.3.6.1.1.16.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE USAGE directoryOperation )",
    ],
  ]

  /// A small company on a server of the invented product Acme.
  static let company = ScriptedDirectory(entries: [
    .make("", rootDSE), .make("cn=schema", schema), .make("dc=example,dc=com"), .make("ou=people,dc=example,dc=com"),
    .make("cn=Ann,ou=people,dc=example,dc=com"), .make("cn=Bob,OU=People,dc=example,dc=com"),
    .make("ou=empty,dc=example,dc=com"), .make("ou=sales,ou=people,dc=example,dc=com"),
    .make("cn=Cem,ou=sales,ou=people,dc=example,dc=com"),
  ])
}

extension VendorAdapter {
  /// The adapter of the invented product Acme.
  static let acme: VendorAdapter = {
    let rules: [RuleDetector.Rule] = [.rootDSE("objectClass", equals: "acmeRootDSE", points: 90)]
    var adapter = VendorAdapter("acme", title: "Acme Directory", detector: RuleDetector(rules))
    adapter.contextsWithoutEntries = ["cn=log"]
    adapter.immutableID = .entryUUID
    adapter.delta = { _ in StubDelta() }
    return adapter
  }()

  /// An adapter that recognises a root DSE attribute value.
  static func stub(_ name: String, vendorName: String, points: Int, refusal: String? = nil) -> VendorAdapter {
    let rules: [RuleDetector.Rule] = [.rootDSE("vendorName", equals: vendorName, points: points)]
    return VendorAdapter(name, title: "\(name) server", detector: RuleDetector(rules, refusal: refusal))
  }
}

/// A strategy that is ready for one partition and cannot tell for others.
struct StubDelta: DeltaStrategy {
  var method: DeltaMethod { "stub" }

  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    guard try partition == DN("dc=example,dc=com") else {
      throw DirectoryError(.insufficientAccessRights, operation: "search of cn=log")
    }
    return Readiness([.init(.available, "one record was read")])
  }

  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    Watermark(method: method, version: 1, server: "s", position: "0")
  }

  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity { .unbroken }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    try await sink(HintBatch(hints: [], checkpoint: watermark))
  }
}
