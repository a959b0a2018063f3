import ArgumentParser
import ConnectorCore

/// `password set` and `password change`.
struct PasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Sets or changes the password of an account, and tries it.",
    discussion: """
      A password comes from an environment variable, from a file, or is asked for on the terminal; never from the command \
      line. It is sent over TLS alone, unless `export.allowClearTextPasswords` says otherwise, and a bind of its own then \
      shows whether the account can log in with it.

      EXAMPLES:
        ldap-connector password set uid=ada,ou=people,dc=example,dc=com
        ldap-connector password set --id 5f1c… --new-password-env NEW_PASSWORD
        ldap-connector password set uid=ada,ou=people,dc=example,dc=com --generate
        ldap-connector password change uid=ada,ou=people,dc=example,dc=com \\
            --old-password-file old --new-password-file new
      """, subcommands: [PasswordSetCommand.self, PasswordChangeCommand.self])

  static let codes = """
    EXIT CODES: 0 done and tried, 2 the password would travel in clear text, 3 the directory refused, 8 done, but a bind \
    with the new password is refused.
    """
}

/// Where a new password comes from.
struct NewPasswordOptions: ParsableArguments {
  @Option(
    name: .customLong("new-password-env"),
    help: ArgumentHelp("The environment variable that holds the new password.", valueName: "name"))
  var environment: String?

  @Option(
    name: .customLong("new-password-file"),
    help: ArgumentHelp("The file that holds the new password.", valueName: "file"), completion: .file())
  var file: String?

  var source: PasswordSource { PasswordSource("new-password", environment: environment, file: file) }
}

/// `password set`.
struct PasswordSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Sets a password by the right of an administrator.",
    discussion: """
      With --generate the server makes the password up, where it can (RFC 3062); it is printed to standard output alone.

      EXAMPLES:
        ldap-connector password set uid=ada,ou=people,dc=example,dc=com
        ldap-connector password set --anchor 5f1c… --new-password-file new.txt
        ldap-connector password set uid=ada,ou=people,dc=example,dc=com --generate

      \(PasswordCommand.codes)
      """)

  @OptionGroup var account: AccountOptions
  @OptionGroup var new: NewPasswordOptions

  @Flag(help: "Let the server make the password up.")
  var generate = false

  mutating func validate() throws {
    if generate, new.environment != nil || new.file != nil {
      throw ValidationError("With --generate the server makes the password up; leave --new-password-… out.")
    }
  }

  func run() async throws {
    let given = generate ? nil : try new.source.secret("New password: ", twice: true)
    try await AccountSession.with(account) { session in
      try session.requireProtection()
      let (password, method) = try await session.set(given)
      try await session.tell(password, method, isGenerated: generate, asJSON: account.json)
    }
  }
}

/// `password change`.
struct PasswordChangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Changes a password with the knowledge of the old one.",
    discussion: """
      The server checks the old password where it can; else the connector binds with it first.

      EXAMPLES:
        ldap-connector password change uid=ada,ou=people,dc=example,dc=com
        ldap-connector password change uid=ada,ou=people,dc=example,dc=com \\
            --old-password-env OLD_PASSWORD --new-password-env NEW_PASSWORD

      \(PasswordCommand.codes)
      """)

  @OptionGroup var account: AccountOptions

  @Option(
    name: .customLong("old-password-env"),
    help: ArgumentHelp("The environment variable that holds the old password.", valueName: "name"))
  var oldEnvironment: String?

  @Option(
    name: .customLong("old-password-file"),
    help: ArgumentHelp("The file that holds the old password.", valueName: "file"), completion: .file())
  var oldFile: String?

  @OptionGroup var new: NewPasswordOptions

  func run() async throws {
    let source = PasswordSource("old-password", environment: oldEnvironment, file: oldFile)
    let old = try source.secret("Old password: ", twice: false)
    let password = try new.source.secret("New password: ", twice: true)
    try await AccountSession.with(account) { session in
      try session.requireProtection()
      let method = try await session.change(from: old, to: password)
      try await session.tell(password, method, isGenerated: false, asJSON: account.json)
    }
  }
}
