import ConnectorCore

/// Errors of the log, told with their remedy.
enum ChangelogProblem {
  /// A search of the log failed; where a limit of the server ended it, the remedy is added.
  static func search(_ error: DirectoryError, _ dialect: ChangelogDialect) -> DirectoryError {
    if error.code.isLimit { return error.adding(dialect.remedy.limits) }
    return error.code == .insufficientAccessRights ? error.adding(dialect.remedy.rights) : error
  }

  static func hasNoNumber(_ record: String, _ dialect: ChangelogDialect) -> DirectoryError {
    DirectoryError(
      .insufficientAccessRights, operation: "read of \(record)",
      message: "the record shows no changeNumber. " + dialect.remedy.rights)
  }

  /// A record shows neither DN nor ID of what changed.
  static func namesNoEntry(_ record: String, _ dialect: ChangelogDialect) -> DirectoryError {
    DirectoryError(
      .insufficientAccessRights, operation: "read of \(record)",
      message: "the record shows no targetDN. " + dialect.remedy.rights)
  }

  static func trimmedMeanwhile(_ log: String) -> DirectoryError {
    DirectoryError(
      .busy, operation: "search of \(log)", message: "the log was emptied while its end was looked for; try again")
  }

  /// The server counts records that a search does not show.
  static func hidden(upTo last: UInt64, in log: String, _ dialect: ChangelogDialect) -> String {
    "the server has logged changes up to number \(last) (lastChangeNumber), and this account does not see them in \(log): "
      + dialect.remedy.rights
  }
}
