import ConnectorCore
import ConnectorTesting
import Testing

/// What a log tells that names entries by DN alone, while entries have IDs.
@Suite struct NamelessLogTests {
  private func bench(_ kind: StoreKind = .inMemory) async throws -> EngineBench {
    let bench = try EngineBench(.ds389, kind)
    try bench.unit("ou=a", "ou=b", "ou=c")
    try bench.person("uid=1,ou=a")
    try bench.person("uid=2,ou=a")
    try bench.person("uid=3,ou=a")
    try await bench.full()
    return bench
  }

  @Test("A renamed entry that is deleted under its new name leaves", arguments: StoreKind.allCases)
  func renameAndDelete(_ kind: StoreKind) async throws {
    let bench = try await bench(kind)
    try bench.rename("uid=1,ou=a", "uid=one")
    try bench.delete("uid=one,ou=a")
    let report = try await bench.delta()
    #expect(report.counts.deleted == 1)
    #expect(report.findings.isEmpty)
    try await bench.expectTruth()
  }

  @Test(
    "The delete is known for the renamed entry's when the run dies between the records", arguments: StoreKind.allCases)
  func crashBetweenRecords(_ kind: StoreKind) async throws {
    let bench = try await bench(kind)
    try bench.rename("uid=1,ou=a", "uid=one")
    await #expect(throws: MortalReader.Death.self) { try await bench.delta(dyingAfter: 0) }
    try bench.restart()
    try bench.delete("uid=one,ou=a")
    await #expect(throws: MortalReader.Death.self) { try await bench.delta(dyingAfter: 0) }
    try bench.restart()
    try await bench.expectTruth()
    #expect(try bench.feed().filter { $0.kind == .delete }.map(\.dn) == [bench.dn("uid=1,ou=a")])
  }

  @Test("Chains of renames, tossed names and swaps lead to the object that was deleted", arguments: 0..<6)
  func chains(_ ways: Int) async throws {
    let bench = try await bench()
    switch ways {
    case 0:
      for (old, new) in [("1", "x"), ("x", "y"), ("y", "z")] { try bench.rename("uid=\(old),ou=a", "uid=\(new)") }
      try bench.delete("uid=z,ou=a")
    case 1:
      for (old, new) in [("1", "x"), ("x", "1"), ("1", "x")] { try bench.rename("uid=\(old),ou=a", "uid=\(new)") }
      try bench.delete("uid=x,ou=a")
    case 2:
      for (old, new) in [("1", "t"), ("2", "1"), ("t", "2")] { try bench.rename("uid=\(old),ou=a", "uid=\(new)") }
      try bench.delete("uid=1,ou=a")
    case 3:
      try bench.delete("uid=1,ou=a")
      try bench.person("uid=1,ou=a", "anew")
      try bench.rename("uid=1,ou=a", "uid=9")
      try bench.delete("uid=9,ou=a")
    case 4:
      try bench.rename("uid=1,ou=a", "uid=x")
      try bench.person("uid=1,ou=a", "anew")
      try bench.rename("uid=1,ou=a", "uid=9", to: "ou=b")
      try bench.modify("uid=9,ou=b", "new")
      try bench.rename("uid=x,ou=a", "uid=1")
      try bench.modify("uid=1,ou=a", "old")
    default:
      try bench.rename("uid=1,ou=a", "uid=1", to: "ou=b")
      try bench.person("uid=1,ou=a", "anew")
      try bench.delete("uid=1,ou=b")
      try bench.rename("uid=1,ou=a", "uid=1", to: "ou=b")
    }
    try await bench.delta()
    #expect(try bench.problems() == [])
    try await bench.expectTruth()
  }

  @Test(
    "Deletes below a renamed container find their objects, and what was new there is found", arguments: [1, 2, 1000])
  func branches(_ hintsPerBatch: Int) async throws {
    let bench = try await bench()
    bench.scope.hintsPerBatch = hintsPerBatch
    try bench.person("uid=new,ou=a")
    try bench.modify("uid=2,ou=a", "before")
    try bench.rename("ou=a", "ou=aa", to: "ou=c")
    try bench.delete("uid=1,ou=aa,ou=c")
    try bench.modify("uid=3,ou=aa,ou=c", "after")
    try bench.person("uid=later,ou=aa,ou=c")
    try bench.rename("ou=c", "ou=cc")
    try bench.delete("uid=3,ou=aa,ou=cc")
    try await bench.delta()
    try await bench.expectTruth()
    #expect(try bench.feed().filter { $0.kind == .delete }.count == 2)
  }

