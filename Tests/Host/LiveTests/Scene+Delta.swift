import Testing

@testable import TestSupport

/// What a run did, by the names of its report; what is not named must be zero.
typealias Counts = [String: Int]

extension Scene {
  /// Starts a scene whose connector space holds the directory, and whose log has been read to its end.
  /// - Parameter prepare: adapts the scene and the directory before the first import.
  static func imported(
    on product: LiveProduct, _ setup: DirectorySetup = DirectorySetup(), yaml: String = "", partition: String = "",
    prepare: (inout Scene) async throws -> Void = { _ in }, _ body: (Scene) async throws -> Void
  ) async throws {
    try await running(on: product, setup, yaml: yaml, partition: partition) { scene in
      try await scene.begin(prepare)
      try await body(scene)
    }
  }

  /// The same with a slapd set up in its own words.
  static func imported(
    _ options: SlapdOptions = SlapdOptions(), yaml: String = "", partition: String = "",
    prepare: (inout Scene) async throws -> Void = { _ in }, _ body: (Scene) async throws -> Void
  ) async throws {
    try await running(options, yaml: yaml, partition: partition) { scene in
      try await scene.begin(prepare)
      try await body(scene)
    }
  }

  private mutating func begin(_ prepare: (inout Scene) async throws -> Void) async throws {
    try await prepare(&self)
    try await write { $0.modify(Self.base, "replace", "description", ["the first record of the log"]) }
    try await full()
    try await delta()  // reads once what stood in the log before the full import
    try await expectTruth("after the full import")
  }

  /// Changes the directory: one `ldapmodify` with these records.
  func write(accepting codes: Set<Int32> = [0], _ records: (inout LDIFText) -> Void) async throws {
    var text = LDIFText()
    records(&text)
    try await server.admin.modify(text.text, continuing: codes != [0], accepting: codes)
  }

  /// A delta import that did exactly this, neither more nor by reading a branch of the directory, and the promise.
  @discardableResult
  func expectDelta(
    _ counts: Counts, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Report {
    let report = try await delta()
    expect(report, counts, comment, sourceLocation: sourceLocation)
    try await expectTruth(comment, sourceLocation: sourceLocation)
    return report
  }

  /// The object with this DN, as `objects` picks it.
  func object(_ dn: String) async throws -> ExportedObject? {
    try ExportedObject.parse(jsonLines: try await tool("objects", "--dn", dn).standardOutputBytes).first
  }

  /// The change feed after a sequence.
  func changes(since sequence: Int) async throws -> [FeedRecord] {
    try JSONLines.decode(
      FeedRecord.self, from: try await tool("changes", "--since", "\(sequence)").standardOutputBytes
    ).map(\.1)
  }

  /// Where the change feed ends.
  func lastSequence() async throws -> Int { try await changes(since: 0).last?.sequence ?? 0 }

  /// The report's counts are these.
  func expect(
    _ report: Report, _ counts: Counts, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // Without the ID in a record, a rename is found by reading more, and at times in two steps.
    let costs = product.logsIDs ? ["read", "updated"] : []
    for name in ["hints", "added", "renamed", "deleted", "held", "pending"] + costs {
      #expect(
        report.count(name) == counts[name, default: 0], "\(name): \(comment?.rawValue ?? "") \(report.result.summary)",
        sourceLocation: sourceLocation)
    }
  }
}

extension LDIFText {
  /// A record that adds a person with this RDN; `more` are further attributes.
  mutating func person(_ rdn: String, in container: String, _ more: [(String, String)] = []) {
    // The server adds the RDN's own values.
    let needed = [("sn", "Person")] + (rdn.lowercased().hasPrefix("cn=") ? [] : [("cn", "A person")])
    add("\(rdn),\(container)", classes: ["inetOrgPerson"], needed + more)
  }

  /// A record that adds an organizational unit.
  mutating func unit(_ rdn: String, in container: String) {
    add("\(rdn),\(container)", classes: ["organizationalUnit"], [])
  }

  /// A record that adds a group.
  mutating func group(_ rdn: String, in container: String, members: [String]) {
    add("\(rdn),\(container)", classes: ["groupOfNames"], members.map { ("member", $0) })
  }
}
