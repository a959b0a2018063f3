import ArgumentParser
import ConnectorCore
import Glibc

/// `adapter list`, `adapter new` and `adapter check`.
struct AdapterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Lists adapters, writes the package of a new one, and checks that one keeps its promises.",
    discussion: """
      An adapter teaches the connector one directory product. Those of others come as shared objects in a folder, \
      which --adapters names, or `adapters` in the configuration. A library is refused unless it and its folder belong to \
      root or to you, nobody else may write them, and it was built for this host's adapter API with its compiler. One \
      refused library ends the command, because without its adapter another might serve a directory that it does not \
      understand.

      EXAMPLES:
        ldap-connector adapter list
        ldap-connector adapter new acme
        ldap-connector adapter check acme --fixture VendorFixtures/acme-1.0 --adapters acme/adapters
        ldap-connector detect ldap://ldap.example.com --adapters /usr/local/lib/ldap-connector
      """,
    subcommands: [AdapterListCommand.self, AdapterNewCommand.self, AdapterCheckCommand.self, AdapterProbeCommand.self],
    defaultSubcommand: AdapterListCommand.self)
}

/// `adapter list`.
struct AdapterListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists every adapter with its anchor, its immutable ID and its way to find changes.",
    discussion: """
      EXAMPLES:
        ldap-connector adapter list
        ldap-connector adapter list --adapters /usr/local/lib/ldap-connector --json
        ldap-connector adapter list --config hr.yaml
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Also list those of this configuration's folder.", valueName: "file"),
    completion: .file())
  var config: String?

  @Flag(help: "Print the facts as one JSON document.")
  var json = false

  func run() async throws {
    var context = HostContext.current
    if let config, context.adapterFolder == nil {
      let target = try Target(configurationAt: config)
      context = try await context.loading(target.configuration.adapters.map(target.resolve))
    }
    let list = AdapterList(context)
    context.output.line(json ? try JSONOutput.document(list) : list.text)
  }
}

/// `adapter probe`: what the host starts to try a library; it crashes or hangs in place of the host.
struct AdapterProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Loads one library and ends.", shouldDisplay: false)

  @Argument var file: String

  func run() throws {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    // Should the host be killed meanwhile, nobody else would end a library that hangs.
    alarm(60)
    _ = try AdapterFolder.load(file: file, beside: [], probe: nil)
  }
}
