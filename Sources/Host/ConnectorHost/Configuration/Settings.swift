/// The table of everything that a configuration file may hold, in the order in which the template writes it.
package enum Settings {
  /// One row at the top level of the file.
  package enum Row: Sendable {
    /// A key with its value.
    case setting(Setting<Configuration>)
    /// A key with further keys below it.
    case section(String, String, [Setting<Configuration>])
    /// The list of partitions, each with the keys given.
    case partitions(String, String, [Setting<Configuration.Partition>])

    /// The key at the top level.
    package var key: String {
      switch self {
      case .setting(let setting): setting.key
      case .section(let key, _, _), .partitions(let key, _, _): key
      }
    }

    /// The paths of the keys that hold values, such as `server.port`; a list's items are `[]`.
    package var paths: [String] {
      switch self {
      case .setting(let setting): [setting.key]
      case .section(let key, _, let settings): settings.map { "\(key).\($0.key)" }
      case .partitions(let key, _, let settings): settings.map { "\(key)[].\($0.key)" }
      }
    }
  }

  /// Every row.
  package static let table: [Row] = [
    .section("server", "The directory server, and how it is reached.", server),
    .section(
      "bind", "The account that the connector reads as. It needs read rights, and sees only what they allow.", bind),
    .setting(adapter), .setting(adapters), .setting(state),
    .partitions("partitions", "The naming contexts that are imported, at least one.", partition),
    .section("schema", "Which object classes and attributes are imported.", schema),
    .section("import", "How full and delta imports read the directory.", imports),
    .section("export", "How exports write to the directory; the account of `bind` needs the rights for it.", exports),
    .section("deleteBudget", budgetText, deleteBudget),
    .setting(feedRetention),
  ]

  private static let defaults = Configuration()

  private static func row<Value>(
    _ key: String, _ form: SettingForm<Value>, _ place: any WritableKeyPath<Configuration, Value> & Sendable,
    isRequired: Bool = false, unset: String = "not set", example: String = "", _ explanation: String
  ) -> Setting<Configuration> {
    Setting(key, form, place, of: defaults, isRequired: isRequired, unset: unset, example: example, explanation)
  }

  private static let server: [Setting<Configuration>] = [
    row("host", .one(.text("a host name or an IP address")), \.server.host, isRequired: true, "Where the server is."),
    row(
      "port", .maybe(.number(1...65535)), \.server.port, unset: "389, with ldaps 636", example: "389",
      "The server's TCP port."),
    row(
      "transport", .one(.name), \.server.transport,
      "`ldaps` is TLS from the start, `startTLS` switches to it before anything else is said, `ldap` is clear text."),
    row(
      "caFile", .maybe(.text("the path of a PEM file")), \.server.caFile, unset: "the system's certificates",
      example: "ca.pem", "Certificates that the server's one must lead to; relative to this file."),
    row(
      "verifyCertificate", .one(.flag), \.server.verifyCertificate,
      "Without it anybody on the way can read and change everything, the password included."),
    row("minimumTLS", .one(.name), \.server.minimumTLS, "The oldest TLS version that is spoken."),
    row(
      "connectionTimeout", .one(.duration(.milliseconds(100)...(.seconds(3600)))), \.server.connectionTimeout,
      "How long the first connection and the reading of the schema may take."),
    row(
      "operationTimeout", .one(.duration(.milliseconds(100)...(.seconds(86400)))), \.server.operationTimeout,
      "How long the server may be silent while it works on a request."),
  ]

  private static let bind: [Setting<Configuration>] = [
    row("method", .one(.name), \.bind.method, "`simple` is a DN with a password."),
    row(
      "dn", .maybe(.dn("cn=connector,dc=example,dc=com")), \.bind.dn, example: "cn=connector,dc=example,dc=com",
      "The account's DN."),
    row(
      "passwordEnvironment", .maybe(.environmentVariable), \.bind.passwordEnvironment, example: "LDAP_PASSWORD",
      "The environment variable that holds the password. Set this one or `passwordFile`."),
    row(
      "passwordFile", .maybe(.text("the path of a file")), \.bind.passwordFile, example: "connector.password",
      "The file that holds the password and nothing else; relative to this file. Nobody else should be able to read it."
    ),
  ]

  private static let adapter = row(
    "adapter", .one(.either("auto", or: .text("the name of an adapter"))), \.adapter,
    "Which product the server is. `auto` detects it at every run and never guesses.")

  private static let adapters = row(
    "adapters", .one(.either("none", or: .text("the path of a folder"))), \.adapters,
    "Adapters of others: every `*.so` of this folder, relative to this file. They run with all rights of the "
      + "connector, so folder and files must belong to root or to the user who runs it, and nobody else may write them."
  )

  private static let state = row(
    "state", .one(.text("the path of a file")), \.state,
    "The connector space, the watermarks and the change feed; relative to this file, on a local disk.")

  private static let feedRetention = row(
    "feedRetention", .one(.either("all", or: .number(1...1_000_000_000))), \.feedRetention,
    "How many records the change feed keeps; the oldest go first.")

  private static let partition: [Setting<Configuration.Partition>] = [
    Setting(
      "dn", .one(.dn("dc=example,dc=com")), \.dn, of: Configuration.Partition(), isRequired: true,
      "The naming context, or any entry below it that is to be the top."),
    Setting(
      "include", .list(of: .dn("ou=people,dc=example,dc=com"), "a list of DNs"), \.include,
      of: Configuration.Partition(),
      "Containers below it that are imported; an empty list is the whole partition."),
    Setting(
      "exclude", .list(of: .dn("ou=people,dc=example,dc=com"), "a list of DNs"), \.exclude,
      of: Configuration.Partition(),
      "Containers that are left out, with all below them."),
    Setting(
      "searchOnlySelectedContainers", .one(.flag), \.searchOnlySelectedContainers, of: Configuration.Partition(),
      "One search for each container of `include`, where a search of the whole partition would find too much."),
  ]

  private static let schema: [Setting<Configuration>] = [
    row(
      "objectClasses", .list(of: .schemaName, "a list of object classes"), \.schema.objectClasses,
      "Objects of these classes are imported; an empty list is all of them."),
    row(
      "attributes", .list(of: .attributeDescription, "a list of attributes"), \.schema.attributes,
      "Attributes that are imported; an empty list is all that the schema gives the classes."),
    row(
      "attributeAliases", .list(of: .aliasedDescription, "a list of attributes with options"),
      \.schema.attributeAliases,
      "Attributes that the server sends with an option which the schema does not tell (RFC 4522)."),
    row(
      "includeOperationalAttributes", .one(.flag), \.schema.includeOperationalAttributes,
      "Also attributes that the server keeps, such as when an entry was made."),
    row(
      "includeExtensibleAttributes", .one(.flag), \.schema.includeExtensibleAttributes,
      "Every attribute on every object, for directories that use extensibleObject (RFC 4512 §4.3). Makes the schema large."
    ),
  ]

  private static let imports: [Setting<Configuration>] = [
    row(
      "pagedResults", .one(.flag), \.import.pagedResults,
      "Read in pages (RFC 2696). With this and `virtualListView` off all is read in one operation, which the server's size "
        + "limit may cut short."),
    row(
      "virtualListView", .one(.flag), \.import.virtualListView,
      "Read a sorted list part by part (virtual list view with RFC 2891), for servers without paged results; has no "
        + "effect while `pagedResults` is on."),
    row(
      "sortKey", .one(.either("auto", or: .sortKey)), \.import.sortKey,
      "What virtual list view sorts by: best an attribute that every entry has, no two share and nobody changes. `auto` is "
        + "the product's immutable ID, or else `cn`; some servers want an ordering rule with it, as in `cn:2.5.13.3`."),
    row(
      "pageSize", .one(.number(1...100_000)), \.import.pageSize,
      "Entries a page, or a part of a virtual list view, of which up to 20 repeat the part before."),
    row(
      "deltaMethod", .one(.either("auto", or: .deltaMethod)), \.import.deltaMethod,
      "How delta imports find changes; `auto` is what fits the product, `none` switches them off."),
    row(
      "changeLogDN", .one(.either("auto", or: .dn("cn=log"))), \.import.changeLogDN,
      "Where the server keeps its change log; delta imports need one."),
    row(
      "overlap", .one(.duration(.zero ... .seconds(86400 * 7))), \.import.overlap,
      "For how long a delta import looks again for log records that appear late."),
    row(
      "anchor", .one(.either("auto", or: .anchor)), \.import.anchor,
      "What an identity system keys an object by; `auto` is what fits the product. A new anchor needs a full import."),
    row(
      "attributeLossShare", .one(.number(1...100)), \.import.attributeLossShare,
      "An attribute that disappears from this share of a class's objects, in per cent, in one full import is held."),
  ]

  private static let exports: [Setting<Configuration>] = [
    row(
      "treeDelete", .one(.flag), \.export.treeDelete,
      "A branch is deleted in one request where the server can; else entry by entry, deepest first."),
    row(
      "emptyGroupMember", .one(.either("auto", or: .dn("cn=nobody,dc=example,dc=com"))), \.export.emptyGroupMember,
      "The member of a group that must have one and shall have none; `auto` is the group's own DN."),
    row(
      "passwordAttribute", .one(.either("auto", or: .attributeDescription)), \.export.passwordAttribute,
      "The attribute that holds passwords; `auto` is what fits the product."),
    row(
      "allowClearTextPasswords", .one(.flag), \.export.allowClearTextPasswords,
      "Whether passwords of accounts may be set without TLS, where anybody on the way can read them."),
    row(
      "provisioningHierarchy", .list(of: .provisioningRule, "a list of rules such as `ou=organizationalUnit`"),
      \.export.provisioningHierarchy,
      "The object class of a missing parent, by the type of its RDN; with an empty list no parent is ever made."),
  ]

  private static let budgetText =
    "Deletes of a run in the connector space beyond either bound are held until an operator releases them (`held`); an "
    + "export with more deletes in the directory leaves all of them out, unless --allow-deletes says how many."

  private static let deleteBudget: [Setting<Configuration>] = [
    row("count", .one(.number(0...1_000_000_000)), \.deleteBudget.count, "Deletes a run and partition."),
    row("percent", .one(.number(0...100)), \.deleteBudget.percent, "Deletes a run, in per cent of the partition."),
  ]
}
