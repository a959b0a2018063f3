/// The write half of a session; adapters do not get it.
package protocol DirectoryWriter: Sendable {
  /// Sends requests, many in flight together, and answers in their order.
  ///
  /// Servers carry out what is in flight together in any order, and refuse children that overtake their parents: no
  /// request of one call may need another one of it. Cancelling the task stops the sending; answers to what was sent are still awaited, no
  /// longer than the operation timeout.
  /// - Throws: `DirectoryError` and `CancellationError` only where nothing was sent. What is lost later is an answer.
  func write(_ requests: [WriteRequest]) async throws -> [WriteAnswer]
}

/// What is known of one request to change the directory.
package enum WriteAnswer: Sendable {
  /// The server has done it.
  case done(WriteOutcome)
  /// It was not done: the server answered with another code than success, or it could not be sent as it is. Of a tree
  /// delete a part may have been done.
  case refused(DirectoryError)
  /// It was sent, and no answer came before the connection was lost or given up, for this reason: the change was made,
  /// or it was not, or the server is still about to make it.
  case unknown(DirectoryError)
  /// It was never sent, for this reason.
  case unsent(DirectoryError)
}

/// What a server said of a change that it made.
package struct WriteOutcome: Sendable {
  /// The entry before the change (RFC 4527 §3.1); nil where the server did not send it.
  package var before: Entry?
  /// The entry after the change (RFC 4527 §3.2); nil where the server did not send it.
  package var after: Entry?
  /// The password that the server made up (RFC 3062 §2).
  package var generatedPassword: Secret?
  /// All controls of the response.
  package var controls: [Control]
  /// What of the response could not be read; the change was made all the same.
  package var problem: DirectoryError?

  /// Joins the facts.
  package init(
    before: Entry? = nil, after: Entry? = nil, generatedPassword: Secret? = nil, controls: [Control] = [],
    problem: DirectoryError? = nil
  ) {
    self.before = before
    self.after = after
    self.generatedPassword = generatedPassword
    self.controls = controls
    self.problem = problem
  }
}
