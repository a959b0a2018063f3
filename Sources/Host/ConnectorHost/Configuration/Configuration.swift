package import ConnectorCore

/// Everything that an operator can set, with its defaults; `Settings` says how each part is written in the file.
package struct Configuration: Sendable, Equatable {
  package var server = Server()
  package var bind = Bind()
  /// The adapter's name; nil leaves the choice to detection.
  package var adapter: String?
  /// The folder of adapters as shared objects, relative to the configuration file.
  package var adapters: String?
  /// The state file, relative to the configuration file.
  package var state = "connector.db"
  package var partitions: [Partition] = []
  package var schema = Schema()
  package var `import` = Import()
  package var export = Export()
  package var deleteBudget = DeleteBudget()
  /// How many change feed records are kept; nil keeps all.
  package var feedRetention: Int?

  package init() {}

  /// How the connection is protected.
  package enum Transport: String, Sendable, CaseIterable {
    case ldap, ldaps, startTLS
  }

  /// The least TLS version that is spoken.
  package enum TLSVersion: String, Sendable, CaseIterable {
    case v1_2 = "1.2"
    case v1_3 = "1.3"
  }

  /// How the account proves who it is.
  package enum BindMethod: String, Sendable, CaseIterable {
    case anonymous, simple
  }

  /// Where the directory is, and how it is reached.
  package struct Server: Sendable, Equatable {
    package var host = ""
    /// The TCP port; nil is the one of the transport, see `effectivePort`.
    package var port: Int?
    package var transport = Transport.ldap
    package var caFile: String?
    package var verifyCertificate = true
    package var minimumTLS = TLSVersion.v1_2
    package var connectionTimeout = Duration.seconds(10)
    package var operationTimeout = Duration.seconds(60)

    package init() {}

    /// The port that is used: the one set, or 636 for `ldaps` and 389 else (RFC 4511 §5.2.1, RFC 4513 §3).
    package var effectivePort: Int { port ?? (transport == .ldaps ? 636 : 389) }
  }

  /// The account that the connector binds as.
  package struct Bind: Sendable, Equatable {
    package var method = BindMethod.anonymous
    package var dn: DN?
    package var passwordEnvironment: String?
    package var passwordFile: String?

    package init() {}
  }

  /// One naming context that is imported.
  package struct Partition: Sendable, Equatable {
    package var dn = DN.empty
    /// Containers that are imported; empty means the whole partition.
    package var include: [DN] = []
    /// Containers that are left out.
    package var exclude: [DN] = []
    package var searchOnlySelectedContainers = false

    package init() {}
    package init(dn: DN) { self.dn = dn }
  }

  /// Which object classes and attributes are imported.
  package struct Schema: Sendable, Equatable {
    /// Object classes by name; empty means all.
    package var objectClasses: [String] = []
    /// Attribute descriptions; empty means all.
    package var attributes: [String] = []
    package var attributeAliases = ["userCertificate;binary"]
    package var includeOperationalAttributes = false
    package var includeExtensibleAttributes = false

    package init() {}
  }

  /// How an import reads.
  package struct Import: Sendable, Equatable {
    package var pagedResults = true
    /// Whether to read by virtual list view where `pagedResults` is off.
    package var virtualListView = false
    /// What a virtual list view is sorted by; nil takes the adapter's immutable ID.
    package var sortKey: SortKey?
    package var pageSize = 1000
    /// How changes are found; nil leaves it to the adapter.
    package var deltaMethod: String?
    /// The change log's DN; nil leaves it to detection.
    package var changeLogDN: DN?
    package var overlap = Duration.seconds(600)
    /// `dn` or an attribute; nil takes the adapter's.
    package var anchor: String?
    /// Per cent of a class's objects.
    package var attributeLossShare = 30

    package init() {}
  }

  /// How an export writes.
  package struct Export: Sendable, Equatable {
    package var treeDelete = false
    /// What a group gets that must have a member and shall have none; nil is the group's own DN.
    package var emptyGroupMember: DN?
    /// The attribute that holds the password; nil takes the adapter's.
    package var passwordAttribute: String?
    package var allowClearTextPasswords = false
    /// The classes of missing parents; empty means that none is ever made.
    package var provisioningHierarchy = ProvisioningRule.usual

    package init() {}
  }

  /// How many deletes one partition may see: of an import before they are held, of an export before it needs a word.
  package struct DeleteBudget: Sendable, Equatable {
    package var count = 500
    package var percent = 10

    package init() {}
  }
}
