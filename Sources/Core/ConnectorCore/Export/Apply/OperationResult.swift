/// An operation that is to be sent, with its request.
struct Outgoing: Sendable {
  var operation: PlannedOperation
  var partition: ExportPartition
  var request: WriteRequest
  /// Whether it was sent before, so that a refusal may mean that it was done.
  var wasSent = false
  /// Whether the entry was read, and is as it was planned with.
  var isRead = false
  /// Tries that ended with the server asking for another one.
  var failures = 0
}

/// What became of an operation.
struct OperationResult: Sendable {
  enum Fate: Sendable {
    /// It is done; the entry after it, where the server sent it, and its ID where only that is known.
    case done(Entry?, id: String?)
    case failed(String, remedy: String?)
    /// Its guard objects.
    case refused(String)
    /// It was not sent, because the operation of this number, if any, was not done.
    case skipped(String, blame: Int?)
    /// It was not sent, and may be sent later.
    case unsent
    /// It was sent, and nobody knows; the journal keeps it open.
    case unknown
  }

  var operation: PlannedOperation
  var partition: ExportPartition?
  var fate: Fate
  /// The plan that it belongs to.
  var plan: String

  var record: String {
    let lines = operation.lines
    let input =
      lines.isEmpty ? "" : " (line\(lines.count > 1 ? "s" : "") \(lines.map(String.init).joined(separator: ", ")))"
    return "plan \(plan.prefix(8)) operation \(operation.number)\(input)"
  }
}

/// What came of a chunk: results of all its operations, and why it ended early.
struct Delivery: Sendable {
  var results: [OperationResult] = []
  var error: (any Error)?
}
