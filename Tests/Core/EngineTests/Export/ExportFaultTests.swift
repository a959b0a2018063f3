import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import Synchronization
import TestSupport
import Testing

/// Servers that are busy, connections that break, runs that are cancelled and processes that die.
@Suite("Exports that are interrupted") struct ExportFaultTests {
  private typealias Bench = ExportBench

  @Test("A busy server is asked again, and what stays busy is a finding")
  func busy() async throws {
    try await Bench.running { bench in
      bench.patience.first = .milliseconds(1)
      bench.patience.tries = 4
      let asked = Mutex<[String: Int]>([:])
      bench.faults.set {
        $0.answer = { request in
          let count = asked.withLock { asked in
            asked[request.dn, default: 0] += 1
            return asked[request.dn] ?? 0
          }
          let isBusy = request.dn == Bench.dn("never") || request.dn == Bench.dn("later") && count < 3
          return isBusy ? .refused(DirectoryError(.busy, operation: "\(request)", message: "come again")) : nil
        }
      }
      let report = try await bench.carryOut(
        bench.plan([Bench.person("now"), Bench.person("later"), Bench.person("never")]))
      #expect((report.counts.added, report.counts.failed) == (2, 1), "\(report.json)")
      #expect(report.counts.retried > 3)
      #expect(report.undone.first?.reason.contains("busy (51): come again, after 4 tries") == true, "\(report.json)")
      #expect(try await bench.names() == [Bench.people, Bench.dn("now"), Bench.dn("later")])
      try await bench.expectTruth()
    }
  }

