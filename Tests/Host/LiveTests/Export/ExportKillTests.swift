import Foundation
import Testing

@testable import TestSupport

/// kill -9 at random moments of an export: the same command goes on, and each change is made and told once.
///
/// `LDAP_CONNECTOR_SOAK` is the number of kills, `LDAP_CONNECTOR_SEED` repeats the decisions of an earlier run.
@Suite(.serialized) struct ExportKillTests {
  private static let base = Scene.base

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  @Test(arguments: [(LiveProduct.slapd, 6), (.ds389, 4), (.unboundID, 4)])
  func aKilledExportGoesOnWhereItStopped(product: LiveProduct, rounds: Int) async throws {
    let rounds = Int(Self.number("LDAP_CONNECTOR_SOAK") ?? UInt64(rounds))
    let seed = Self.number("LDAP_CONNECTOR_SEED") ?? .random(in: 0...9999)
    print("ExportKillTests: \(product): \(rounds) rounds of seed \(seed) (LDAP_CONNECTOR_SEED repeats them)")
    try await Scene.exporting(on: product, yaml: "deleteBudget: {count: 100000, percent: 100}") { scene in
      var torture = ExportTorture(scene, seed: seed)
      try await torture.measure()
      for round in 0..<rounds { try await torture.round(round) }
      print("ExportKillTests: \(torture.summary)")
      #expect(torture.killed * 3 >= rounds, "too few kills met an export under way: \(torture.summary)")
    }
  }
}

/// One connector whose exports are killed again and again.
private struct ExportTorture {
  private let scene: Scene
  private let seed: UInt64
  private var random: SeededGenerator
  private var usual = 0
  private var generation = 0
  private(set) var killed = 0

  var summary: String { "seed \(seed): \(generation) exports of usually \(usual) ms, \(killed) killed under way" }

  init(_ scene: Scene, seed: UInt64) {
    self.scene = scene
    self.seed = seed
    random = SeededGenerator(seed: seed)
  }

  /// 400 entries below a unit of this generation; then the one before is renamed, changed, emptied and deleted.
  private mutating func changes() throws -> String {
    generation += 1
    let unit = "ou=g\(generation),\(Scene.base)"
    var changes: [[String: Any]] = (0..<400).map { number in
      ExportKindTests.person("uid=u\(number),\(unit)", "u\(number)", ["description": ["generation \(generation)"]])
    }
    let members = (0..<400).filter { $0.isMultiple(of: 7) }.map { "uid=u\($0),\(unit)" }
    changes.append([
      "change": "add", "dn": "cn=all,\(unit)", "attributes": ["objectClass": ["groupOfNames"], "member": members],
    ])
    changes.append(["change": "add", "dn": unit, "attributes": ["objectClass": ["organizationalUnit"]]])
    if generation > 1 {
      let old = "ou=g\(generation - 1),\(Scene.base)"
      let kept = "ou=kept\(generation - 1),\(Scene.base)"
      changes.append(["change": "rename", "oldDN": old, "dn": kept])
      for number in 0..<100 { changes.append(["change": "delete", "dn": "uid=u\(number),\(kept)"]) }
      for number in 100..<250 {
        changes.append([
          "change": "update", "dn": "uid=u\(number),\(kept)",
          "attributes": ["description": ["new": ["kept"]], "mail": ["new": ["\(number)@example.com"]]],
        ])
      }
      for number in 250..<300 {
        changes.append(["change": "rename", "oldDN": "uid=u\(number),\(kept)", "dn": "uid=v\(number),\(kept)"])
      }
    }
    if generation > 2 { changes.append(["change": "delete", "dn": "ou=kept\(generation - 2),\(Scene.base)"]) }
    return try scene.input(changes, name: "generation\(generation).jsonl")
  }

  /// How long an undisturbed export takes, of the second generation, which has every kind of change.
  mutating func measure() async throws {
    try await scene.export(try changes())
    usual = Int(try await scene.export(try changes()).result.seconds * 1000)
  }

  /// Even rounds kill `export FILE --yes`, odd ones `export apply`; the same command is run again, until it ends.
  mutating func round(_ number: Int) async throws {
    let input = try changes()
    let sequence = try await scene.lastSequence()
    let isPlanned = !number.isMultiple(of: 2)
    if isPlanned { try await scene.plan(input) }
    let words = isPlanned ? ["export", "apply", scene.scratch.file("plan.json")] : ["export", input, "--yes"]
    let delay = usual / 10 + random.below(usual)
    let name = "seed \(seed), round \(number): \(words[1]) killed after \(delay) ms"
    let running = try Command.start(words + ["--json", "--config", scene.configuration], directory: scene.scratch.path)
    running.kill(afterMilliseconds: delay)
    let result = try await running.wait()
    #expect(result.signal == 9 || result.exitCode == 0, "\(name): \(result.summary)")
    if result.signal == 9 { killed += 1 }
    let outcome = Report(try await scene.command(words + ["--json"]))
    #expect(outcome.isComplete && outcome.count("failed") == 0, "\(name): \(outcome.result.summary)")
    try await expectOnce(input, since: sequence, name)
  }

  /// The directory is what the lines ask for, the connector space is what the directory is, and the feed told each once.
  private func expectOnce(_ input: String, since sequence: Int, _ name: String) async throws {
    let unit = "ou=g\(generation),\(Scene.base)"
    #expect(try await scene.server.admin.search(unit).count == 402, "\(name)")
    #expect(try await scene.server.admin.search("ou=kept\(generation - 1),\(Scene.base)").count == 302, "\(name)")
    let gone = "ou=kept\(generation - 2),\(Scene.base)"
    if generation > 2 { #expect(try await scene.server.admin.read(gone) == nil, "\(name)") }
    try await scene.expectTruth("\(name)")
    let lines = try await scene.tool("changes", "--since", "\(sequence)").lines
    #expect(lines.filter { !$0.contains("\"reason\":\"export, run ") } == [], "\(name)")
    let added = try await scene.changes(since: sequence).filter { $0.change == .add }.map(\.dn)
    #expect(added.count == 402 && Set(added).count == 402, "\(name): each entry was told once")
    try await scene.expectUnchanged { try await scene.delta() }
  }
}
