import ConnectorCore

/// How a product's change log differs from draft-good-ldap-changelog-04, and what its administrator does about trouble.
struct ChangelogDialect: Sendable {
  /// The product's name in sentences.
  var product: String
  /// The attribute of entries that the adapter takes for the immutable ID; nil where there is none.
  var entryID: AttributeDescription?
  /// Attributes of a record that hold that ID of the entry changed; operational ones come only by name.
  var targetIDs: [AttributeDescription] = []
  /// Attributes that a record of a rename has where the rename was in truth a delete.
  var softDeletes: [AttributeDescription] = []
  /// The attribute of a record that tells of further operations, made to mend a replication conflict.
  var fixups: AttributeDescription?
  /// Whether the log can be read with the control for paged results (RFC 2696).
  var pagesLog = true
  var remedy: ChangelogRemedy
  /// What only the server's configuration tells of the log, for a partition.
  var configuration: @Sendable (DN, any DirectoryReader) async throws -> [Readiness.Finding] = { _, _ in [] }

  /// The log's usual DN.
  static let usualLogDN = "cn=changelog"

  /// The draft's own form, for servers of which nothing else is known: records name entries by DN alone.
  static let draft = ChangelogDialect(product: "this server", remedy: ChangelogRemedy())
}

/// What an administrator does, in the product's own terms; the draft's words where a product has none.
struct ChangelogRemedy: Sendable {
  /// Switches the log on.
  var enable = "Switch the server's change log on (draft-good-ldap-changelog-04), and restart it if it asks for that"
  /// Lets the account read the log.
  var rights =
    "Let the connector's account read, search and compare all attributes of cn=changelog and everything below it"
  /// Frees the account from limits.
  var limits = "Free the connector's account from the server's size, time and look-through limits"
  /// Shows the log's bounds.
  var bounds =
    "Let the connector's account read changelog, firstChangeNumber and lastChangeNumber of the root DSE"
  /// Has records carry the entry's ID; nil where the product cannot.
  var targetID: String?
  /// Lets the account read the partition's topmost entry.
  var partition = "Let the connector's account read the partition's topmost entry with its operational attributes"
}
