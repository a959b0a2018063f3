import ConnectorCore
import ConnectorStore
import Testing

/// The journal of exports, in both stores.
@Suite struct JournalConformanceTests {
  private func plan(_ id: String) -> JournalledPlan {
    JournalledPlan(id: id, created: "2026-01-01T00:00:00Z", input: "in.json", operations: 3)
  }

  private func operation(
    _ number: Int, _ state: JournalledOperation.State, plan: String = "a", detail: String = "", _ content: String? = nil
  ) -> JournalledOperation {
    JournalledOperation(
      plan: plan, number: number, state: state, detail: detail, content: content.map { Array($0.utf8) })
  }

  private func journal(_ test: StoreUnderTest) throws -> any ConnectorSpaceStore & ExportJournal {
    try #require(test.store as? any ConnectorSpaceStore & ExportJournal)
  }

  @Test(
    "What is sent is open until it is answered, and keeps its content until it is done", arguments: StoreKind.allCases)
  func states(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let journal = try journal(test)
    try test.transaction {
      try journal.openPlan(plan("a"), keep: 10)
      try journal.openPlan(plan("a"), keep: 10)
      try journal.journal([operation(2, .sent, "{2}"), operation(1, .sent, "{1}"), operation(3, .sent, "{3}")])
    }
    #expect(try journal.openOperations() == (1...3).map { operation($0, .sent, "{\($0)}") })
    try test.transaction {
      try journal.journal([operation(1, .done), operation(2, .failed, detail: "because")])
      try journal.forget(plan: "a", [3])
    }
    #expect(try journal.openOperations() == [])
    #expect(try journal.operationStates(plan: "a") == [1: .done, 2: .failed])
    #expect(try journal.operationStates(plan: "unknown") == [:])
    try test.transaction { try journal.journal([operation(2, .sent), operation(1, .sent)]) }
    #expect(try journal.openOperations() == [operation(1, .sent), operation(2, .sent, "{2}")])
  }

  @Test("What a rolled back transaction said is forgotten", arguments: StoreKind.allCases)
  func rollback(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let journal = try journal(test)
    try test.transaction { try journal.openPlan(plan("a"), keep: 10) }
    try journal.begin()
    try journal.journal([operation(1, .sent, "{}")])
    journal.rollback()
    #expect(try journal.openOperations() == [])
  }

  @Test("Old plans go, but none with an open operation", arguments: StoreKind.allCases)
  func cleaning(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let journal = try journal(test)
    try test.transaction {
      for id in ["a", "b", "c", "d"] {
        try journal.openPlan(plan(id), keep: 4)
        try journal.journal([operation(1, id == "a" ? .sent : .done, plan: id, "{}")])
        try journal.closePlan(id == "b" ? id : "")
      }
      try journal.openPlan(plan("e"), keep: 2)
    }
    let left = try ["a", "b", "c", "d"].filter { try !journal.operationStates(plan: $0).isEmpty }
    #expect(left == ["a", "d"])
    #expect(try journal.openOperations().map(\.plan) == ["a"])
  }

  @Test("An operation of a plan that was not opened is not kept", arguments: StoreKind.allCases)
  func unknownPlan(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let journal = try journal(test)
    try test.transaction { try journal.journal([operation(1, .sent, plan: "nobody's", "{}")]) }
    #expect(try journal.openOperations() == [])
  }

  @Test("A journalled operation outlives the process")
  func reopening() throws {
    let folder = TemporaryFolder()
    let first = try SQLiteStore(path: folder.file("state.db"))
    try first.begin()
    try first.openPlan(plan("a"), keep: 10)
    try first.journal([operation(1, .sent, "{}")])
    try first.commit()
    first.close()
    #expect(try SQLiteStore(path: folder.file("state.db")).openOperations() == [operation(1, .sent, "{}")])
  }
}
