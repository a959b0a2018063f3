public import ConnectorCore

/// Delta imports from change logs, for servers that are not recognised as one of this module's products.
public enum ChangelogMethod {
  /// By change numbers (draft-good-ldap-changelog-04).
  public static let numbers: DeltaMethod = "changelog"
  /// By cookies, which are valid on every replica (OpenDS and its descendants).
  public static let cookies: DeltaMethod = "changelog-cookie"

  /// A strategy by change numbers that takes nothing for granted but the draft.
  public static func strategy(_ settings: DeltaSettings) -> any DeltaStrategy {
    ChangelogDelta(settings: settings, dialect: .draft)
  }
}
