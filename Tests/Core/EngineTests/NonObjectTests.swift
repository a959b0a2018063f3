import ConnectorCore
import ConnectorTesting
import Testing

/// Entries that a server answers with, and that are no objects.
@Suite struct NonObjectTests {
  private func bench() async throws -> EngineBench {
    let bench = try EngineBench(.ds389)
    bench.scope.nonObjects = [EntryMark("nsds5ReplConflict"), .objectClass("nsTombstone")]
    try bench.unit("ou=a")
    for name in ["uid=1,ou=a", "uid=2,ou=a", "uid=3,ou=a"] { try bench.person(name) }
    return bench
  }

  private func mark(_ name: String, in bench: EngineBench) throws {
    let dn = bench.dn(name)
    bench.directory.change { model in
      guard var entry = model.entry(dn) else { return }
      entry.attributes.set("nsds5ReplConflict", "namingConflict \(dn)")
      model.put(entry)
    }
  }

  @Test("Marks compare names and values without case, and nothing else")
  func marks() {
    let entry = Entry(
      dn: "cn=a", attributes: [("NSDS5replConflict", [Array("x".utf8)]), ("objectClass", [Array("NSTombstone".utf8)])])
    #expect(EntryMark("nsds5ReplConflict").marks(entry))
    #expect(EntryMark("nsds5ReplConflict", value: "X").marks(entry))
    #expect(!EntryMark("nsds5ReplConflict", value: "xy").marks(entry))
    #expect(EntryMark.objectClass("nsTombstone").marks(entry))
    #expect(!EntryMark.objectClass("nsTomb").marks(entry))
    #expect(!EntryMark("nsds5").marks(entry))
    #expect(!EntryMark("cn").marks(Entry(dn: "cn=a", attributes: [("cn", [])])))
    #expect(EntryMark.objectClass("nsTombstone").description == "objectClass=nsTombstone")
  }

  @Test("A full import asks for the marks by name, leaves such entries out and says how many they were")
  func fullImport() async throws {
    let bench = try await bench()
    try mark("uid=1,ou=a", in: bench)
    try bench.directory.apply(ldif: "dn: \(bench.dn("uid=4,ou=a"))\nobjectClass: NSTOMBSTONE\nuid: 4\n\n")
    let report = try await bench.full()
    #expect(Set(try bench.held().keys) == Set(["", "ou=a", "uid=2,ou=a", "uid=3,ou=a"].map(bench.dn)))
    #expect(report.findings.filter { $0.severity == .info }.map(\.summary).allSatisfy { $0.contains("1 entries") })
    #expect(report.findings.count == 2)
    let asked = bench.directory.takeSearches().filter { $0.base == EngineBench.suffix }.flatMap(\.attributes)
    #expect(asked.contains("nsds5ReplConflict"))
    #expect(try !bench.objects().contains { $0.document.text.contains("ReplConflict") })
  }

  @Test(
    "An object that becomes such an entry leaves with that reason, by a delta and by a full import",
    arguments: [true, false])
  func becoming(_ isDelta: Bool) async throws {
    let bench = try await bench()
    try await bench.full()
    try mark("uid=1,ou=a", in: bench)
    if isDelta { try bench.modify("uid=1,ou=a", "so that the log names it") }
    let report = isDelta ? try await bench.delta() : try await bench.full()
    #expect(report.counts.deleted == 1)
    #expect(report.counts.held == 0)
    #expect(try bench.feed().last?.reason.contains("nsds5ReplConflict") == true)
    #expect(try bench.held()[bench.dn("uid=1,ou=a")] == nil)
  }

  @Test("An entry that stops to be one comes back")
  func comingBack() async throws {
    let bench = try await bench()
    try mark("uid=1,ou=a", in: bench)
    try await bench.full()
    try bench.directory.apply(
      ldif: "dn: \(bench.dn("uid=1,ou=a"))\nchangetype: modify\ndelete: nsds5ReplConflict\n-\n\n")
    try await bench.expectTruth()
    #expect(try bench.held()[bench.dn("uid=1,ou=a")] != nil)
  }
}
