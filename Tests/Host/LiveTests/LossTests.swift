import Testing

@testable import TestSupport

/// What a server, its log or an account's rights lose: each has its own clear outcome, and none is a delete.
@Suite(.serialized) struct LossTests {
  private static let archive = "ou=archive,\(SlapdServer.base)"

  // MARK: The log

  @Test func aLogTrimmedBelowTheWatermarkAsksForAFullImport() async throws {
    var options = Scene.company
    options.logPurge = "00:00:04 00:00:02"
    let people = Company().people
    try await Scene.running(options) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete(people[..<5].map(\.dn))
      try await scene.server.admin.rename(people[5].dn, to: "uid=renamed")
      try await eventually("the log is purged") {
        try await scene.server.admin.search(SlapdServer.logBase, scope: .one, attributes: ["1.1"]).isEmpty
      }
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("trimmed"), "\(refused.result.summary)")
      }
      try await scene.tool("import", "delta", "--or-full")
      try await scene.expectTruth()
      try await scene.server.restart { $0.logPurge = nil }
      try await scene.server.admin.delete([people[6].dn])
      try await scene.delta()
      try await scene.expectTruth("a purge that only took what was read already stops nobody")
    }
  }

  @Test func anotherServerOfTheSameNameCostsNotOneDelete() async throws {
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let known = try await scene.objects().map(\.dn)
      try await scene.server.wipeAndReplace(seed: .text(Company().ldif))
      try await scene.writeOnce()
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("another log or server"), "\(refused.result.summary)")
      }
      let full = try await scene.full(accepting: [3])
      #expect(full.findings.contains("not trusted"), "\(full.findings)")
      #expect(full.count("held") == known.count && full.count("deleted") == 0, "\(full.result.summary)")
      #expect(try await scene.deletes() == 0)
      #expect(try await Set(scene.held()) == Set(known))
      try await scene.tool("held", "release", "--all")
      try await scene.expectTruth("the operator has confirmed that the new server is the right one")
      #expect(try await scene.deletes() == known.count)
      try await scene.full()
      try await scene.server.admin.modify(Self.description(of: Company().people[0].dn, "changed"))
      try await scene.delta()
      try await scene.expectTruth("deltas go on from the new server's log")
    }
  }

  // MARK: The server

  /// How a server goes silent.
  enum Stop: CaseIterable { case killed, suspended }

  @Test(arguments: Stop.allCases)
  func aServerThatStopsInMidPageLeavesTheRestToTheNextRun(stop: Stop) async throws {
    let big = BigDirectory(users: 4000, groups: 5, members: 20)
    let options = SlapdOptions.with {
      $0.seed = .text(big.ldif)
      $0.logLevel = 256
    }
    try await Scene.running(options, yaml: "import: {pageSize: 40}") { scene in
      try await scene.writeOnce()
      try scene.setOperationTimeout("1s")
      try await Self.stop(stop, "full", scene)
      try await scene.delta(accepting: [4])
      try await scene.full()
      try await scene.expectTruth("the first import was cut short")
      try await scene.server.admin.delete([BigDirectory.userDN(5), BigDirectory.userDN(3990)])
      try await scene.server.admin.rename(BigDirectory.userDN(7), to: "uid=renamed")
      try await Self.stop(stop, "full", scene)
      #expect(try await scene.deletes() == 0)
      let changes = (10..<1010).map { Self.description(of: BigDirectory.userDN($0), "changed") }
      try await scene.server.admin.modify(changes.joined())
      try await Self.stop(stop, "delta", scene)
      #expect(try await scene.deletes() == 0)
      try await scene.delta()
      try await scene.expectTruth("a later full import and a delta were cut short")
      #expect(try await scene.deletes() == 2)
    }
  }

  /// Starts an import, stops the server when it has answered 60 searches (a full import has 100 pages, the delta 1,000
  /// entries to read again), and makes it work again after the run.
  private static func stop(_ stop: Stop, _ step: String, _ scene: Scene) async throws {
    func answers() -> Int { scene.server.log.split(separator: "SEARCH RESULT").count }
    let before = answers()
    let run = try Command.start(
      ["import", step, "--json", "--config", scene.configuration], directory: scene.scratch.path)
    try await eventually("60 searches are answered") {
      guard run.isRunning else { throw SupportError("the import ended: \(try await run.wait().summary)") }
      return answers() >= before + 60
    }
    switch stop {
    case .killed: try await scene.server.kill()
    case .suspended: scene.server.suspend()
    }
    let result = try await run.wait()
    #expect(result.exitCode == 3, "\(result.summary)")
    let word = stop == .killed ? "connection" : "did not answer"
    #expect(result.standardError.contains(word), "\(result.summary)")
    switch stop {
    case .killed: try await scene.server.startAgain()
    case .suspended: scene.server.resume()
    }
  }

  // MARK: Rights

  @Test func withoutTheLogAnAbsenceIsProvedByItsNeighbourhood() async throws {
    var options = Scene.company
    options.connectorReadsLog = false
    let people = Company().people
    let hidden = people.filter { $0.unit.hasPrefix(Self.archive) }
    let gone = people.filter { !$0.unit.hasPrefix(Self.archive) }.prefix(3).map(\.dn)
    try await Scene.running(options) { scene in
      try await scene.full()
      try await scene.server.admin.delete(gone)
      try await scene.server.setFirstAccessRules([SlapdServer.hiding(Self.archive)])
      let full = try await scene.full(accepting: [6])
      #expect(full.count("deleted") == 3 && full.count("held") == hidden.count + 1, "\(full.result.summary)")
      try await scene.delta(accepting: [4])
      try await scene.server.setFirstAccessRules([])
      try await scene.full()
      try await scene.expectTruth()
      #expect(try await scene.deletes() == 3)
    }
  }

  @Test func aSubtreeHiddenFromTheAccountIsKept() async throws {
    let people = Company().people
    let hidden = people.filter { $0.unit.hasPrefix(Self.archive) }
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      try await scene.server.setFirstAccessRules([SlapdServer.hiding(Self.archive)])
      try await scene.expectUnchanged { try await scene.delta() }
      let full = try await scene.full(accepting: [6])
      #expect(full.count("held") == hidden.count + 1 && full.count("deleted") == 0, "\(full.result.summary)")
      #expect(full.findings.contains("vanished without a record"), "\(full.findings)")
      #expect(try await Set(scene.held()) == Set(hidden.map(\.dn) + [Self.archive]))
      try await scene.expectObjects(equal: everything)
      // Written in the dark: read again in vain, and kept all the same.
      try await scene.server.admin.modify(Self.description(of: hidden[0].dn, "written in the dark"))
      try await scene.server.admin.rename(hidden[1].dn, to: "uid=renamed-in-the-dark")
      try await scene.expectUnchanged { try await scene.delta() }
      try await scene.server.setFirstAccessRules([])
      try await scene.full()
      try await scene.expectTruth("the account has its rights back")
      #expect(try await scene.held() == [])
    }
  }

  @Test func anEntryRenamedAndThenHiddenIsKept() async throws {
    let person = Company().people[0]
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.rename(person.dn, to: "uid=renamed")
      try await scene.server.setFirstAccessRules([SlapdServer.hiding("uid=renamed,\(person.unit)")])
      try await scene.delta()
      #expect(try await scene.deletes() == 0, "a rename in its place says nothing of an absence")
      try await scene.full(accepting: [6])
      #expect(try await scene.deletes() == 0)
      try await scene.server.setFirstAccessRules([])
      try await scene.full()
      try await scene.expectTruth()
    }
  }

  @Test func anAccountThatSeesNothingIsNotBelieved() async throws {
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      try await scene.server.setFirstAccessRules(["to dn.subtree=\"\(SlapdServer.base)\" by anonymous auth by * none"])
      let full = try await scene.full(accepting: [3])
      #expect(full.count("deleted") <= 0 && !full.isComplete, "\(full.result.summary)")
      try await scene.expectObjects(equal: everything)
      try await scene.server.setFirstAccessRules([])
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  // MARK: Limits

  @Test func aSizeLimitEndsTheImportWithItsCure() async throws {
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete([Company().people[0].dn])
      try await scene.server.setLimits(["dn.exact=\"\(SlapdServer.connectorDN)\" size=50"])
      try await scene.expectUnchanged {
        let full = try await scene.full(accepting: [3])
        let words = full.result.standardError
        #expect(words.contains("sizeLimitExceeded") && words.contains("limits"), "\(full.result.summary)")
      }
      try await scene.server.setLimits(["dn.exact=\"\(SlapdServer.connectorDN)\" size=unlimited"])
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test func aSizeLimitOnTheLogEndsTheDeltaWithItsCure() async throws {
    let people = Company().people
    try await Scene.running(Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.modify(people[..<60].map { Self.description(of: $0.dn, "changed") }.joined())
      try await scene.server.admin.delete([people[61].dn])
      try await Self.limitLog(scene, "size=20")
      let delta = try await scene.delta(accepting: [3])
      #expect(delta.result.standardError.contains("size=unlimited"), "\(delta.result.summary)")
      #expect(try await scene.deletes() == 0)
      try await Self.limitLog(scene, "size=unlimited")
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  private static func limitLog(_ scene: Scene, _ limit: String) async throws {
    try await scene.server.configuring.modify(
      "dn: \(scene.server.logDatabaseDN)\nchangetype: modify\nreplace: olcLimits\n"
        + "olcLimits: dn.exact=\"\(SlapdServer.connectorDN)\" \(limit)\n\n")
  }

  private static func description(of dn: String, _ text: String) -> String {
    var records = LDIFText()
    records.modify(dn, "replace", "description", [text])
    return records.text
  }
}