  @Test("A new entry that moves with its branch after the log was read is found by the next run")
  func movedAfterwards() async throws {
    let bench = try await bench()
    try bench.person("uid=new,ou=a")
    let once = Once()
    bench.directory.afterSearch { directory in
      guard once.take() else { return }
      try? directory.apply(ldif: "dn: ou=a,dc=example,dc=com\nchangetype: modrdn\nnewrdn: ou=z\ndeleteoldrdn: 1\n\n")
    }
    try await bench.delta()
    #expect(try bench.held()[bench.dn("uid=new,ou=z")] == nil)
    try await bench.expectTruth()
  }

  @Test("What is visible stays, whatever a wrong record says of its name")
  func wrongRecord() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=one")
    try bench.modify("uid=2,ou=a", "changed")
    bench.strategy.arrange = { records in
      records.flatMap { record in
        var lie = record
        lie.hint = Hint(kind: .deleted, dn: record.hint.newDN ?? record.hint.dn, record: "lie \(record.number)")
        return [record, lie]
      }
    }
    let report = try await bench.delta()
    #expect(report.counts.deleted == 0)
    try await bench.expectTruth()
  }

  @Test("A newcomer under an old name that came and went says nothing of the one that had it before")
  func newcomer() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=one")
    try bench.person("uid=1,ou=a", "anew")
    try bench.delete("uid=1,ou=a")
    bench.directory.faults.hidden = [try DN(bench.dn("uid=one,ou=a"))]
    try await bench.delta()
    #expect(try bench.held()[bench.dn("uid=1,ou=a")] != nil, "an object that cannot be seen was deleted")
    bench.directory.faults.hidden = []
    try await bench.expectTruth()
  }

  @Test("A full import knows from the log by DN which absent objects were deleted or moved away")
  func absences() async throws {
    let bench = try await bench()
    try bench.rename("ou=a", "ou=aa")
    try bench.rename("uid=1,ou=aa", "uid=one")
    try bench.delete("uid=one,ou=aa")
    try bench.delete("uid=2,ou=aa")
    let report = try await bench.full()
    #expect(report.counts.held == 0)
    #expect(report.counts.deleted == 2)
    #expect(try bench.problems() == [])
  }

  @Test("Without a record a full import still holds what vanished")
  func vanished() async throws {
    let bench = try await bench()
    try bench.rename("uid=1,ou=a", "uid=one")
    bench.directory.faults.hidden = [try DN(bench.dn("uid=one,ou=a"))]
    #expect(try await bench.full().counts.held == 1)
    bench.directory.faults.hidden = []
    try await bench.full()
    #expect(try bench.problems() == [])
  }

  @Test("Renames out of the scope and back keep the truth")
  func scope() async throws {
    let bench = try EngineBench(.ds389)
    bench.scope.exclude = [try DN(bench.dn("ou=c"))]
    try bench.unit("ou=a", "ou=b", "ou=c")
    for number in 1...3 { try bench.person("uid=\(number),ou=a") }
    try await bench.full()
    try bench.rename("ou=a", "ou=a", to: "ou=c")
    try bench.delete("uid=1,ou=a,ou=c")
    try await bench.delta()
    #expect(Set(try bench.held().keys) == Set(["", "ou=b"].map(bench.dn)))
    try bench.rename("uid=2,ou=a,ou=c", "uid=2", to: "ou=b")
    try bench.rename("ou=a,ou=c", "ou=back", to: "ou=b")
    try await bench.delta()
    #expect(
      Set(try bench.held().keys) == Set(["", "ou=b", "uid=2,ou=b", "ou=back,ou=b", "uid=3,ou=back,ou=b"].map(bench.dn)))
  }
}
