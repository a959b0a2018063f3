import ConnectorCore
import ConnectorHost
import Testing

@Suite("Discovery")
struct DiscoveryTests {
  private func describe(
    _ directory: ScriptedDirectory = .company, adapters: [VendorAdapter] = [.acme], forced: String? = nil
  ) async throws -> ServerDescription {
    try await Discovery(directory, adapters: adapters, port: 389).describe(forced: forced)
  }

  /// The company with another root DSE.
  private func company(_ change: (inout [String: [String]]) -> Void) -> ScriptedDirectory {
    var rootDSE = ScriptedDirectory.rootDSE
    change(&rootDSE)
    var directory = ScriptedDirectory.company
    directory.entries[0] = .make("", rootDSE)
    return directory
  }

  @Test("Finds product, schema and partitions, without the contexts that hold no entries")
  func everything() async throws {
    let description = try await describe()
    #expect(description.adapter?.name == "acme")
    #expect(description.choice.word == "adapter")
    #expect(description.contexts.partitions == ["dc=example,dc=com"])
    #expect(description.contexts.withoutEntries == ["CN=Log"])
    #expect(!description.contexts.needsBase)
    #expect(description.tops.map(\.problem) == [nil])
    #expect(description.evidence.schema.attributeType("commonName")?.name == "cn")
    #expect(description.evidence.port == 389)
    #expect(description.unseen.isEmpty)
  }

  @Test("Asks for every standard attribute and every marker by name, each once")
  func asksByName() async throws {
    let asked = Asked()
    let reader = AskingReader(inner: .company, asked: asked)
    let twin = VendorAdapter.stub("twin", vendorName: "x", points: 10)
    _ = try await Discovery(reader, adapters: [.acme, twin], port: nil).describe()
    let attributes = try #require(await asked.requests.first { $0.base.isEmpty }).attributes
    #expect(attributes.prefix(2) == ["*", "+"])
    #expect(attributes.contains("supportedFeatures") && attributes.contains("vendorName"))
    #expect(Set(attributes.map { $0.lowercased() }).count == attributes.count)
    let schema = try #require(await asked.requests.first { $0.base == "cn=schema" })
    #expect(schema.scope == .base && schema.filter == .equal("objectClass", "subschema"))
    #expect(
      schema.attributes == ["objectClasses", "attributeTypes", "ldapSyntaxes", "matchingRules", "dITContentRules"])
  }

  @Test("A subschema entry without the class subschema is read all the same")
  func schemaWithoutClass() async throws {
    var directory = ScriptedDirectory.company
    var schema = ScriptedDirectory.schema
    schema["objectClass"] = ["top"]
    directory.entries[1] = .make("cn=schema", schema)
    #expect(try await describe(directory).evidence.schema.attributeType("cn") != nil)
  }

  @Test("What the server hides is told, and is no error")
  func hidden() async throws {
    var directory = company {
      $0["supportedControl"] = nil
      $0["namingContexts"] = ["dc=hidden", "dc=locked"]
    }
    let refused = DirectoryError(.insufficientAccessRights, operation: "search of cn=schema")
    directory.failures = [
      "cn=schema": refused, "dc=locked": DirectoryError(.insufficientAccessRights, operation: "search of dc=locked"),
    ]
    let description = try await describe(directory)
    #expect(description.evidence.schema.attributeTypes.isEmpty)
    #expect(
      description.unseen == [
        "The root DSE lists no supported controls.", "The schema could not be read: \(refused)",
        "Partition “dc=hidden”: its top entry is missing, or hidden from this account.",
        "Partition “dc=locked”: search of dc=locked: insufficientAccessRights (50).",
      ])
  }

  @Test("A root DSE without subschema entry or contexts leaves both to the operator")
  func bareRootDSE() async throws {
    let description = try await describe(company { $0 = ["objectClass": ["top"]] })
    #expect(description.contexts.needsBase)
    #expect(description.unseen.count == 3)
    #expect(description.unseen.contains { $0.contains("names no subschema entry") })
    #expect(description.unseen.contains { $0.contains("names no naming contexts") })
  }

  @Test(
    "One empty context, or one of a NUL, is the whole tree: somebody must say where to begin", arguments: ["", "\0"])
  func wholeTree(context: String) async throws {
    let description = try await describe(company { $0["namingContexts"] = [context] })
    #expect(description.contexts.needsBase)
    #expect(description.contexts.partitions.isEmpty)
  }

  @Test("A lost connection ends discovery, wherever it happens", arguments: ["", "cn=schema"])
  func lostConnection(base: String) async throws {
    var directory = ScriptedDirectory.company
    directory.failures[base] = DirectoryError(.serverDown, operation: "search")
    await #expect(throws: DirectoryError.self) { try await describe(directory) }
  }

  @Test("A server that shows no root DSE is an error that says so")
  func noRootDSE() async throws {
    let directory = ScriptedDirectory(entries: [.make("dc=example,dc=com")])
    await #expect(throws: DirectoryError.self) { try await describe(directory) }
  }

  @Test("A server that nobody recognises is served by the generic adapter, with the schema's entryUUID")
  func generic() async throws {
    let description = try await describe(adapters: [.stub("other", vendorName: "Other", points: 90)])
    #expect(description.choice.word == "generic")
    #expect(description.adapter?.name == "generic")
    #expect(description.adapter?.immutableID == .entryUUID)
  }

  @Test("A tie is not guessed: both adapters are named, and no adapter serves")
  func tie() async throws {
    let adapters = [
      VendorAdapter.stub("one", vendorName: "Acme", points: 80), .stub("two", vendorName: "Acme", points: 80),
    ]
    let description = try await describe(adapters: adapters)
    #expect(description.choice.word == "tie")
    #expect(description.adapter == nil)
    #expect {
      try description.requireAdapter()
    } throws: { error in
      "\(error)".contains("`adapter: one` (one server) or `adapter: two` (two server)")
    }
    #expect(try await describe(adapters: adapters, forced: "two").adapter?.name == "two")
  }

  @Test("A product that must not be served is refused, also where the configuration names its adapter")
  func refused() async throws {
    let adapter = VendorAdapter.stub("bad", vendorName: "Acme", points: 90, refusal: "use the other connector")
    for forced in [nil, "bad"] {
      let description = try await describe(
        adapters: [adapter, .stub("good", vendorName: "x", points: 9)], forced: forced)
      #expect(description.choice.word == "refused")
      #expect {
        try description.requireAdapter()
      } throws: {
        "\($0)".contains("use the other connector")
      }
    }
    #expect(try await describe(adapters: [adapter], forced: "generic").adapter?.name == "generic")
  }

  @Test("Readiness is told a partition, and a strategy that fails has not said no")
  func readiness() async throws {
    let description = try await describe()
    let report = try await DeltaReport.examine(
      description, partitions: ["dc=example,dc=com", "dc=other"], unreadable: ["dc=hidden"], ScriptedDirectory.company)
    #expect(report.method == "stub")
    #expect(report.partitions.map(\.status) == ["available", "could not tell", "could not tell"])
    #expect(report.partitions[1].findings.first?.evidence == "search of cn=log: insufficientAccessRights (50)")
  }

  @Test("Without an adapter or a strategy the report says why there is no delta import")
  func noStrategy() async throws {
    let stub = VendorAdapter.stub("one", vendorName: "Acme", points: 80)
    let plain = try await describe(adapters: [stub])
    let report = try await DeltaReport.examine(plain, partitions: ["dc=example,dc=com"], ScriptedDirectory.company)
    #expect(report.method == nil && report.unavailable == stub.deltaUnavailable && report.partitions.isEmpty)
    let tie = try await describe(adapters: [stub, .stub("two", vendorName: "Acme", points: 80)])
    let none = try await DeltaReport.examine(tie, partitions: [], ScriptedDirectory.company)
    #expect(none.method == nil && none.unavailable != nil)
  }
}

