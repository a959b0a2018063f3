import ConnectorCore

/// A sample scrambled: what the files of a recording hold.
struct Recording {
  let rootDSE: Entry
  let schema: Entry?
  let entries: [Entry]
  let records: [Entry]
  let log: RecordedSample.Log?
  let logDN: String?
  /// What detection said of the server.
  let expected: RecordedExpectation
  /// Attributes of which no value was written.
  let dropped: [String]
  let remarks: [String]
  /// Looks for what was replaced.
  let check: LeakCheck

  /// Scrambles a sample.
  /// - Parameters:
  ///   - port: the port that the server was reached on.
  ///   - places: names and addresses that must not appear, such as the host's.
  init(_ sample: RecordedSample, _ description: ServerDescription, port: Int, places: [String]) {
    let schemaOfServer = description.evidence.schema
    let scrambler = Scrambler(AttributeTreatments(schemaOfServer, description.adapter))
    for entry in [sample.rootDSE] + sample.entries + sample.records { scrambler.reserve(entry) }
    rootDSE = scrambler.rootDSE(sample.rootDSE)
    entries = sample.entries.map { scrambler.entry($0) }
    records = sample.records.map { scrambler.entry($0) }
    logDN = sample.logDN.map { scrambler.name($0) }
    let partitions = description.tops.filter { $0.problem == nil }.map { scrambler.name($0.dn) }
    for place in places where place != "localhost" { scrambler.forbid(place, as: "the server's address") }
    let check = LeakCheck(scrambler, schemaOfServer)
    self.check = check
    schema = sample.schema.map { scrambler.schema($0, check) }
    expected = RecordedExpectation(description, port: port, partitions: partitions)
    dropped = scrambler.dropped.sorted()
    log = sample.log
    remarks = sample.remarks
  }

  /// The adapter that detection would take for the recording, `refused`, `generic` or `tie`.
  func winner(_ adapters: [VendorAdapter], port: Int) -> String {
    let definitions = schema.map { Schema(subschema: $0) }
    let evidence = ServerEvidence(rootDSE: RootDSE(rootDSE), schema: definitions ?? Schema(), port: port)
    return RecordedExpectation.winner(ServerDescription(evidence, adapters: adapters))
  }
}

/// What detection must say of a recording: `expected.json`.
struct RecordedExpectation: Encodable {
  let winner: String
  let product: String?
  let port: Int
  let anchor: String?
  let immutableID: String?
  let changeLog: String?
  let passwordAttribute: String?
  let partitions: [String]

  init(_ description: ServerDescription, port: Int, partitions: [String]) {
    let adapter = description.adapter
    winner = Self.winner(description)
    if case .refused(let refused, _) = description.choice { product = refused.title } else { product = nil }
    self.port = port
    anchor = adapter?.anchor.name
    immutableID = adapter?.immutableID?.attribute.string
    changeLog = adapter?.changeLogDN
    passwordAttribute = adapter?.passwordAttribute.string
    self.partitions = partitions
  }

  static func winner(_ description: ServerDescription) -> String {
    switch description.choice {
    case .adapter(let adapter): adapter.name
    case .generic: "generic"
    case .refused: "refused"
    case .tie: "tie"
    }
  }
}
