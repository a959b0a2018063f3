import Testing

@testable import TestSupport

/// Eight writers at full speed while imports run: nothing lost, nothing invented, and nothing deleted that lives.
@Suite(.serialized) struct ConcurrencyTests {
  private static let busy = "ou=busy,\(SlapdServer.base)"
  private static let elsewhere = "ou=elsewhere,\(SlapdServer.base)"
  private static let seconds = 20.0
  /// Without an overlap the order of CSNs alone must find everything; and a budget, which has tests of its own, would
  /// hide a wrong delete.
  private static let bare = "import: {overlap: 0s}\ndeleteBudget: {count: 1000000, percent: 100}"

  @Test func deltasAndAFullImportTakeTurnsWithEightWriters() async throws {
    let workload = Self.workload()
    try await Scene.running(Self.options(workload), yaml: Self.bare) { scene in
      try await scene.full()
      let (report, turns) = try await Self.imports(scene, beside: workload, first: "full")
      for _ in 0..<2 { _ = try await Self.run(scene, "delta") }
      let facts = "\(turns.count) imports beside \(report.summary)"
      print("ConcurrencyTests: \(facts)")
      try await scene.expectTruth("\(facts)")
      #expect(Self.lost(report.writtenOnce, try await scene.objects()) == [], "\(facts)")
      try await Self.expectThatOnlyTheDeadWereDeleted(scene, "\(facts)")
    }
  }

  @Test func deltasAloneFindWhatAWatermarkOnReqStartLoses() async throws {
    var lost = 0
    for _ in 0..<3 where lost == 0 { lost = try await Self.lostByReqStart() }
    #expect(lost > 0, "the poller lost nothing in three runs, so this workload proves nothing")
  }

  /// Runs deltas, and a poller that follows `reqStart` alone, beside the same writers.
  /// - Returns: how many of the entries written once the poller never saw; the connector must have all of them.
  private static func lostByReqStart() async throws -> Int {
    let workload = workload()
    var lost = 0
    // Branches move out of the connector's scope and into it again.
    try await Scene.running(options(workload), yaml: bare, partition: "include: [\"\(busy)\"]") { scene in
      scene.searchBases = [busy]
      try await scene.full()
      let before = try await records(scene)
      let poller = try await StartPoller(on: scene.server)
      let polling = Task { try await poller.pollUntilCancelled() }
      defer { polling.cancel() }
      var (report, turns) = try await imports(scene, beside: workload)
      polling.cancel()
      try await polling.value
      for _ in 0..<2 { turns.append(try await run(scene, "delta")) }
      lost = Self.lost(report.writtenOnce, poller.targets)
      let facts = "\(turns.count) deltas beside \(report.summary); by reqStart alone \(lost) lost (\(poller.summary))"
      print("ConcurrencyTests: \(facts)")
      try await scene.expectTruth("\(facts)")
      #expect(Self.lost(report.writtenOnce, try await scene.objects()) == [], "\(facts)")
      let hints = turns.reduce(0) { $0 + $1.count("hints") }
      let written = try await records(scene) - before
      // Records from before the first delta may be hinted once more.
      #expect((written...written + before).contains(hints), "\(written) records, \(hints) hints: \(facts)")
    }
    return lost
  }

  // MARK: Parts

  private static func workload() -> Workload {
    var workload = Workload(seed: .random(in: 0...UInt64(UInt32.max)), base: busy)
    workload.outside = elsewhere
    return workload
  }

  /// The writers' areas are loaded without a trace in the log.
  private static func options(_ workload: Workload) -> SlapdOptions {
    var units = LDIFText()
    for dn in [busy, elsewhere] { units.entry(dn, classes: ["organizationalUnit"], []) }
    return .with { $0.seed = .text(units.text + workload.contentLDIF) }
  }

  /// Imports one after the other, `first` and then deltas, for as long as the writers write; a debug build on a busy
  /// machine may still be at the first when they end.
  private static func imports(
    _ scene: Scene, beside workload: Workload, first: String = "delta"
  ) async throws -> (Workload.Report, [Report]) {
    let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(seconds * 1000)))
    async let writing = workload.run(on: scene.server, for: seconds)
    var reports: [Report] = []
    while ContinuousClock.now < end {
      reports.append(try await run(scene, reports.isEmpty ? first : "delta"))
    }
    return (try await writing, reports)
  }

  /// An import that may take its time: on a busy machine the writers are faster than a debug build.
  private static func run(_ scene: Scene, _ step: String) async throws -> Report {
    Report(try await scene.tool("import", step, "--json", timeout: 600))
  }

  /// The ledger's entries that no object shows as they were written.
  private static func lost(_ ledger: [Workload.WrittenOnce], _ objects: [ExportedObject]) -> [String] {
    let marks = Dictionary(objects.map { ($0.dn, $0.strings("description")) }) { first, _ in first }
    return ledger.filter { marks[$0.dn] != [$0.mark] }.map(\.dn)
  }

  /// How many of the ledger's entries were never seen in the log.
  private static func lost(_ ledger: [Workload.WrittenOnce], _ targets: Set<String>) -> Int {
    ledger.count { !targets.contains($0.dn) }
  }

  private static func records(_ scene: Scene) async throws -> Int {
    try await scene.server.connector.search(SlapdServer.logBase, scope: .one, attributes: ["1.1"]).count
  }

  /// Every delete of the feed is one of the directory: the entry is gone, it went once, and the log says so.
  private static func expectThatOnlyTheDeadWereDeleted(_ scene: Scene, _ comment: Comment) async throws {
    let deleted = try await scene.feed().filter { $0.change == .delete }.map(\.id)
    let living = Set(try await scene.directory().compactMap(\.entryUUID))
    let log = try await scene.server.admin.search(
      SlapdServer.logBase, scope: .one, filter: "(reqType=delete)", attributes: ["reqEntryUUID"])
    let recorded = Set(log.flatMap { $0.strings("reqEntryUUID") })
    #expect(!deleted.isEmpty, comment)
    #expect(Set(deleted).count == deleted.count, comment)
    #expect(living.isDisjoint(with: deleted), comment)
    #expect(Set(deleted).subtracting(recorded) == [], comment)
  }
}
