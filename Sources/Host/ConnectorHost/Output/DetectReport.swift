import ConnectorCore

/// All that detection found out, with stable names for scripts.
package struct DetectReport: Sendable, Encodable {
  /// One adapter's verdict.
  package struct Verdict: Sendable, Encodable, Equatable {
    package struct Reason: Sendable, Encodable, Equatable {
      package var points: Int
      package var fact: String
    }

    package var adapter: String
    package var title: String
    package var score: Int
    package var reasons: [Reason]
    /// Why the product is not served.
    package var refusal: String?
  }

  /// A partition and whether its top entry can be read.
  package struct Partition: Sendable, Encodable, Equatable {
    package var dn: String
    /// Nil where there was no connection to look with.
    package var readable: Bool?
    package var problem: String?
  }

  /// An OID with its name, where we know one.
  package struct Capability: Sendable, Encodable, Equatable {
    package var oid: String
    package var name: String?
  }

  /// How much of the schema could be read.
  package struct SchemaSize: Sendable, Encodable, Equatable {
    package var objectClasses: Int
    package var attributeTypes: Int
    /// Definitions that break RFC 4512 in some way.
    package var problems: Int
  }

  /// Nil where a file was read instead of a server.
  package var url: String?
  package var address: String?
  /// The file with the root DSE, where one was read instead of a server.
  package var evidence: String?
  package var tls: TLSFacts?
  /// The name of the adapter that serves, `generic`, `refused` or `tie`.
  package var winner: String
  /// The best adapter's score, whether it is enough or not.
  package var score: Int
  /// Why the winner won; empty where no single adapter did.
  package var reasons: [Verdict.Reason]
  /// `adapter`, `generic`, `refused` or `tie`.
  package var choice: String
  /// The adapter that serves.
  package var adapter: String?
  /// The product's name, also where it is refused.
  package var product: String?
  /// What is built on the product, such as a distribution with rules of its own.
  package var subtype: String?
  package var version: String?
  package var vendorName: String?
  package var vendorVersion: String?
  package var ranking: [Verdict]
  /// Why no adapter serves, and what to do.
  package var undecided: String?
  package var partitions: [Partition]
  package var contextsWithoutEntries: [String]
  /// Whether the server names no usable partition, so that somebody must.
  package var needsBase: Bool
  package var controls: [Capability]
  package var extensions: [Capability]
  package var features: [Capability]
  package var saslMechanisms: [String]
  package var missing: [MissingFeature]
  /// What the product lists and does not do.
  package var listedInVain: [Capability]
  /// What the product cannot do, or does in its own way; a sentence each.
  package var remarks: [String]
  /// `dn`, or the attribute.
  package var anchor: String?
  package var immutableID: String?
  package var passwordAttribute: String?
  package var delta: DeltaReport
  /// Nil where no adapter serves.
  package var export: Export?
  package var schema: SchemaSize
  /// What the server did not show, a sentence each.
  package var unseen: [String]
}

extension DetectReport {
  /// Joins what was found on a server.
  init(_ target: Target, _ connection: Connection, _ description: ServerDescription, _ delta: DeltaReport) {
    self.init(description, delta)
    url = target.url
    address = connection.address
    tls = connection.tls
    partitions = description.tops.map(Partition.init)
  }

  /// Joins what files tell; the rest is unknown.
  init(file: String, _ description: ServerDescription) {
    self.init(description, .unknown(description))
    evidence = file
    unseen.append("There was no connection: whether partitions can be read and changes be found is unknown.")
  }

  private init(_ description: ServerDescription, _ delta: DeltaReport) {
    let (evidence, rootDSE, adapter) = (description.evidence, description.evidence.rootDSE, description.adapter)
    let ranking = description.selection.ranking.map { Verdict($0.adapter, $0.detection) }
    let named = description.named
    self.init(
      winner: description.choice.winner, score: ranking.first?.score ?? 0,
      reasons: ranking.first { $0.adapter == named?.name }?.reasons ?? [], choice: description.choice.name,
      adapter: adapter?.name, product: named?.title, subtype: adapter?.subtype(evidence),
      version: named?.version(evidence), vendorName: rootDSE.vendorName, vendorVersion: rootDSE.vendorVersion,
      ranking: ranking, undecided: description.undecided,
      partitions: description.contexts.partitions.map { Partition(dn: $0) },
      contextsWithoutEntries: description.contexts.withoutEntries, needsBase: description.contexts.needsBase,
      controls: rootDSE.supportedControls.map(Capability.init),
      extensions: rootDSE.supportedExtensions.map(Capability.init),
      features: rootDSE.supportedFeatures.map(Capability.init), saslMechanisms: rootDSE.saslMechanisms,
      missing: MandatoryFeatures.missing(in: rootDSE, anchor: adapter?.anchor ?? .dn, adapter: adapter),
      listedInVain: rootDSE.supportedControls.filter { adapter?.listedInVain.contains($0) == true }
        .map(Capability.init), remarks: adapter?.remarks(evidence) ?? [],
      anchor: adapter.map { $0.anchor.name }, immutableID: adapter?.immutableID?.attribute.string,
      passwordAttribute: adapter?.passwordAttribute.string, delta: delta, export: Export(description),
      schema: SchemaSize(evidence.schema),
      unseen: description.unseen)
  }
}

extension DetectReport.Verdict {
  fileprivate init(_ adapter: VendorAdapter, _ detection: ConnectorCore.Detection) {
    self.init(
      adapter: adapter.name, title: adapter.title, score: detection.score,
      reasons: detection.reasons.map { Reason(points: $0.points, fact: $0.fact) }, refusal: detection.refusal)
  }
}

extension DetectReport.Partition {
  fileprivate init(_ top: ServerDescription.Top) {
    self.init(dn: top.dn, readable: top.problem == nil, problem: top.problem)
  }
}

extension DetectReport.Capability {
  fileprivate init(_ oid: String) { self.init(oid: oid, name: WellKnownOIDs.name(of: oid)) }
}

extension DetectReport.SchemaSize {
  fileprivate init(_ schema: Schema) {
    self.init(
      objectClasses: schema.objectClasses.count, attributeTypes: schema.attributeTypes.count,
      problems: schema.problems.count)
  }
}

extension ServerDescription {
  /// The adapter that serves, or that names the product that is refused.
  fileprivate var named: VendorAdapter? {
    if case .refused(let adapter, _) = choice { adapter } else { adapter }
  }
}

extension ServerDescription.Choice {
  /// The adapter's name, or the word for what is none.
  var winner: String {
    if case .adapter(let adapter) = self { adapter.name } else { name }
  }

  /// The word that scripts see.
  var name: String {
    switch self {
    case .adapter: "adapter"
    case .generic: "generic"
    case .refused: "refused"
    case .tie: "tie"
    }
  }
}

extension AnchorPolicy {
  /// `dn`, or the attribute, as configuration writes it.
  package var name: String { attribute?.string ?? "dn" }
}
