import ConnectorCore
import ConnectorTesting
import Foundation
import TestSupport
import Testing

/// One random course of changes and runs, the same for the same seed.
struct Story {
  private let server: Server
  private let seed: UInt64
  private let course: Course
  /// Objects that were left in doubt, or missed.
  let doubts = Doubts()
  private let changes: Disturbance

  init(_ server: Server, seed: UInt64, _ course: Course) {
    (self.server, self.seed, self.course) = (server, seed, course)
    changes = Disturbance(RandomChanges(seed: seed))
  }

  func tell() async throws {
    var random = SeededGenerator(seed: seed ^ 0x5eed)
    let bench = try EngineBench(server, random.below(3) == 0 ? .sqlite : .inMemory)
    bench.scope.hintsPerBatch = [1, 2, 3, 7, 1000][random.below(5)]
    bench.scope.pageSize = 3
    for _ in 0..<25 { change(bench.directory) }
    if server.immutableID?.mayBeMissing == true { takeIDs(of: bench.directory) }
    try await bench.full()
    for round in 0..<14 {
      for _ in 0..<random.below(14) { change(bench.directory) }
      arrange(bench, &random)
      disturb(bench.directory, course != .busy || random.below(3) > 0 ? 0 : 1 + random.below(5))
      await step(bench, &random)
      disturb(bench.directory, 0)
      if random.below(4) == 0 { try await judge(bench, "round \(round)") }
    }
    try await judge(bench, "the end")
  }

  private func takeIDs(of directory: MemoryDirectory) {
    for (number, entry) in directory.entries.enumerated() where number % 2 == 0 {
      var entry = entry
      entry.attributes["ibm-entryUuid"] = []
      directory.change { $0.put(entry) }
    }
  }

  private func change(_ directory: MemoryDirectory) { changes.make(in: directory) }

  /// A few records change places with their neighbours.
  private func arrange(_ bench: EngineBench, _ random: inout SeededGenerator) {
    let chance = course == .disordered ? random.next() : 0
    bench.strategy.recordsPerBatch = 1 + random.below(20)
    bench.strategy.arrange = { records in
      guard chance != 0 else { return records }
      var random = SeededGenerator(seed: chance)
      var records = records
      var index = 1
      while index < records.count {
        if random.below(6) == 0 {
          records.swapAt(index - 1, index)
          index += 1
        }
        index += 1
      }
      return records
    }
  }

  /// Lets so many changes happen after the searches to come.
  private func disturb(_ directory: MemoryDirectory, _ count: Int) {
    changes.left = count
    let hook: @Sendable (MemoryDirectory) -> Void = { [changes] in changes.disturb($0) }
    directory.betweenPages(count == 0 ? nil : hook)
    directory.afterSearch(count == 0 ? nil : hook)
  }

  private func step(_ bench: EngineBench, _ random: inout SeededGenerator) async {
    let calls = random.below(3) == 0 ? random.below(12) : nil
    let isFull = random.below(8) == 0
    let first = bench.directory.history.count
    defer { trace(bench, "\(isFull ? "full" : "delta") dying after \(calls ?? -1), from change \(first)") }
    do {
      if isFull { try await bench.full(dyingAfter: calls) } else { try await bench.delta(dyingAfter: calls) }
    } catch is MortalReader.Death {
      try? bench.restart()
    } catch {
      Issue.record("seed \(seed): \(error)")
    }
  }

  private func judge(_ bench: EngineBench, _ place: String) async throws {
    bench.strategy.arrange = { $0 }
    for _ in 0..<3 { try await bench.delta() }
    let problems = try problems(bench)
    trace(bench, "judged")
    if doubts.count > 0, ProcessInfo.processInfo.environment["ENGINE_TRACE"] != nil {
      print(changes.trace.joined(separator: "\n"))
      throw Wrong()
    }
    guard !problems.isEmpty else { return }
    if ProcessInfo.processInfo.environment["ENGINE_TRACE"] != nil { print(changes.trace.joined(separator: "\n")) }
    Issue.record("\(server.testDescription), seed \(seed), \(place): \(problems.joined(separator: "\n  "))")
    throw Wrong()
  }

  /// What is wrong beyond what a course may do: what no record explains stays, but is known to be in doubt; and where the
  /// log is out of order an entry may be missed, but what was known and is there never goes.
  private func problems(_ bench: EngineBench) throws -> [String] {
    let problems = try bench.problems()
    let pending = try bench.pending().compactMap {
      try $0.object.flatMap { try bench.store.object(row: $0)?.object.dn }
    }
    let doubtful = Set(pending + (try bench.store.holds(partition: nil).map(\.dn)))
    let deleted = Set(try bench.feed().filter { $0.kind == .delete }.map(\.id))
    return problems.filter { problem in
      let isInDoubt = doubtful.contains { problem.contains("\($0): directory nothing") }
      let isMissed =
        course == .disordered && problem.contains(": directory ")
        && (server.immutableID == nil || !deleted.contains { problem.contains("directory \($0) ") })
      doubts.count += isInDoubt || isMissed ? 1 : 0
      if isInDoubt || isMissed { trace(bench, "in doubt, seed \(seed): \(problem)") }
      return !isInDoubt && !isMissed
    }
  }

  /// What happened, for a person who looks for a defect: one line a record of the log and a run.
  private func trace(_ bench: EngineBench, _ what: String) {
    guard ProcessInfo.processInfo.environment["ENGINE_TRACE"] != nil else { return }
    let history = bench.directory.history.filter { $0.result == .success }
    for change in history.dropFirst(changes.traced) {
      changes.trace.append("\(change.stamp.number) \(change.kind) \(change.dn) -> \(change.after?.dn ?? "")")
    }
    changes.traced = history.count
    changes.trace.append("--- \(what), batch \(bench.scope.hintsPerBatch), now \((try? bench.partition) ?? 0)")
    for pending in (try? bench.pending()) ?? [] {
      changes.trace.append(
        "    \(pending.number) \(pending.cause) \(pending.hint.kind) \(pending.hint.dn ?? "") -> \(pending.hint.newDN ?? "") row \(pending.object ?? 0) \(pending.hint.record) \(pending.problem)"
      )
    }
  }

  struct Wrong: Error {}
}

/// How a course of changes and runs goes.
enum Course {
  /// Nothing changes while a run is under way; runs die, though.
  case calm
  /// Changes happen under running imports.
  case busy
  /// And the log is not in the order of the changes.
  case disordered
}

final class Doubts: @unchecked Sendable {
  var count = 0
}

/// Random changes that happen while somebody reads.
final class Disturbance: @unchecked Sendable {
  private var changes: RandomChanges
  /// How many are still to come.
  var left = 0
  var trace: [String] = []
  var traced = 0

  init(_ changes: RandomChanges) { self.changes = changes }

  func make(in directory: MemoryDirectory) { changes.make(in: directory) }

  func disturb(_ directory: MemoryDirectory) {
    guard left > 0 else { return }
    left -= 1
    changes.make(in: directory)
  }
}