@Suite("Mandatory features")
struct MandatoryFeaturesTests {
  private func missing(_ attributes: [String: [String]], anchor: AnchorPolicy = .dn) -> [String] {
    MandatoryFeatures.missing(in: RootDSE(.make("", attributes)), anchor: anchor).map(\.oid)
  }

  @Test("Nothing is missing where true/false filters and paged results are listed")
  func complete() {
    #expect(
      missing([
        "supportedFeatures": [WellKnownOIDs.trueFalseFilters], "supportedControl": [WellKnownOIDs.pagedResults],
      ]).isEmpty)
  }

  @Test("Virtual list view stands in for paged results only together with sorting")
  func paging() {
    let features = ["supportedFeatures": [WellKnownOIDs.trueFalseFilters]]
    let both = [WellKnownOIDs.virtualListView, WellKnownOIDs.sort]
    #expect(missing(features.merging(["supportedControl": both]) { $1 }).isEmpty)
    #expect(missing(features.merging(["supportedControl": [both[0]]]) { $1 }) == [WellKnownOIDs.pagedResults])
    #expect(missing(features) == [WellKnownOIDs.pagedResults])
  }

  @Test("All operational attributes matter only where an attribute is the anchor")
  func anchor() {
    let listed = ["supportedControl": [WellKnownOIDs.pagedResults]]
    #expect(missing(listed) == [WellKnownOIDs.trueFalseFilters])
    #expect(
      missing(listed, anchor: .attribute(.entryUUID)) == [
        WellKnownOIDs.trueFalseFilters, WellKnownOIDs.allOperationalAttributes,
      ])
  }
}

extension ServerDescription.Choice {
  fileprivate var word: String {
    switch self {
    case .adapter: "adapter"
    case .generic: "generic"
    case .refused: "refused"
    case .tie: "tie"
    }
  }
}

/// Remembers the searches that it passes on.
private struct AskingReader: DirectoryReader {
  var inner: ScriptedDirectory
  var asked: Asked

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    await asked.add(request)
    return try await inner.search(request, each: each)
  }
}

private actor Asked {
  private(set) var requests: [SearchRequest] = []
  func add(_ request: SearchRequest) { requests.append(request) }
}
