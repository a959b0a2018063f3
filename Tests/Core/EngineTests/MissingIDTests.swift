import ConnectorCore
import ConnectorTesting
import Testing

/// Single entries without the ID that all others have.
@Suite struct MissingIDTests {
  private func bench(_ kind: StoreKind = .inMemory) async throws -> EngineBench {
    let bench = try EngineBench(.ibmOld, kind)
    try bench.unit("ou=a", "ou=old")
    for name in ["uid=1,ou=a", "uid=2,ou=a", "uid=3,ou=old"] { try bench.person(name) }
    for name in ["ou=old", "uid=1,ou=a", "uid=3,ou=old"] { bench.setID(name, nil) }
    try await bench.full()
    return bench
  }

  private func id(_ name: String, in bench: EngineBench) throws -> String? {
    try bench.objects().first { $0.dn == bench.dn(name) }?.id
  }

  @Test("They are known by their DN, in a form that no ID has, and one warning counts them")
  func import_() async throws {
    let bench = try await bench()
    #expect(try bench.problems() == [])
    #expect(try id("uid=1,ou=a", in: bench) == "dn:dc=com,dc=example,ou=a,uid=1")
    #expect(try id("uid=2,ou=a", in: bench)?.hasPrefix("dn:") == false)
    let warnings = try await bench.full().findings
    #expect(warnings.map(\.severity) == [.warning])
    #expect(warnings.first?.summary.hasPrefix("3 entries have no ibm-entryUuid") == true)
  }

  @Test("Without the option they are left out, each with an error")
  func withoutOption() async throws {
    let bench = try EngineBench(.ibm)
    try bench.person("uid=1")
    bench.setID("uid=1", nil)
    let report = try await bench.full()
    #expect(report.findings.map(\.severity) == [.error])
    #expect(try bench.objects().count == 1)
  }

  @Test("Renames, moved branches and deletes of them are followed", arguments: StoreKind.allCases)
  func changes(_ kind: StoreKind) async throws {
    let bench = try await bench(kind)
    let before = try bench.feed().count
    try bench.rename("uid=1,ou=a", "uid=one")
    try bench.rename("ou=old", "ou=new", to: "ou=a")
    try bench.modify("uid=3,ou=new,ou=a", "after")
    try await bench.delta()
    #expect(try bench.problems() == [])
    #expect(try bench.feed().dropFirst(before).allSatisfy { $0.kind != .delete && $0.kind != .add })
    try bench.delete("uid=3,ou=new,ou=a")
    try await bench.expectTruth()
  }

  @Test("An entry that gets its ID stays the object that it was", arguments: ["delta", "full", "renamed"])
  func migration(_ way: String) async throws {
    let bench = try await bench()
    bench.setID("uid=1,ou=a", "new-id")
    bench.setID("ou=old", "new-unit")
    if way == "renamed" { try bench.rename("uid=1,ou=a", "uid=one", to: "ou=old") }
    if way != "full" { try bench.modify(way == "renamed" ? "uid=one,ou=old" : "uid=1,ou=a", "touched") }
    if way != "full" { try bench.modify("ou=old", "touched") }
    let before = try bench.feed().count
    if way == "full" { try await bench.full() } else { try await bench.delta() }
    #expect(try bench.problems() == [])
    let feed = try bench.feed().dropFirst(before)
    #expect(feed.allSatisfy { $0.kind == .rename })
    #expect(feed.contains { $0.id == "new-id" && $0.oldID == "dn:dc=com,dc=example,ou=a,uid=1" })
    try await bench.expectTruth()
  }

  @Test("Whoever may no longer read the ID neither deletes nor doubles objects", arguments: [true, false])
  func lostRight(_ isDelta: Bool) async throws {
    let bench = try await bench()
    let held = try bench.held()
    let id = try #require(try id("uid=2,ou=a", in: bench))
    bench.setID("uid=2,ou=a", nil)
    if isDelta {
      try bench.modify("uid=2,ou=a", "changed")
      try await bench.delta()
    } else {
      try await bench.full()
    }
    #expect(try bench.held() == held)
    bench.setID("uid=2,ou=a", id)
    try await bench.expectTruth()
    #expect(try bench.feed().allSatisfy { $0.kind != .delete })
  }

  @Test("An old entry may take the place of one with an ID that was deleted or went elsewhere")
  func takenPlaces() async throws {
    let bench = try await bench()
    try bench.delete("uid=2,ou=a")
    try bench.rename("uid=1,ou=a", "uid=2")
    try bench.person("uid=9,ou=a")
    try await bench.delta()
    try bench.rename("uid=9,ou=a", "uid=10")
    try bench.rename("uid=2,ou=a", "uid=9")
    try await bench.expectTruth()
  }
}
