import ConnectorCore
import ConnectorTesting
import Testing

/// Deletes, the budget, and entries that are made anew.
struct PlanDeleteTests {
  private func branch() throws -> PlanBench {
    let bench = try PlanBench()
    try bench.unit("ou=A", "ou=B,ou=A")
    try bench.person("uid=a,ou=B,ou=A", "uid=b,ou=A")
    return bench
  }

  @Test("A delete takes everything below along, leaves first")
  func recursive() async throws {
    let bench = try branch()
    let plan = try await bench.export(.delete("ou=A"))
    #expect(
      plan.short == [
        "1 delete uid=a,ou=B,ou=A", "1 delete uid=b,ou=A", "2 delete ou=B,ou=A", "3 delete ou=A",
      ])
    #expect(plan.operations.last?.after == [2, 3])
    #expect(plan.partitions.first?.deletes == 4)
  }

  @Test("A tree delete is one request where the server does it; a leaf gets a plain delete")
  func treeDelete() async throws {
    let bench = try branch()
    bench.scope.usesTreeDelete = true
    #expect(try await bench.plan([.delete("ou=A")]).operations.count == 4)
    bench.scope.capabilities = [WellKnownOIDs.treeDelete]
    let plan = try await bench.export(.delete("ou=B,ou=A", line: 1), .delete("uid=b,ou=A", line: 2))
    #expect(plan.short == ["1 deleteTree ou=B,ou=A", "1 delete uid=b,ou=A"])
    #expect(plan.operations.first?.descendants == 1)
  }

  @Test("What moves out before the delete stays, by tree delete too", arguments: [false, true])
  func movesOut(_ tree: Bool) async throws {
    let bench = try branch()
    bench.scope.usesTreeDelete = tree
    bench.scope.capabilities = [WellKnownOIDs.treeDelete]
    try await bench.export(
      .rename(id: bench.id("uid=a,ou=B,ou=A"), to: "uid=a", line: 1), .delete(id: bench.id("ou=A"), line: 2))
    #expect(bench.exists("uid=a") && !bench.exists("ou=A"))
  }

  @Test("What moves in before the delete goes, with all below it")
  func movesIn() async throws {
    let bench = try branch()
    try bench.unit("ou=C")
    try await bench.export(
      .rename(id: bench.id("ou=B,ou=A"), to: "ou=B,ou=C", line: 1), .delete(id: bench.id("ou=C"), line: 2))
    #expect(bench.directory.entries.count == 3)
  }

  @Test("A delete that would take something from outside of the containers is refused as a whole")
  func outside() async throws {
    let bench = try branch()
    bench.scope.partitions[0].exclude = [try DN(PlanBench.dn("ou=B,ou=A"))]
    let plan = try await bench.plan([.delete("ou=A")])
    #expect(plan.operations.isEmpty && plan.errors.count == 1)
  }

  @Test("A partition within a branch keeps the branch from being deleted")
  func nested() async throws {
    let bench = try branch()
    var inner = bench.scope.partitions[0]
    inner.partition = try DN(PlanBench.dn("ou=B,ou=A"))
    bench.scope.partitions.append(inner)
    try bench.learn()
    let plan = try await bench.plan([.delete("ou=A")])
    #expect(plan.operations.isEmpty && plan.errors.count == 1)
    let inside = try await bench.plan([.delete("uid=a,ou=B,ou=A")])
    #expect(inside.operations.map(\.partition) == [1])
    #expect(inside.partitions.map(\.deletes) == [0, 1])
  }

  @Test("Deletes beyond the budget are shown, and not allowed unless the operator says so")
  func budget() async throws {
    let bench = try branch()
    bench.scope.partitions[0].budget = DeleteBudget(count: 3, percent: 100)
    let plan = try await bench.plan([.delete("ou=A")])
    #expect(plan.partitions.map(\.deletesAllowed) == [false])
    #expect(plan.operations.count == 4)
    #expect(plan.errors.first?.remedy?.contains("--allow-deletes 4") ?? false)
    bench.scope.allowedDeletes = 4
    #expect(try await bench.plan([.delete("ou=A")]).partitions.map(\.deletesAllowed) == [true])
  }

  @Test("A delete and an add of the same entry is nothing to do; of another one it is both")
  func again() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let plan = try await bench.export(
      .delete(id: bench.id("uid=a"), line: 1), .person("uid=a", line: 2), .delete("uid=b", line: 3),
      .person("uid=b", line: 4, ["mail": ["b@x"]]))
    #expect(plan.short == ["1 delete uid=b", "2 add uid=b"])
    #expect(plan.operations.last?.after == [1])
  }

  @Test("A branch that is deleted and made again keeps what is the same")
  func branchAgain() async throws {
    let bench = try branch()
    let plan = try await bench.export(
      .delete("ou=A", line: 1), .unit("ou=A", line: 2), .unit("ou=B,ou=A", line: 3),
      .person("uid=b,ou=A", line: 4, ["mail": ["b@x"]]))
    #expect(plan.short == ["1 delete uid=a,ou=B,ou=A", "1 delete uid=b,ou=A", "2 add uid=b,ou=A"])
  }

  @Test("An entry moves from a deleted branch into the new one of the same name")
  func intoNewBranch() async throws {
    let bench = try branch()
    let id = bench.id("uid=b,ou=A")
    let new = DesiredChange.add("ou=A", line: 3, ["objectClass": ["organizationalUnit"], "description": ["new"]])
    let plan = try await bench.plan([
      .rename(id: id, to: "uid=b", line: 1), .delete(id: bench.id("ou=A"), line: 2), new,
      .rename(id: id, to: "uid=b,ou=A", line: 4),
    ])
    try bench.executor.carryOut(plan, in: bench.directory, [])
    #expect(bench.id("uid=b,ou=A") == id)
    #expect(bench.values("ou=A", "description") == ["new"])
  }

  @Test("A delete whose child must stay is taken out, and what it would have freed with it")
  func stays() async throws {
    let bench = try branch()
    bench.scope.facts.moveRefusal = "it cannot"
    let plan = try await bench.plan([
      .rename("uid=b,ou=A", to: "uid=b", line: 1), .delete("ou=A", line: 2), .unit("ou=A", line: 3),
    ])
    #expect(plan.operations.isEmpty || plan.operations.allSatisfy { $0.lines == [2] })
    #expect(plan.errors.first?.line == 1)
  }

  @Test("Values that refer to what the plan deletes, or to nothing, are warned of")
  func references() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let plan = try await bench.plan([
      .delete("uid=b", line: 1),
      .update("uid=a", line: 2, .put("seeAlso", PlanBench.dn("uid=b"), PlanBench.dn("uid=z"))),
    ])
    #expect(plan.warnings.map(\.line) == [2, 2])
  }
}
