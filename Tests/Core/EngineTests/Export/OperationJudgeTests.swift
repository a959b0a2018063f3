@testable import ConnectorCore
import Testing

/// What the directory shows of operations whose answers nobody got.
@Suite struct OperationJudgeTests {
  private let judge = OperationJudge(
    schema: Schema(attributeTypes: [
      "( 2.5.4.3 NAME 'cn' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.31 NAME 'member' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "( 1.1.1 NAME 'code' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    ]), immutableID: ImmutableID("id"))

  private func entry(_ attributes: [(AttributeDescription, [String])]) -> ReadAnswer {
    .entry(Entry(dn: "cn=a", attributes: attributes.map { ($0.0, $0.1.map { Array($0.utf8) }) }))
  }

  private func modify(_ steps: PlannedModification...) -> PlannedOperation {
    var operation = PlannedOperation(number: 1, kind: .modify, wave: 1, partition: 0, dn: "cn=a")
    operation.id = "1"
    operation.modifications = steps
    return operation
  }

  private func step(
    _ kind: PlannedModification.Operation, _ name: String, _ values: String...
  ) -> PlannedModification {
    PlannedModification(kind, name, values.map { PlannedValue(Array($0.utf8)) })
  }

  private func isDone(_ operation: PlannedOperation, _ attributes: [(AttributeDescription, [String])]) -> Bool {
    judge.verdict(operation, .init(after: entry(attributes))) == .done
  }

  @Test("Values are compared as the schema compares them")
  func comparison() {
    #expect(isDone(modify(step(.replace, "cn", "Ada  B")), [("cn", ["ada b"]), ("id", ["1"])]))
    #expect(isDone(modify(step(.replace, "member", "CN=x, DC=y")), [("member", ["cn=X,dc=y"])]))
    #expect(!isDone(modify(step(.replace, "code", "A")), [("code", ["a"])]))
  }

  @Test("A replace is exact, an add and a delete say nothing of other values")
  func kinds() {
    #expect(!isDone(modify(step(.replace, "cn", "a")), [("cn", ["a", "b"])]))
    #expect(isDone(modify(step(.add, "cn", "a")), [("cn", ["a", "b"])]))
    #expect(!isDone(modify(step(.add, "cn", "a", "c")), [("cn", ["a", "b"])]))
    #expect(!isDone(modify(step(.delete, "cn", "a")), [("cn", ["a", "b"])]))
    #expect(isDone(modify(step(.delete, "cn", "a")), [("cn", ["b"])]))
    #expect(isDone(modify(step(.delete, "cn")), []))
    #expect(!isDone(modify(step(.delete, "cn")), [("cn", ["b"])]))
    #expect(isDone(modify(step(.delete, "cn", "a"), step(.add, "cn", "b")), [("cn", ["b"])]))
    #expect(isDone(modify(step(.delete, "cn"), step(.add, "cn", "b")), [("cn", ["b"])]))
    #expect(!isDone(modify(step(.delete, "cn"), step(.add, "cn", "b")), [("cn", ["b", "c"])]))
  }

  @Test("Another entry under the name shows nothing of a modify, and that a delete was done")
  func otherEntry() {
    #expect(!isDone(modify(step(.replace, "cn", "a")), [("cn", ["a"]), ("id", ["2"])]))
    var delete = modify()
    delete.kind = .delete
    #expect(isDone(delete, [("id", ["2"])]))
    #expect(!isDone(delete, [("id", ["1"])]))
    #expect(judge.verdict(delete, .init(after: .absent)) == .done)
  }

  @Test("A rename is done when the entry has the new name; without an ID, when the old one is free as well")
  func renames() {
    var rename = modify()
    rename.kind = .rename
    rename.rename = PlannedRename(newRDN: "cn=b", deleteOldRDN: true, newSuperior: nil, dn: "cn=b")
    let there = entry([("id", ["1"])])
    #expect(judge.verdict(rename, .init(after: there, before: .absent)) == .done)
    #expect(judge.verdict(rename, .init(after: entry([("id", ["2"])]), before: .absent)) == .notDone)
    #expect(judge.verdict(rename, .init(after: .absent, before: there)) == .notDone)
    rename.id = nil
    #expect(judge.verdict(rename, .init(after: there, before: .absent)) == .done)
    #expect(judge.verdict(rename, .init(after: there, before: there)) == .notDone)
    let error = DirectoryError(.insufficientAccessRights, operation: "read")
    #expect(judge.verdict(rename, .init(after: .failed(error), before: .absent)) != .notDone)
  }
}