  @Test("A referral is told, and not followed")
  func referral() async throws {
    try await Bench.running { bench in
      bench.faults.set {
        $0.answer = { request in
          .refused(DirectoryError(.referral, operation: "\(request)", referrals: ["ldap://other.example.com/"]))
        }
      }
      let report = try await bench.carryOut(bench.plan([Bench.person("p")]))
      #expect(
        report.undone.first?.reason.contains("another server holds the entry (ldap://other.example.com/)") == true)
    }
  }

  @Test("The server is killed in the middle: the rest goes on by itself, each change is in the feed once")
  func killed() async throws {
    try await Bench.running { bench in
      let wasKilled = Once()
      let server = bench.server
      bench.chunk = 400
      bench.patience.first = .milliseconds(100)
      let gate = Mutex(0)
      bench.faults.set {
        $0.beforeWrite = { _ in
          let call = gate.withLock { count in
            count += 1
            return count
          }
          guard call == 2, wasKilled.take() else { return }
          Task.detached {
            try await Task.sleep(for: .milliseconds(40))
            try await server.kill()
            try await server.startAgain()
          }
        }
      }
      let before = try bench.feed().count
      let plan = bench.plan((0..<2000).map { Bench.person("p\($0)") })
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete, "\(report.findings.prefix(5))")
      #expect(report.counts.added == 2000)
      #expect(bench.faults.sessions > 1)
      #expect(try bench.feed().count == before + 2000)
      #expect(try await bench.names().count == 2001)
      try await bench.expectTruth()
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("Answers that got lost are found out: nothing is done twice, whatever kind it is")
  func lostAnswers() async throws {
    try await Bench.running { bench in
      try await bench.add(["modified", "renamed", "deleted", "password", "added too"])
      try await bench.full()
      let before = try bench.feed().count
      let reference = SecretReference(line: 1, hash: "h")
      bench.passwords[reference] = Secret("a new secret")
      var password = try await bench.existing(.password, Bench.dn("password"))
      password.secret = reference
      var addition = try await bench.existing(.modify, Bench.dn("added too"))
      addition.modifications = [PlannedModification(.add, "description", [PlannedValue(Array("more".utf8))])]
      let plan = bench.plan([
        Bench.person("added"), try await bench.replacing(Bench.dn("modified"), "description", ["after"]),
        try await bench.renaming(Bench.dn("renamed"), "cn=new"), try await bench.existing(.delete, Bench.dn("deleted")),
        password, addition,
      ])
      let isFirst = Once()
      bench.faults.set {
        $0.afterWrite = { requests, answers in
          guard isFirst.take() else { return answers }
          return requests.map { .unknown(DirectoryError(.serverDown, operation: "\($0)", message: "gone")) }
        }
      }
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete, "\(report.json)")
      #expect(bench.faults.requests == 6, "nothing was sent twice")
      #expect(try bench.feed().count == before + 5)
      try await bench.expectTruth()
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("A timeout of requests that the server still carries out ends in the truth")
  func lateServer() async throws {
    try await Bench.running { bench in
      let before = try bench.feed().count
      let isFirst = Once()
      bench.faults.set {
        $0.answer = { request in
          guard isFirst.take() else { return nil }
          return .unknown(DirectoryError(.timeout, operation: "\(request)", message: "no answer"))
        }
      }
      let report = try await bench.carryOut(bench.plan((0..<20).map { Bench.person("p\($0)") }))
      #expect(report.isComplete && report.counts.added == 20, "\(report.json)")
      #expect(try bench.feed().count == before + 20)
      try await bench.expectTruth()
    }
  }

  @Test("A server that stays away ends the run with its error; the journal goes on from there")
  func away() async throws {
    try await Bench.running { bench in
      bench.patience.first = .milliseconds(5)
      bench.patience.tries = 3
      bench.chunk = 100
      let before = try bench.feed().count
      let server = bench.server
      let calls = Mutex(0)
      bench.faults.set {
        $0.beforeWrite = { _ in
          let call = calls.withLock { count in
            count += 1
            return count
          }
          if call == 3 { try await server.kill() }
        }
      }
      let plan = bench.plan((0..<400).map { Bench.person("p\($0)") })
      let run = try bench.run(plan)
      await #expect(throws: (any Error).self) { _ = try await run.carryOut() }
      let early = await run.report
      #expect(early.counts.added == 200 && !early.isComplete)
      #expect(early.findings.contains { $0.summary.hasPrefix("The export ended early") })
      try await bench.server.startAgain()
      bench.faults.set { $0.beforeWrite = nil }
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete && report.counts.alreadyDone + report.counts.added == 400, "\(report.json)")
      #expect(try bench.feed().count == before + 400)
      try await bench.expectTruth()
    }
  }

  @Test("A cancelled run ends cleanly, and the next one does the rest", arguments: [0, 30, 90, 200])
  func cancelled(_ milliseconds: Int) async throws {
    try await Bench.running { bench in
      bench.chunk = 50
      let before = try bench.feed().count
      let plan = bench.plan((0..<1000).map { Bench.person("p\($0)") })
      let run = try bench.run(plan)
      let task = Task { try await run.carryOut() }
      try await Task.sleep(for: .milliseconds(milliseconds))
      task.cancel()
      do { _ = try await task.value } catch { #expect(error is CancellationError, "\(error)") }
      #expect(try bench.store.openOperations() == [])
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete, "\(report.json)")
      #expect(try bench.feed().count == before + 1000)
      try await bench.expectTruth()
    }
  }

  @Test("A process that dies at any request is followed by one that ends in the truth", arguments: [true, false])
  func dies(_ offersControls: Bool) async throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      try await Bench.running { bench in
        if !offersControls { bench.scope.capabilities = [] }
        var random = SeededGenerator(seed: seed)
        bench.chunk = 7
        let old = (0..<60).map { "old\($0)" }
        try await bench.add(old)
        try await bench.full()
        let before = try bench.feed().count
        var operations = (0..<40).map { Bench.person("new\($0)") }
        for (index, name) in old.enumerated() {
          switch index % 4 {
          case 0: operations.append(try await bench.replacing(Bench.dn(name), "description", ["after"], wave: 2))
          case 1: operations.append(try await bench.renaming(Bench.dn(name), "cn=renamed \(name)", wave: 2))
          case 2: operations.append(try await bench.existing(.delete, Bench.dn(name), wave: 2))
          default: break
          }
        }
        let plan = bench.plan(operations)
        var deaths = 0
        while true {
          bench.faults.set {
            if Bool.random(using: &random) || offersControls {
              $0.requestsToLive = Int.random(in: 0...40, using: &random)
            } else {
              $0.readsToLive = Int.random(in: 0...12, using: &random)
            }
          }
          guard try await bench.dies(plan) else { break }
          deaths += 1
          try await bench.restart()
        }
        let report = try await bench.carryOut(plan)
        #expect(report.isComplete && report.counts.alreadyDone == operations.count, "seed \(seed): \(report.json)")
        #expect(deaths > 0)
        #expect(try bench.feed().count == before + operations.count, "seed \(seed)")
        #expect(Set(try bench.feed().dropFirst(before).map(\.id)).count == operations.count, "seed \(seed)")
        try await bench.expectTruth()
        #expect(try await bench.news() == Bench.noNews, "seed \(seed)")
      }
    }
  }

  @Test("What a plan left open is settled before another plan is made")
  func settled() async throws {
    try await Bench.running { bench in
      bench.chunk = 10
      let before = try bench.feed().count
      bench.faults.set { $0.requestsToLive = 15 }
      #expect(try await bench.dies(bench.plan((0..<30).map { Bench.person("p\($0)") })))
      try await bench.restart()
      #expect(try bench.store.openOperations().count == 20)  // the chunk under way, and the next
      let report = try await ExportRun.settle(
        scope: bench.scope, store: bench.store, target: bench.target, secrets: { _ in nil }, executor: bench.executor)
      #expect(report.findings.count == 20, "\(report.json)")
      #expect(try bench.store.openOperations() == [])
      #expect(try bench.feed().count == before + 15)
      try await bench.expectTruth()
    }
  }

  @Test("A tree delete that fails on its way: what is gone goes, what is left stays")
  func halfATree() async throws {
    try await Bench.running { bench in
      try await bench.add((0..<30).map { "p\($0)" })
      try await bench.full()
      let before = try bench.feed().count
      var tree = try await bench.existing(.deleteTree, Bench.people)
      tree.descendants = 30
      let admin = bench.server.admin
      bench.faults.set {
        $0.beforeWrite = { _ in try await admin.delete((0..<20).map { Bench.dn("p\($0)") }) }
        $0.answer = { .refused(DirectoryError(.other, operation: "\($0)", message: "the disk is full")) }
      }
      let report = try await bench.carryOut(bench.plan([tree]))
      #expect((report.counts.deleted, report.counts.failed) == (0, 1), "\(report.json)")
      #expect(try bench.feed().dropFirst(before).map(\.kind) == Array(repeating: .delete, count: 20))
      try await bench.expectTruth()
      #expect(try await bench.news() == Bench.noNews)
    }
  }
}
