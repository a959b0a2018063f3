/// What is known of the operations of plans: it outlives the process, so that an export that died goes on where it was.
///
/// The methods that write may be called only between `begin` and `commit` of the store that keeps the journal.
package protocol ExportJournal: AnyObject, Sendable {
  /// Opens a plan; one that is known stays as it is. The oldest plans without an open operation go, beyond `keep`.
  func openPlan(_ plan: JournalledPlan, keep: Int) throws
  /// Notes that every operation of a plan is done, and drops what the operations were.
  func closePlan(_ plan: String) throws
  /// Notes operations; a state without content leaves the content that is there.
  func journal(_ operations: [JournalledOperation]) throws
  /// Forgets operations, as if they had never been sent.
  func forget(plan: String, _ numbers: [Int]) throws
  /// The states of a plan's operations, by number; empty for an unknown plan.
  func operationStates(plan: String) throws -> [Int: JournalledOperation.State]
  /// The operations of all plans that were sent and not answered, the oldest plan first, by number.
  func openOperations() throws -> [JournalledOperation]
}

/// A plan in the journal.
package struct JournalledPlan: Hashable, Sendable {
  package var id: String
  /// When it was made (RFC 3339).
  package var created: String
  /// The input file's name.
  package var input: String
  package var operations: Int

  package init(id: String, created: String, input: String, operations: Int) {
    self.id = id
    self.created = created
    self.input = input
    self.operations = operations
  }
}

/// An operation in the journal.
package struct JournalledOperation: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    /// It is about to be sent, or was sent: whether it was carried out is not known.
    case sent
    case done
    /// The server refused it.
    case failed
    /// It was not sent, or refused by its guard: the entry is not what it was when the plan was made.
    case refused
    /// It was not sent, because another one was not done, or because it may not be.
    case skipped
  }

  package var plan: String
  package var number: Int
  package var state: State
  /// Why it is so, in words; empty where the state says all.
  package var detail: String
  /// The operation as JSON; nil where it is not needed any more.
  package var content: [UInt8]?

  package init(plan: String, number: Int, state: State, detail: String = "", content: [UInt8]? = nil) {
    self.plan = plan
    self.number = number
    self.state = state
    self.detail = detail
    self.content = content
  }
}
