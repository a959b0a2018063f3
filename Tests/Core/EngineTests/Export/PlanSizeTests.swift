import ConnectorCore
import ConnectorTesting
import Foundation
import Testing

/// Plans of many lines: `EXPORT_SIZE` says of how many, and the times are printed.
@Suite(.serialized) struct PlanSizeTests {
  private var size: Int { ProcessInfo.processInfo.environment["EXPORT_SIZE"].flatMap { Int($0) } ?? 1000 }

  private func measure(_ what: String, _ bench: PlanBench, _ lines: [DesiredChange]) async throws -> ExportPlan {
    let clock = ContinuousClock()
    let start = clock.now
    let plan = try await bench.plan(lines)
    print("\(what): \(start.duration(to: clock.now)), \(plan.operations.count) operations")
    return plan
  }

  @Test("Many adds are planned in one go, each after its parent")
  func adds() async throws {
    let bench = try PlanBench()
    let lines = (0..<size).map { DesiredChange.person("uid=\($0),ou=\($0 % 10)", line: $0 + 1) }
    let plan = try await measure("\(size) adds", bench, lines)
    #expect(plan.operations.count == size + 10)
    #expect(plan.operations.last?.wave == 2)
  }

  @Test("A chain of managers is planned from its end")
  func chain() async throws {
    let bench = try PlanBench()
    let lines = (0..<size).map { number in
      DesiredChange.person("uid=\(number)", line: number + 1, ["manager": [PlanBench.dn("uid=\(number + 1)")]])
    }
    let plan = try await measure("a chain of \(size)", bench, lines)
    #expect(plan.operations.first?.dn == PlanBench.dn("uid=\(size - 1)"))
    #expect(plan.operations.last?.wave == size)
  }

  @Test("Pairs that refer to each other are each made in three requests")
  func pairs() async throws {
    let bench = try PlanBench()
    let lines = (0..<size).map { number in
      DesiredChange.person("uid=\(number)", line: number + 1, ["manager": [PlanBench.dn("uid=\(number ^ 1)")]])
    }
    let plan = try await measure("\(size / 2) pairs", bench, lines)
    #expect(plan.operations.count == size / 2 * 3)
  }

  @Test("Many modifies and deletes are planned in one wave each")
  func modifies() async throws {
    let bench = try PlanBench()
    bench.directory.change { model in
      for number in 0..<size {
        model.put(
          MemoryEntry(
            dn: PlanBench.dn("uid=\(number)"),
            [
              "objectClass": ["top", "inetOrgPerson"], "sn": ["Smith"], "cn": ["Ann"], "uid": ["\(number)"],
              "entryUUID": ["id-\(number)"], "hasSubordinates": ["FALSE"],
            ]))
      }
    }
    try bench.learn()
    let lines = (0..<size).map {
      DesiredChange.update(id: "id-\($0)", line: $0 + 1, .set("mail", "\($0)@x"), .put("description", "new"))
    }
    #expect(try await measure("\(size) modifies", bench, lines).operations.last?.wave == 1)
    let deletes = (0..<size).map { DesiredChange.delete(id: "id-\($0)", line: $0 + 1) }
    #expect(try await measure("\(size) deletes", bench, deletes).operations.count == size)
    let swaps = (0..<size).map { DesiredChange.rename(id: "id-\($0)", to: "uid=\($0 ^ 1)", line: $0 + 1) }
    #expect(try await measure("\(size / 2) swaps", bench, swaps).operations.count == size / 2 * 3)
  }

  @Test("Of a large group only what changes is sent")
  func largeGroup() async throws {
    let bench = try PlanBench()
    let count = size * 10
    var group = MemoryEntry(dn: PlanBench.dn("cn=g"), ["objectClass": ["top", "groupOfNames"], "cn": ["g"]])
    let members = (0..<count).map { PlanBench.dn("uid=\($0),ou=People") }
    group.attributes["member"] = members.map { Array($0.utf8) }
    bench.directory.change { [group] in $0.put(group) }
    try bench.learn()
    let wanted = members.dropFirst() + [PlanBench.dn("uid=new,ou=People")]
    let whole = DesiredChange(
      line: 1, target: .init(dn: PlanBench.dn("cn=g")), kind: .update,
      edits: [AttributeEdit("member", .replace(wanted.map { Array($0.utf8) }, expected: nil))])
    let plan = try await measure("a group of \(count), replaced", bench, [whole])
    #expect(plan.short == ["1 modify cn=g -member:uid=0,ou=People +member:uid=new,ou=People"])
    let single = (0..<size).map {
      DesiredChange.update("cn=g", line: $0 + 1, .put("member", PlanBench.dn("uid=new\($0),ou=People")))
    }
    let many = try await measure("a group of \(count), \(size) members more, a line each", bench, single)
    #expect(many.operations.first?.modifications?.first?.values.count == size)
  }
}
