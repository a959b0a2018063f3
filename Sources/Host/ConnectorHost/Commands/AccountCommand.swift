import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `account show`, `account enable` and `account disable`.
struct AccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Shows, enables or disables an account, by what the product has for it.",
    discussion: """
      Which attribute says that an account may not log in differs from product to product: `detect` names it.

      EXAMPLES:
        ldap-connector account show uid=ada,ou=people,dc=example,dc=com
        ldap-connector account disable --anchor 5f1c0a2e-…
        ldap-connector account enable uid=ada,ou=people,dc=example,dc=com --json
      """, subcommands: [AccountShowCommand.self, AccountEnableCommand.self, AccountDisableCommand.self])
}

/// Which account a command is about.
struct AccountOptions: ParsableArguments {
  @Argument(help: "The account's DN.", transform: { try DN($0) })
  var dn: DN?

  @Option(help: ArgumentHelp("The account with this anchor in the connector space.", valueName: "anchor"))
  var anchor: String?

  @Option(help: ArgumentHelp("The account with this immutable ID in the connector space.", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("The configuration.", valueName: "file"), completion: .file())
  var config = ConfigurationFile.usualPath

  @Flag(help: "Print the result as JSON.")
  var json = false

  mutating func validate() throws {
    guard [dn != nil, anchor != nil, id != nil].count(where: \.self) == 1 else {
      throw ValidationError("Name the account by its DN, by --anchor or by --id; exactly one of them.")
    }
    if let dn, dn.isEmpty { throw ValidationError("The empty DN is no account.") }
  }

  /// The account's DN, from the connector space where it is named otherwise.
  func resolve(_ target: Target) throws -> String {
    if let dn { return dn.string }
    let query: ObjectQuery = id.map { .id($0) } ?? .anchor(anchor ?? "")
    let store = try SQLiteStore.openReadOnly(path: target.resolve(target.configuration.state))
    defer { store.close() }
    var found: [String] = []
    try store.forEachObject(matching: query) { found.append($0.dn) }
    guard let dn = found.first else {
      throw CommandFailure(.failure, "The connector space has no such object; a delta import may bring it.")
    }
    guard found.count == 1 else {
      throw CommandFailure(.failure, "\(found.count) objects match; name the account by its DN or its --id.")
    }
    return dn
  }
}

/// `account show`.
struct AccountShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Says whether an account may log in.",
    discussion: """
      EXAMPLES:
        ldap-connector account show uid=ada,ou=people,dc=example,dc=com
      """)

  @OptionGroup var account: AccountOptions

  func run() async throws {
    try await AccountSession.with(account) { session in
      AccountStateReport(session.dn, try await session.state(), hasChanged: nil, try session.requireState())
        .show(asJSON: account.json)
    }
  }
}

/// `account enable`.
struct AccountEnableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Lets an account log in again.",
    discussion: """
      EXAMPLES:
        ldap-connector account enable uid=ada,ou=people,dc=example,dc=com
      """)

  @OptionGroup var account: AccountOptions

  func run() async throws { try await account.set(isEnabled: true) }
}

/// `account disable`.
struct AccountDisableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Keeps an account from logging in, and leaves all else as it is.",
    discussion: """
      EXAMPLES:
        ldap-connector account disable uid=ada,ou=people,dc=example,dc=com
      """)

  @OptionGroup var account: AccountOptions

  func run() async throws { try await account.set(isEnabled: false) }
}

extension AccountOptions {
  /// Sets the state, reads it back and tells.
  fileprivate func set(isEnabled wanted: Bool) async throws {
    try await AccountSession.with(self) { session in
      let facts = try session.requireState()
      let before = try await session.state()
      if before.isEnabled != wanted { try await session.write(facts.request(session.dn, isEnabled: wanted, before)) }
      let after = before.isEnabled == wanted ? before : try await session.state()
      AccountStateReport(session.dn, after, hasChanged: before.isEnabled != wanted, facts).show(asJSON: json)
      guard after.isEnabled == wanted else {
        let needs = facts.needs.map { " This needs \($0)." } ?? ""
        throw CommandFailure(
          .exportIncomplete, "The server took the change, but the account is read back as before.\(needs)")
      }
    }
  }
}
