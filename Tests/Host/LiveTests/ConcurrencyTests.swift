import Foundation
import Testing

@testable import TestSupport

/// Eight writers at full speed while imports run: nothing lost, nothing invented, and nothing deleted that lives.
@Suite(.serialized) struct ConcurrencyTests {
  private static let busy = "ou=busy,\(Scene.base)"
  private static let elsewhere = "ou=elsewhere,\(Scene.base)"
  /// A budget, which has tests of its own, would hide a wrong delete.
  private static let budget = "deleteBudget: {count: 1000000, percent: 100}\n"
  /// Without an overlap the order of CSNs alone must find everything.
  private static let bare = budget + "import: {overlap: 0s}"

  @Test(arguments: [(LiveProduct.slapd, bare, 20.0), (.ds389, budget, 12)])
  func deltasAndAFullImportTakeTurnsWithEightWriters(product: LiveProduct, yaml: String, seconds: Double) async throws {
    let workload = Self.workload()
    try await Scene.running(on: product, Self.setup(workload), yaml: yaml) { scene in
      try await scene.full()
      let (report, turns) = try await Self.imports(scene, beside: workload, for: seconds, first: "full")
      for _ in 0..<2 { _ = try await Self.run(scene, "delta") }
      let facts = "\(product): \(turns.count) imports beside \(report.summary)"
      print("ConcurrencyTests: \(facts)")
      try await scene.expectTruth("\(facts)")
      #expect(Self.lost(report.writtenOnce, try await scene.objects()) == [], "\(facts)")
      try await Self.expectThatOnlyTheDeadWereDeleted(scene, "\(facts)")
    }
  }

  /// Numbers are given before records can be seen, and branches move out of the connector's scope and into it again.
  @Test(arguments: [LiveProduct.ds389, .ds389WithoutLoggedID])
  func deltasAloneFindEverything(product: LiveProduct) async throws {
    let workload = Self.workload()
    let partition = "include: [\"\(Self.busy)\"]"
    try await Scene.running(on: product, Self.setup(workload), yaml: Self.budget, partition: partition) { scene in
      scene.searchBases = [Self.busy]
      try await scene.full()
      var (report, turns) = try await Self.imports(scene, beside: workload, for: 12)
      for _ in 0..<2 { turns.append(try await Self.run(scene, "delta")) }
      let facts = "\(product): \(turns.count) deltas beside \(report.summary)"
      print("ConcurrencyTests: \(facts)")
      let last = try #require(turns.last)
      try await expectTruth(scene, butForDoubtsOf: product.logsIDs ? nil : last, "\(facts)")
      #expect(Self.lost(report.writtenOnce, try await scene.objects()) == [], "\(facts)")
    }
  }

  /// A log of names alone that is not in the order of the changes may leave it open which of two entries went: such an
  /// object stays, and is named in every report. Nothing is passed over in silence.
  private func expectTruth(_ scene: Scene, butForDoubtsOf report: Report?, _ comment: Comment) async throws {
    let untruths = try await scene.untruths(about: try await scene.directory())
    let silent = untruths.filter { untruth in
      let name = untruth.split(separator: ": an object, but not in the directory", maxSplits: 1)[0]
        .replacingOccurrences(of: "feed: ", with: "")
      return !(untruth.hasSuffix(": an object, but not in the directory") && report?.doubts.contains(name) == true)
    }
    #expect(silent == [], comment)
    #expect(untruths.count <= 2 * 20, "\(comment): so many objects in doubt are no exception")
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
    try await Scene.running(on: .slapd, setup(workload), yaml: bare, partition: "include: [\"\(busy)\"]") { scene in
      scene.searchBases = [busy]
      try await scene.full()
      let before = try await scene.server.logSize()
      let poller = try await StartPoller(on: try scene.slapd)
      let polling = Task { try await poller.pollUntilCancelled() }
      defer { polling.cancel() }
      var (report, turns) = try await imports(scene, beside: workload, for: 20)
      polling.cancel()
      try await polling.value
      for _ in 0..<2 { turns.append(try await run(scene, "delta")) }
      lost = Self.lost(report.writtenOnce, poller.targets)
      let facts = "\(turns.count) deltas beside \(report.summary); by reqStart alone \(lost) lost (\(poller.summary))"
      print("ConcurrencyTests: \(facts)")
      try await scene.expectTruth("\(facts)")
      #expect(Self.lost(report.writtenOnce, try await scene.objects()) == [], "\(facts)")
      let hints = turns.reduce(0) { $0 + $1.count("hints") }
      let written = try await scene.server.logSize() - before
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
  private static func setup(_ workload: Workload) -> DirectorySetup {
    var units = LDIFText()
    for dn in [busy, elsewhere] { units.entry(dn, classes: ["organizationalUnit"], []) }
    return .with { $0.seed = .text(units.text + workload.contentLDIF) }
  }

  /// Imports one after the other, `first` and then deltas, for as long as the writers write; a debug build on a busy
  /// machine may still be at the first when they end.
  private static func imports(
    _ scene: Scene, beside workload: Workload, for seconds: Double, first: String = "delta"
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

  /// Every delete of the feed is one of the directory: the entry is gone, it went once, and the log says so.
  private static func expectThatOnlyTheDeadWereDeleted(_ scene: Scene, _ comment: Comment) async throws {
    let deleted = try await scene.feed().filter { $0.change == .delete }.map(\.id)
    let living = Set(try await scene.directory().flatMap { $0.strings(scene.product.id) })
    let recorded = try await scene.server.recordedDeletes()
    #expect(!deleted.isEmpty, comment)
    #expect(Set(deleted).count == deleted.count, comment)
    #expect(living.isDisjoint(with: deleted), comment)
    #expect(Set(deleted).subtracting(recorded) == [], comment)
  }
}
