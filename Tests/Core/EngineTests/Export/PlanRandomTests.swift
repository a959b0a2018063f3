import ConnectorCore
import ConnectorTesting
import Foundation
import TestSupport
import Testing

/// Random trees and random lines: every request succeeds, the directory is as the lines say, and then nothing is to do.
struct PlanRandomTests {
  @Test("Random lines are carried out to the letter, and a second plan is empty")
  func randomLines() async throws {
    let courses = ProcessInfo.processInfo.environment["ENGINE_COURSES"].flatMap { Int($0) } ?? 150
    for seed in RandomTests.seeds.prefix(1).flatMap({ first in (0..<courses).map { first &+ UInt64($0) } }) {
      do { try await course(seed) } catch { Issue.record("seed \(seed): \(error)") }
    }
  }

  private func course(_ seed: UInt64) async throws {
    let bench = try PlanBench()
    var model = RandomLines(seed: seed)
    bench.scope.usesTreeDelete = seed % 3 == 0
    bench.scope.capabilities = [WellKnownOIDs.treeDelete]
    bench.scope.facts.mustDeleteOldRDN = seed % 5 == 0
    try model.seed(bench)
    let lines = model.lines()
    let plan = try await bench.plan(lines)
    let trace = { lines.map { "\($0.line) \($0.kind) \($0.target.dn ?? $0.target.id ?? "")" }.joined(separator: "\n") }
    guard plan.errors.isEmpty else {
      Issue.record(
        "seed \(seed): \(plan.errors.map { "\($0.line ?? 0) \($0.summary)" }.joined(separator: "\n"))\n\(trace())")
      return
    }
    bench.executor.random = SeededGenerator(seed: seed)
    let dns = DNNormalizer(schema: PlanSchema.schema)
    bench.executor.final = Set(model.expected.keys.compactMap { try? dns.key(of: $0) })
    do {
      try bench.executor.carryOut(plan, in: bench.directory, lines)
    } catch {
      Issue.record("seed \(seed): \(error)\n\(plan.short.joined(separator: "\n"))\n\(trace())")
      return
    }
    let found = Self.contents(bench.directory)
    let expected = model.expected.mapValues { attributes in
      var attributes = attributes
      for name in ["member", "manager"] { attributes[name]?.lowercase() }
      return attributes
    }
    let wrong = Set(found.keys).union(model.expected.keys).filter { found[$0] != expected[$0] }.map {
      "\($0): \(String(describing: found[$0])) for \(String(describing: expected[$0]))"
    }
    if !wrong.isEmpty {
      Issue.record("seed \(seed): \(wrong)\n\(plan.short.joined(separator: "\n"))\n\(trace())")
    }
    try await requireNothing(bench, lines, "seed \(seed), old connector space")
    try bench.learn()
    try await requireNothing(bench, lines, "seed \(seed)")
  }

  private func requireNothing(_ bench: PlanBench, _ lines: [DesiredChange], _ what: String) async throws {
    let plan = try await bench.plan(lines)
    guard !plan.operations.isEmpty else { return }
    let trace = lines.map { "\($0.line) \($0.kind) \($0.target.dn ?? $0.target.id ?? "")" }.joined(separator: "\n")
    let reasons = plan.operations.map { "\($0.reason ?? "") \($0.lines)" }
    Issue.record("\(what): \(plan.short.joined(separator: "\n"))\n\(reasons)\n\(trace)")
  }

  private static func contents(_ directory: MemoryDirectory) -> [String: [String: Set<String>]] {
    let entries = directory.entries.map { entry in
      var attributes: [String: Set<String>] = [:]
      for (name, _) in entry.attributes
      where !["entryUUID", "createTimestamp", "modifyTimestamp"].contains(name.string) {
        attributes[name.string.lowercased()] = Set(entry.attributes.strings(name))
        if ["member", "manager"].contains(name.string) { attributes[name.string]?.lowercase() }
      }
      return (entry.dn, attributes)
    }
    return Dictionary(entries) { first, _ in first }
  }
}

extension Set<String> {
  /// DNs compare whatever their letter case.
  fileprivate mutating func lowercase() { self = Set(map { $0.lowercased() }) }
}
