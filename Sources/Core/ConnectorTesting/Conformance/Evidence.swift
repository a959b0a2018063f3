import ConnectorCore

/// What a server says of itself, in a form that can be changed.
struct Evidence: Sendable {
  var root: AttributeList
  var schema: Schema
  var port: Int?

  init(root: AttributeList = [:], schema: Schema = Schema(), port: Int? = nil) {
    self.root = root
    self.schema = schema
    self.port = port
  }

  init(_ fixture: Fixture) {
    self.init(root: MemoryEntry(fixture.rootDSE).attributes, schema: fixture.schema, port: fixture.expected.port)
  }

  static let empty = Evidence()

  /// What a root DSE has by RFC 4512 §5.1 and RFC 3045, so that every detection reads it.
  static let standard: [AttributeDescription] = [
    "objectClass", "namingContexts", "altServer", "supportedExtension", "supportedControl", "supportedFeatures",
    "supportedLDAPVersion", "supportedSASLMechanisms", "subschemaSubentry", "vendorName", "vendorVersion",
  ]

  var evidence: ServerEvidence {
    ServerEvidence(rootDSE: RootDSE(MemoryEntry(dn: "", root).entry), schema: schema, port: port)
  }

  /// The root DSE in another letter case.
  func spelled(_ spell: (String) -> String) -> Evidence {
    var other = Evidence(schema: schema, port: port)
    for (name, values) in root {
      other.root[AttributeDescription(spell(name.string))] += values.map { value in
        String(validating: value, as: UTF8.self).map { Array(spell($0).utf8) } ?? value
      }
    }
    return other
  }

  /// The root DSE from behind.
  var reversed: Evidence {
    var other = Evidence(schema: schema, port: port)
    for (name, values) in Array(root).reversed() { other.root[name] = values.reversed() }
    return other
  }
}

extension Trial {
  /// The attributes that the detector asks for by name.
  var markers: [AttributeDescription] { adapter.detector.markers.map { AttributeDescription($0) } }

  /// In these a server says what it is; who copies them asks to be taken for it.
  private static let selfNaming: [AttributeDescription] = ["vendorName", "vendorVersion", "objectClass"]

  /// The fixture of the product that shows most of what the detector weighs.
  var fullestOwn: (Evidence, String)? {
    let fixtures = subject.own.map { (Evidence($0), $0.name) }
    return fixtures.max { facts($0.0) < facts($1.0) }
  }

  private func facts(_ evidence: Evidence) -> Int { adapter.detector.detect(evidence.evidence).reasons.count }

  /// What the detector looks at, as the product's fixtures have it, each attribute with its values but once.
  var ownMarkers: [(AttributeDescription, [[UInt8]])] {
    let names = Set(markers).subtracting(Self.selfNaming)
    let all = subject.own.flatMap { MemoryEntry($0.rootDSE).attributes.filter { names.contains($0.0) } }
    return Dictionary(all) { first, _ in first }.map { ($0, $1) }.sorted { $0.0.string < $1.0.string }
  }

  /// Evidence with these values in every marker.
  func marked(with values: [String]) -> Evidence {
    var evidence = Evidence.empty
    for name in markers + ["objectClass", "vendorName"] { evidence.root[name] = values.map { Array($0.utf8) } }
    return evidence
  }

  /// Fixtures, nothing, and nonsense.
  var everyEvidence: [(ServerEvidence, String)] {
    (subject.own + subject.foreign).map { ($0.evidence(), $0.name) } + [
      (Evidence.empty.evidence, "an empty root DSE"), (marked(with: ["\0", ""]).evidence, "nonsense in every marker"),
    ]
  }

  func forOwn(_ body: (inout Evidence, String) throws -> Void) throws {
    for fixture in subject.own {
      var evidence = Evidence(fixture)
      try body(&evidence, fixture.name)
    }
  }

  func expectWin(_ evidence: ServerEvidence, _ name: String) throws {
    let score = adapter.detector.detect(evidence).score
    try expect(
      score >= AdapterSelection.threshold, "\(name): \(score) points, and \(AdapterSelection.threshold) are needed")
    let best = winner(evidence)
    try expect(best == adapter.name, "\(name): \(best ?? "nobody") wins, by points or level with this one")
  }

  func expectLoss(_ evidence: ServerEvidence, _ name: String) throws {
    let detection = adapter.detector.detect(evidence)
    guard detection.score >= AdapterSelection.threshold else { return }
    let facts = detection.reasons.map(\.fact).joined(separator: "; ").prefix(300)
    try expect(winner(evidence) != adapter.name, "\(name): the adapter wins with \(detection.score) points (\(facts))")
  }

  func expectSameScore(_ one: Evidence, _ other: Evidence, _ name: String) throws {
    let scores = [one, other].map { adapter.detector.detect($0.evidence).score }
    try expect(scores[0] == scores[1], "\(name): \(scores[1]) points instead of \(scores[0])")
  }

  /// Who wins, this adapter among its rivals; nil for a tie, or where nobody does.
  private func winner(_ evidence: ServerEvidence) -> String? {
    let rivals = subject.rivals.filter { $0.name != adapter.name }
    switch AdapterSelection([adapter] + rivals, evidence: evidence).choice {
    case .adapter(let winner): return winner.name
    case .refused(let winner, _): return winner.name
    case .generic, .tie: return nil
    }
  }
}
