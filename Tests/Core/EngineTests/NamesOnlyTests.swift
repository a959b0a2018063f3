import ConnectorCore
import ConnectorTesting
import Testing

/// Objects whose ID is their DN: a record of the log makes a rename.
@Suite struct NamesOnlyTests {
  private func bench(_ kind: StoreKind = .inMemory) async throws -> EngineBench {
    let bench = try EngineBench(.namesOnly, kind)
    try bench.unit("ou=a", "ou=b", "ou=sub,ou=a")
    for name in ["uid=1,ou=a", "uid=2,ou=a", "uid=3,ou=sub,ou=a"] { try bench.person(name) }
    try await bench.full()
    return bench
  }

  /// The changes of a delta, with the DN before a rename, by way of the last record first.
  private func delta(_ bench: EngineBench) async throws -> [String] {
    let before = try bench.feed().count
    try await bench.delta()
    #expect(try bench.problems() == [])
    return try bench.feed().dropFirst(before).map { change in
      let old = change.oldID.map { " from \($0)" } ?? ""
      return "\(change.kind.rawValue) \(change.id)\(old)".replacing("dc=com,dc=example,", with: "")
    }
  }

  @Test("A rename changes the ID, and the feed says which one it was", arguments: StoreKind.allCases)
  func rename(_ kind: StoreKind) async throws {
    let bench = try await bench(kind)
    try bench.rename("uid=1,ou=a", "uid=one")
    #expect(try await delta(bench) == ["rename ou=a,uid=one from ou=a,uid=1"])
    let change = try #require(try bench.feed().last)
    #expect(change.oldDN == bench.dn("uid=1,ou=a"))
    #expect(change.oldAnchor == bench.dn("uid=1,ou=a"))
    #expect(change.reason.contains("changeNumber="))
  }

  @Test("A moved branch gives one rename an object, each with its old ID", arguments: StoreKind.allCases, [1, 1000])
  func branch(_ kind: StoreKind, _ hintsPerBatch: Int) async throws {
    let bench = try await bench(kind)
    bench.scope.hintsPerBatch = hintsPerBatch
    try bench.person("uid=new,ou=a")
    try bench.rename("ou=a", "ou=moved", to: "ou=b")
    try bench.modify("uid=2,ou=moved,ou=b", "after")
    #expect(
      Set(try await delta(bench)).isSuperset(
        of: [
          "rename ou=b,ou=moved from ou=a", "rename ou=b,ou=moved,uid=1 from ou=a,uid=1",
          "rename ou=b,ou=moved,uid=2 from ou=a,uid=2", "rename ou=b,ou=moved,ou=sub from ou=a,ou=sub",
          "rename ou=b,ou=moved,ou=sub,uid=3 from ou=a,ou=sub,uid=3", "add ou=b,ou=moved,uid=new",
        ]))
    try await bench.expectTruth()
  }

  @Test("Chains over batches, runs and dead runs are one object", arguments: StoreKind.allCases)
  func chains(_ kind: StoreKind) async throws {
    let bench = try await bench(kind)
    bench.scope.hintsPerBatch = 1
    try bench.rename("uid=1,ou=a", "uid=x")
    try bench.rename("uid=x,ou=a", "uid=y")
    #expect(try await delta(bench) == ["rename ou=a,uid=y from ou=a,uid=1"])
    try bench.rename("uid=y,ou=a", "uid=z")
    await #expect(throws: MortalReader.Death.self) { try await bench.delta(dyingAfter: 0) }
    try bench.restart()
    try bench.rename("uid=z,ou=a", "uid=end")
    #expect(try await delta(bench) == ["rename ou=a,uid=end from ou=a,uid=y"])
    try bench.rename("uid=end,ou=a", "uid=gone")
    try bench.delete("uid=gone,ou=a")
    #expect(try await delta(bench) == ["delete ou=a,uid=end"])
    try await bench.expectTruth()
  }

  @Test("Where the old name is used again, the old key is updated and the new one added")
  func nameUsedAgain() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=one")
    try bench.person("uid=1,ou=a", "anew")
    #expect(Set(try await delta(bench)) == ["update ou=a,uid=1", "add ou=a,uid=one"])
    try await bench.expectTruth()
  }

  @Test("A container whose old name is used again takes what was below it along")
  func containerUsedAgain() async throws {
    let bench = try await bench()
    try bench.rename("ou=a", "ou=moved")
    try bench.unit("ou=a")
    try bench.person("uid=2,ou=a", "anew")
    let changes = try await delta(bench)
    #expect(changes.contains("rename ou=moved,ou=sub,uid=3 from ou=a,ou=sub,uid=3"))
    #expect(changes.contains("rename ou=moved,uid=1 from ou=a,uid=1"))
    #expect(changes.contains("add ou=moved,uid=2"))
    try await bench.expectTruth()
  }

  @Test("Swaps and cycles end in the truth", arguments: [1, 1000])
  func swaps(_ hintsPerBatch: Int) async throws {
    let bench = try await bench()
    bench.scope.hintsPerBatch = hintsPerBatch
    try bench.modify("uid=1,ou=a", "was one")
    for (old, new) in [("1", "t"), ("2", "1"), ("t", "2")] { try bench.rename("uid=\(old),ou=a", "uid=\(new)") }
    for (old, new) in [("a", "t"), ("b", "a"), ("t", "b")] { try bench.rename("ou=\(old)", "ou=\(new)") }
    _ = try await delta(bench)
    try await bench.expectTruth()
  }

  @Test("What is renamed out of sight stays in its place, and what is moved out of sight goes")
  func outOfSight() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=hidden")
    try bench.rename("uid=2,ou=a", "uid=moved", to: "ou=b")
    bench.directory.faults.hidden = try ["uid=hidden,ou=a", "uid=moved,ou=b"].map { try DN(bench.dn($0)) }
    #expect(try await bench.delta().counts.deleted == 1)
    #expect(try bench.held()[bench.dn("uid=1,ou=a")] != nil)
    bench.directory.faults.hidden = []
    try bench.modify("uid=moved,ou=b", "seen again")
    try await bench.expectTruth()
  }

  @Test("Without a record a full import sees a delete and an add; with one it knows why the old name is gone")
  func fullImport() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=one")
    let report = try await bench.full()
    #expect((report.counts.added, report.counts.deleted, report.counts.held) == (1, 1, 0))
    #expect(try bench.problems() == [])
    bench.directory.trimLog()
    try bench.rename("uid=2,ou=a", "uid=two")
    #expect(try await bench.full().counts.deleted == 1)
    #expect(try bench.problems() == [])
  }

  @Test("An ID in the log is no ID of objects")
  func idInTheLog() async throws {
    let bench = try await bench()
    bench.strategy.arrange = {
      $0.map { record in
        var record = record
        record.hint.id = "of some back end"
        return record
      }
    }
    try bench.rename("uid=1,ou=a", "uid=one")
    #expect(try await delta(bench) == ["rename ou=a,uid=one from ou=a,uid=1"])
  }
}
