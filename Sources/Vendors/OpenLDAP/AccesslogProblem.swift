import ConnectorCore

/// Errors of the log, told with their remedy.
enum AccesslogProblem {
  /// A search of the log failed; where a limit of the server ended it, the remedy is added.
  static func search(of log: String, _ error: DirectoryError) -> DirectoryError {
    guard error.code.isLimit else { return error }
    return error.adding(AccesslogRemedy.limits(log))
  }

  /// A record shows neither `reqDN` nor `reqEntryUUID`; to skip it would lose a change.
  static func namesNoEntry(_ record: String) -> DirectoryError {
    DirectoryError(
      .insufficientAccessRights, operation: "read of \(record)",
      message: "the record shows neither reqDN nor reqEntryUUID. Let the connector's account read all attributes of "
        + "the log's records")
  }
}
