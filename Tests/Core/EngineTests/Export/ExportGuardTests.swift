import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

/// Entries that changed since the plan was made are not written.
@Suite("Guards of an export") struct ExportGuardTests {
  private typealias Bench = ExportBench

  @Test("An entry that drifted is refused, with the assertion control and without", arguments: [true, false])
  func drift(_ offersAssertion: Bool) async throws {
    try await Bench.running { bench in
      if !offersAssertion { bench.scope.capabilities = [] }
      try await bench.add(["modified", "renamed", "deleted", "replaced", "gone", "same"])
      let plan = bench.plan([
        try await bench.replacing(Bench.dn("modified"), "description", ["mine"]),
        try await bench.renaming(Bench.dn("renamed"), "cn=mine"),
        try await bench.existing(.delete, Bench.dn("deleted")),
        try await bench.replacing(Bench.dn("replaced"), "description", ["mine"]),
        try await bench.replacing(Bench.dn("gone"), "description", ["mine"]),
        try await bench.replacing(Bench.dn("same"), "description", ["mine"]),
      ])
      try await bench.server.admin.delete([Bench.dn("replaced"), Bench.dn("gone")])
      try await bench.add(["replaced"])
      try await bench.server.admin.modify(
        ["modified", "renamed", "deleted"].map {
          "dn: \(Bench.dn($0))\nchangetype: modify\nreplace: title\ntitle: theirs\n\n"
        }.joined())
      let report = try await bench.carryOut(plan)
      #expect(report.counts.modified == 1)
      #expect(report.counts.refused + report.counts.failed == 5, "\(report.json)")
      #expect(report.counts.refused >= 4)
      let reasons = report.undone.filter { $0.state == .refused }.map(\.reason)
      #expect(reasons.allSatisfy { $0.hasPrefix("changed since the plan was made") }, "\(reasons)")
      #expect(try await bench.values(Bench.dn("modified"), "description") == [])
      #expect(try await bench.values(Bench.dn("replaced"), "description") == [])
      #expect(try await bench.values(Bench.dn("deleted"), "title") == ["theirs"])
      #expect(try await bench.values(Bench.dn("renamed"), "title") == ["theirs"])
      #expect(try await bench.values(Bench.dn("same"), "description") == ["mine"])
    }
  }

  @Test("Another version of an entry with the same attributes is written")
  func sameAttributes() async throws {
    try await Bench.running { bench in
      try await bench.add(["p"])
      let plan = bench.plan([try await bench.replacing(Bench.dn("p"), "description", ["mine"])])
      for value in ["there", nil] {
        let line = value.map { "title: \($0)\n" } ?? ""
        try await bench.server.admin.modify("dn: \(Bench.dn("p"))\nchangetype: modify\nreplace: title\n\(line)\n")
      }
      #expect(try await bench.carryOut(plan).isComplete)
      #expect(try await bench.values(Bench.dn("p"), "description") == ["mine"])
    }
  }

  @Test("Where only the time of the last change is known, the values that go are asserted too")
  func times() async throws {
    try await Bench.running { bench in
      try await bench.add(["p", "q"])
      var operations = [
        try await bench.replacing(Bench.dn("p"), "sn", ["mine"]),
        try await bench.replacing(Bench.dn("q"), "sn", ["mine"]),
      ]
      for index in operations.indices {
        let times = try await bench.values(operations[index].dn, "modifyTimestamp")
        operations[index].state?.versionAttribute = "modifyTimestamp"
        operations[index].state?.version = times?.first
        operations[index].modifications?[0].before = [PlannedValue(Array((index == 0 ? "other" : "q").utf8))]
      }
      operations[0].state?.fingerprint = "0"
      let report = try await bench.carryOut(bench.plan(operations))
      #expect((report.counts.modified, report.counts.refused) == (1, 1), "\(report.json)")
      #expect(try await bench.values(Bench.dn("p"), "sn") == ["p"])
    }
  }

  @Test("Two operations on one entry: the second needs no state, and is done after the first")
  func chain() async throws {
    try await Bench.running { bench in
      try await bench.add(["p"])
      try await bench.full()
      var second = try await bench.replacing("cn=new,\(Bench.people)", "description", ["after"], id: Bench.dn("p"))
      second.after = [1]
      let report = try await bench.carryOut(bench.plan([try await bench.renaming(Bench.dn("p"), "cn=new"), second]))
      #expect(report.isComplete, "\(report.json)")
      #expect(try await bench.values("cn=new,\(Bench.people)", "description") == ["after"])
      try await bench.expectTruth()
    }
  }

  @Test("A plan of another form is refused, and so is one of another feed or adapter")
  func refused() async throws {
    var plan = ExportPlan(plan: "p", created: "", feed: "f", adapter: "a", server: "", input: "")
    try plan.check(feed: "f", adapter: "a")
    #expect(throws: ExportRefused.self) { try plan.check(feed: "other", adapter: "a") }
    #expect(throws: ExportRefused.self) { try plan.check(feed: "f", adapter: "other") }
    plan.format = 2
    #expect(throws: ExportRefused.self) { try plan.check(feed: "f", adapter: "a") }
  }
}

extension ExportBench {
  /// A later operation on an entry, under the DN that it has by then.
  fileprivate func replacing(
    _ dn: String, _ attribute: String, _ values: [String], id of: String
  ) async throws -> PlannedOperation {
    var operation = try await replacing(of, attribute, values, wave: 2)
    operation.dn = dn
    operation.state = nil
    return operation
  }
}
