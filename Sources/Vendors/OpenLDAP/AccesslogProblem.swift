import ConnectorCore

/// Errors of the log, told with their remedy.
enum AccesslogProblem {
  /// Codes with which slapd ends a search because of `limits`, `sizelimit` or `timelimit`.
  static let limitCodes: [ResultCode] = [.sizeLimitExceeded, .adminLimitExceeded, .timeLimitExceeded]

  /// An entry that must be there cannot be read.
  static func unreadable(_ dn: String, _ answer: ReadAnswer, remedy: String) -> DirectoryError {
    guard case .failed(var error) = answer else {
      return DirectoryError(.noSuchObject, operation: "read of \(dn)", message: "not there, or hidden. \(remedy)")
    }
    error.message += error.message.isEmpty ? remedy : ". \(remedy)"
    return error
  }

  /// A search of the log failed; where a limit of the server ended it, the remedy is added.
  static func search(of log: String, _ error: DirectoryError) -> DirectoryError {
    guard limitCodes.contains(error.code) else { return error }
    var told = error
    told.message += (error.message.isEmpty ? "" : ". ") + AccesslogRemedy.limits(log)
    return told
  }

  /// A record shows neither `reqDN` nor `reqEntryUUID`; to skip it would lose a change.
  static func namesNoEntry(_ record: String) -> DirectoryError {
    DirectoryError(
      .insufficientAccessRights, operation: "read of \(record)",
      message: "the record shows neither reqDN nor reqEntryUUID. Let the connector's account read all attributes of "
        + "the log's records")
  }
}
