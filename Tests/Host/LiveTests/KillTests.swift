import Foundation
import Testing

@testable import TestSupport

/// kill -9 at random moments of imports: the store opens clean each time, and the next runs reach the truth.
///
/// `LDAP_CONNECTOR_SOAK` is the number of kills, `LDAP_CONNECTOR_SEED` repeats the decisions of an earlier run.
@Suite(.serialized) struct KillTests {
  private static let area = "ou=area,\(Scene.base)"

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  @Test(arguments: [(LiveProduct.slapd, 10), (.ds389, 6)])
  func theRunAfterAKilledOneReachesTheTruth(product: LiveProduct, rounds: Int) async throws {
    let rounds = Int(Self.number("LDAP_CONNECTOR_SOAK") ?? UInt64(rounds))
    let seed = Self.number("LDAP_CONNECTOR_SEED") ?? .random(in: 0...9999)
    print("KillTests: \(product): \(rounds) rounds of seed \(seed) (LDAP_CONNECTOR_SEED repeats them)")
    let setup = DirectorySetup.with { $0.seed = .text(BigDirectory(users: 1500, groups: 20, members: 40).ldif) }
    let yaml = "import: {pageSize: 40}\ndeleteBudget: {count: 1000000, percent: 100}"
    try await Scene.running(on: product, setup, yaml: yaml) { scene in
      var torture = try await Torture(scene, seed: seed, area: Self.area)
      for round in 0..<rounds { try await torture.round(round) }
      print("KillTests: \(torture.summary)")
      #expect(torture.killedInARun * 4 >= rounds, "too few kills met a run under way: \(torture.summary)")
    }
  }
}

/// One connector that is killed again and again.
private struct Torture {
  private let scene: Scene
  private let seed: UInt64
  private var plans: [WriterPlan]
  private var random: SeededGenerator
  /// How long an undisturbed run takes, milliseconds.
  private var usual = (first: 0, full: 0, delta: 0)
  private var kills = 0
  /// Kills that left a run without an end in the store.
  private(set) var killedInARun = 0
  private var runs = 0

  var summary: String {
    "seed \(seed): \(runs) runs, \(kills) killed, \(killedInARun) of them under way; usual milliseconds: \(usual)"
  }

  init(_ scene: Scene, seed: UInt64, area: String) async throws {
    self.scene = scene
    self.seed = seed
    random = SeededGenerator(seed: seed)
    var records = LDIFText()
    records.add(area, classes: ["organizationalUnit"], [])
    try await scene.server.admin.modify(records.text)
    let workload = Workload(seed: seed, base: area)
    try await workload.prepare(on: scene.server)
    plans = workload.plans()
    usual.first = try await milliseconds { try await scene.full() }
    try await change(by: 0)
    usual.delta = try await milliseconds { try await scene.delta() }
    try await change(by: 1)
    usual.full = try await milliseconds { try await scene.full() }
  }

  /// Even rounds kill a full import, every fourth the very first one of an empty store; odd rounds a delta.
  mutating func round(_ number: Int) async throws {
    let isFirst = number.isMultiple(of: 4)
    let isFull = number.isMultiple(of: 2)
    if isFirst { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: scene.state + end) } }
    try await change(by: number)
    let delay = random.below(isFirst ? usual.first : isFull ? usual.full : usual.delta)
    let round = "seed \(seed), round \(number): \(isFull ? "full" : "delta") import killed after \(delay) ms"
    let running = try Command.start(
      ["import", isFull ? "full" : "delta", "--config", scene.configuration], directory: scene.scratch.path)
    running.kill(afterMilliseconds: delay)
    let result = try await running.wait()
    #expect(result.signal == 9 || result.exitCode == 0, "\(round): \(result.summary)")
    runs += 1
    if result.signal == 9 { kills += 1 }
    try await expectACleanStore(round)
    if random.below(2) == 0 { try await change(by: number + 4) }
    let delta = try await scene.delta(accepting: [0, 4])
    if delta.result.exitCode == 4 { try await scene.full() }
    try await scene.expectTruth("\(round)")
  }

  /// Up to 150 steps of one writer: renames, moves of branches, deletes and swaps among them.
  private mutating func change(by writer: Int) async throws {
    let index = writer % plans.count
    var ldif = ""
    for _ in 0..<(50 + random.below(100)) { ldif += plans[index].next().ldif }
    try await scene.server.admin.modify(ldif)
  }

  /// Looks at a copy, for whoever opens the file first repairs it, and that is the executable's part.
  private mutating func expectACleanStore(_ round: String) async throws {
    guard FileManager.default.fileExists(atPath: scene.state) else { return }
    let copy = try ScratchDirectory()
    defer { copy.remove() }
    for end in ["", "-wal"] where FileManager.default.fileExists(atPath: scene.state + end) {
      try FileManager.default.copyItem(atPath: scene.state + end, toPath: copy.file("state.db\(end)"))
    }
    let file = copy.file("state.db")
    #expect(try await scene.sqlite("PRAGMA integrity_check", file: file) == ["ok"], "\(round)")
    let tables = try await scene.sqlite("SELECT count(*) FROM sqlite_schema WHERE name = 'run'", file: file)
    guard tables == ["1"] else { return }
    let open = try await scene.sqlite(
      "SELECT count(*) FROM run WHERE number = (SELECT max(number) FROM run) AND ended IS NULL", file: file)
    if open == ["1"] { killedInARun += 1 }
  }

  private func milliseconds(_ body: () async throws -> Report) async throws -> Int {
    Int(try await body().result.seconds * 1000)
  }
}
