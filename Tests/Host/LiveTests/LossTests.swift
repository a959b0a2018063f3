import Testing

@testable import TestSupport

/// What a server, its log or an account's rights lose: each has its own clear outcome, and none is a delete.
@Suite(.serialized) struct LossTests {
  private static let archive = "ou=archive,\(Scene.base)"

  // MARK: The log

  @Test(arguments: LiveProduct.loggingIDs)
  func aLogTrimmedBelowTheWatermarkAsksForAFullImport(product: LiveProduct) async throws {
    var setup = Scene.company
    setup.forgetsLog = true
    let people = Company().people
    try await Scene.running(on: product, setup) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete(people[..<5].map(\.dn))
      try await scene.server.admin.rename(people[5].dn, to: "uid=renamed")
      try await scene.server.admin.modify(people[10..<22].map { Self.description(of: $0.dn, "changed") }.joined())
      try await eventually("the log is trimmed") { try await scene.server.logSize() <= product.recordsKept }
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("trimmed"), "\(refused.result.summary)")
      }
      try await scene.tool("import", "delta", "--or-full")
      try await scene.expectTruth()
      try await scene.server.keepLog()
      try await scene.server.admin.delete([people[6].dn])
      try await scene.delta()
      try await scene.expectTruth("a purge that only took what was read already stops nobody")
    }
  }

  @Test(arguments: LiveProduct.loggingIDs)
  func anotherServerOfTheSameNameCostsNotOneDelete(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
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

  @Test(arguments: LiveProduct.withRights, Stop.allCases)
  func aServerThatStopsInMidPageLeavesTheRestToTheNextRun(product: LiveProduct, stop: Stop) async throws {
    let big = BigDirectory(users: 4000, groups: 5, members: 20)
    let setup = DirectorySetup.with {
      $0.seed = .text(big.ldif)
      $0.countsSearches = true
    }
    try await Scene.running(on: product, setup, yaml: "import: {pageSize: 40}") { scene in
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
    let before = scene.server.answeredSearches()
    let run = try Command.start(
      ["import", step, "--json", "--config", scene.configuration], directory: scene.scratch.path)
    try await eventually("60 searches are answered") {
      guard run.isRunning else { throw SupportError("the import ended: \(try await run.wait().summary)") }
      return scene.server.answeredSearches() >= before + 60
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

  @Test(arguments: LiveProduct.withRights)
  func withoutTheLogAnAbsenceIsProvedByItsNeighbourhood(product: LiveProduct) async throws {
    var setup = Scene.company
    setup.connectorReadsLog = false
    let people = Company().people
    let hidden = people.filter { $0.unit.hasPrefix(Self.archive) }
    let gone = people.filter { !$0.unit.hasPrefix(Self.archive) }.prefix(3).map(\.dn)
    try await Scene.running(on: product, setup) { scene in
      try await scene.full()
      try await scene.server.admin.delete(gone)
      try await scene.server.hide([.subtree(Self.archive)])
      let full = try await scene.full(accepting: [6])
      #expect(full.count("deleted") == 3 && full.count("held") == hidden.count + 1, "\(full.result.summary)")
      try await scene.delta(accepting: [4])
      try await scene.server.hide([])
      try await scene.full()
      try await scene.expectTruth()
      #expect(try await scene.deletes() == 3)
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func aLogThatIsHiddenIsNoEmptyLog(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete([Company().people[0].dn])
      try await scene.server.setConnectorReadsLog(false)
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [3, 4])
        #expect(refused.result.standardError.contains(product.log), "\(refused.result.summary)")
      }
      try await scene.server.setConnectorReadsLog(true)
      try await scene.delta()
      try await scene.expectTruth("the account has its rights back")
      #expect(try await scene.deletes() == 1)
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func aSubtreeHiddenFromTheAccountIsKept(product: LiveProduct) async throws {
    let people = Company().people
    let hidden = people.filter { $0.unit.hasPrefix(Self.archive) }
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      try await scene.server.hide([.subtree(Self.archive)])
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
      try await scene.server.hide([])
      try await scene.full()
      try await scene.expectTruth("the account has its rights back")
      #expect(try await scene.held() == [])
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func anEntryRenamedAndThenHiddenIsKept(product: LiveProduct) async throws {
    let person = Company().people[0]
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.rename(person.dn, to: "uid=renamed")
      try await scene.server.hide([.subtree("uid=renamed,\(person.unit)")])
      try await scene.delta()
      #expect(try await scene.deletes() == 0, "a rename in its place says nothing of an absence")
      try await scene.full(accepting: [6])
      #expect(try await scene.deletes() == 0)
      try await scene.server.hide([])
      try await scene.full()
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func anAccountThatSeesNothingIsNotBelieved(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      try await scene.server.hide([.subtree(Scene.base)])
      let full = try await scene.full(accepting: [3])
      #expect(full.count("deleted") <= 0 && !full.isComplete, "\(full.result.summary)")
      try await scene.expectObjects(equal: everything)
      try await scene.server.hide([])
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  // MARK: Limits

  @Test(arguments: LiveProduct.withRights)
  func aSizeLimitEndsTheImportWithItsCure(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete([Company().people[0].dn])
      try await scene.server.setConnectorLimit(50)
      try await scene.expectUnchanged {
        let full = try await scene.full(accepting: [3])
        let words = full.result.standardError
        #expect(words.contains("LimitExceeded") && words.contains(product.limitsCure), "\(full.result.summary)")
      }
      try await scene.server.setConnectorLimit(nil)
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func aSizeLimitOnTheLogEndsTheDeltaWithItsCure(product: LiveProduct) async throws {
    let people = Company().people
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.modify(people[..<60].map { Self.description(of: $0.dn, "changed") }.joined())
      try await scene.server.admin.delete([people[61].dn])
      try await scene.server.setConnectorLimit(20)
      let delta = try await scene.delta(accepting: [3])
      #expect(delta.result.standardError.contains(product.limitsCure), "\(delta.result.summary)")
      #expect(try await scene.deletes() == 0)
      try await scene.server.setConnectorLimit(nil)
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  private static func description(of dn: String, _ text: String) -> String {
    var records = LDIFText()
    records.modify(dn, "replace", "description", [text])
    return records.text
  }
}
