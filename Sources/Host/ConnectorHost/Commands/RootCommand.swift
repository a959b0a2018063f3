import ArgumentParser

/// The command that holds all others.
struct RootCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ldap-connector",
    abstract: "Imports any LDAP directory, then only what changed, as a change feed; and exports changes back.",
    discussion: """
      A new connector takes four steps:
        ldap-connector detect ldap://ldap.example.com
        ldap-connector init ldap://ldap.example.com \\
            --bind-dn cn=reader,dc=example,dc=com --password-env LDAP_PASSWORD
        ldap-connector check
        ldap-connector import full

      Then, as often as you like, import delta, and with an account that may \
      write, export.

      Every command takes --adapters <folder>: adapters of others as shared \
      objects, see `adapter`; a configuration names their folder with \
      `adapters`.

      EXIT CODES:
      \(ExitStatus.table)

      With LDAP_CONNECTOR_LOG=debug in the environment every LDAP request and \
      result is told on standard error.
      """,
    version: "0.1.0",
    subcommands: [
      DetectCommand.self, InitCommand.self, CheckCommand.self, SchemaCommand.self, HierarchyCommand.self,
      ImportCommand.self, ExportCommand.self, PasswordCommand.self, AccountCommand.self, ObjectsCommand.self,
      ChangesCommand.self, StatusCommand.self, HeldCommand.self,
      AdapterCommand.self, RecordCommand.self,
    ])
}
