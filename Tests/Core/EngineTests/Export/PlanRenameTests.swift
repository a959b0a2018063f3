import ConnectorCore
import ConnectorTesting
import Testing

/// New names, and the order of requests that they need.
struct PlanRenameTests {
  @Test("A rename does what its edits repeat, and no more is sent")
  func repeats() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    let plan = try await bench.export(
      .rename("uid=a", to: "uid=b", .set("uid", "b", expecting: ["a"]), .set("mail", "b@x")))
    #expect(plan.short == ["1 rename uid=a -> uid=b", "2 modify uid=b +mail:b@x"])
    #expect(plan.operations.last?.after == [1])
    #expect(plan.operations.last?.state == nil)
    #expect(bench.values("uid=b", "uid") == ["b"])
  }

  @Test("Another letter case is a rename; another spelling of the type is none")
  func letterCase() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    #expect(try await bench.export(.rename("uid=a", to: "UID=a")).operations.isEmpty)
    #expect(try await bench.export(.rename("uid=a", to: "uid=A")).short == ["1 rename uid=a -> uid=A"])
  }

  @Test("A rename may keep the old value; a product that refuses gets it back by a modify")
  func keeps() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let plan = try await bench.export(.request("uid=a", "uid=c", deletesOld: false))
    #expect(plan.operations.first?.rename?.deleteOldRDN == false)
    #expect(Set(bench.values("uid=c", "uid")) == ["a", "c"])
    bench.scope.facts.mustDeleteOldRDN = true
    let other = try await bench.export(.request("uid=b", "uid=d", deletesOld: false))
    #expect(other.short == ["1 rename uid=b -> uid=d", "2 modify uid=d +uid:b"])
  }

  @Test("A product that does not move entries is not asked to")
  func noMoves() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A")
    try bench.person("uid=a")
    bench.scope.facts.moveRefusal = "it cannot"
    let plan = try await bench.plan([.rename("uid=a", to: "uid=a,ou=A")])
    #expect(plan.errors.map(\.summary) == ["it cannot"])
  }

  @Test("A name that somebody else has and keeps is an error")
  func taken() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let plan = try await bench.plan([.rename("uid=a", to: "uid=b")])
    #expect(plan.errors.count == 1 && plan.operations.isEmpty)
  }

  @Test("A move to a missing parent makes it, and an entry cannot move below itself")
  func parents() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A", "ou=B,ou=A")
    try bench.person("uid=a")
    let plan = try await bench.export(.rename("uid=a", to: "uid=a,ou=New"))
    #expect(plan.short == ["1 add ou=New", "2 rename uid=a -> uid=a,ou=New"])
    #expect(try await bench.plan([.rename("ou=A", to: "ou=A,ou=B,ou=A")]).errors.count == 1)
  }

  @Test("Later lines know entries by their new names, and earlier ones by their old")
  func names() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A")
    try bench.person("uid=a,ou=A")
    let plan = try await bench.export(
      .update("uid=a,ou=A", line: 1, .set("mail", "a@x")), .rename("ou=A", to: "ou=B", line: 2),
      .update("uid=a,ou=B", line: 3, .set("givenName", "A")), .person("uid=n,ou=B", line: 4))
    #expect(
      plan.short == [
        "1 rename ou=A -> ou=B", "2 modify uid=a,ou=B +givenName:A +mail:a@x", "2 add uid=n,ou=B",
      ])
  }

  @Test("Two entries that swap names go by way of a temporary one")
  func swap() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "mail: was-a@x\n")
    try bench.person("uid=b", more: "mail: was-b@x\n")
    let plan = try await bench.export(
      .rename(id: bench.id("uid=a"), to: "uid=b", line: 1), .rename(id: bench.id("uid=b"), to: "uid=a", line: 2))
    #expect(plan.operations.count == 3)
    #expect(plan.operations.first?.reason?.contains("temporary") ?? false)
    #expect(bench.values("uid=b", "mail") == ["was-a@x"])
    #expect(bench.values("uid=a", "uid") == ["a"])
  }

  @Test("Lines of a feed that swap names by DN mean the entries that had them")
  func swapByName() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "mail: was-a@x\n")
    try bench.person("uid=b", more: "mail: was-b@x\n")
    let lines: [DesiredChange] = [.rename("uid=a", to: "uid=b", line: 1), .rename("uid=b", to: "uid=a", line: 2)]
    let plan = try await bench.plan(lines)
    #expect(plan.operations.count == 3)
    try bench.executor.carryOut(plan, in: bench.directory, lines)
    #expect(bench.values("uid=b", "mail") == ["was-a@x"])
  }

  @Test("A ring of names turns")
  func ring() async throws {
    let bench = try PlanBench()
    let names = (0..<7).map { "uid=\($0)" }
    for name in names { try bench.person(name, more: "mail: \(name)\n") }
    let ids = names.map { bench.id($0) }
    let lines = names.indices.map { DesiredChange.rename(id: ids[$0], to: names[($0 + 1) % 7], line: $0 + 1) }
    let plan = try await bench.export(lines)
    #expect(plan.operations.count == 8)
    for index in names.indices { #expect(bench.values(names[(index + 1) % 7], "mail") == [names[index]]) }
  }

  @Test("A parent and its child change places")
  func inversion() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A", "ou=B,ou=A")
    let (a, b) = (bench.id("ou=A"), bench.id("ou=B,ou=A"))
    try await bench.export(.rename(id: b, to: "ou=B", line: 1), .rename(id: a, to: "ou=A,ou=B", line: 2))
    #expect(bench.id("ou=A,ou=B") == a && bench.id("ou=B") == b)
  }

  @Test("A parent and its child change places and names")
  func inversionOfNames() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A", "ou=B,ou=A")
    let (a, b) = (bench.id("ou=A"), bench.id("ou=B,ou=A"))
    try await bench.export(.rename(id: b, to: "ou=A", line: 1), .rename(id: a, to: "ou=B,ou=A", line: 2))
    #expect(bench.id("ou=A") == b && bench.id("ou=B,ou=A") == a)
  }

  @Test("A name that is freed by a rename or a delete is taken afterwards")
  func freed() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b", "uid=c", more: "mail: old@x\n")
    let plan = try await bench.export(
      .delete(id: bench.id("uid=b"), line: 1), .rename(id: bench.id("uid=a"), to: "uid=b", line: 2),
      .person("uid=a", line: 3), .rename(id: bench.id("uid=c"), to: "uid=d", line: 4))
    #expect(
      plan.short == ["1 delete uid=b", "1 rename uid=c -> uid=d", "2 rename uid=a -> uid=b", "3 add uid=a"])
  }

  @Test("An entry moves below a new one that takes its name")
  func belowItsName() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A")
    let id = bench.id("ou=A")
    try await bench.export(.rename(id: id, to: "ou=old,ou=A", line: 2), .unit("ou=A", line: 1))
    #expect(bench.exists("ou=A"))
  }

  @Test("Child and parent are both renamed, the parent first")
  func bothRenamed() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=A")
    try bench.person("uid=a,ou=A")
    var lines: [DesiredChange] = [
      .rename(id: bench.id("uid=a,ou=A"), to: "uid=b,ou=A", line: 1),
      .rename(id: bench.id("ou=A"), to: "ou=B", line: 2),
    ]
    lines[1].target.dn = PlanBench.dn("ou=A")
    let plan = try await bench.export(lines)
    #expect(plan.short == ["1 rename ou=A -> ou=B", "2 rename uid=a,ou=B -> uid=b,ou=B"])
  }

  @Test("A rename that was done is said to be done")
  func done() async throws {
    let bench = try PlanBench()
    try bench.person("uid=b")
    let plan = try await bench.plan([.rename("uid=a", to: "uid=b")])
    #expect(plan.operations.isEmpty && plan.errors.isEmpty)
    #expect(plan.findings.map(\.severity) == [.info])
  }
}
