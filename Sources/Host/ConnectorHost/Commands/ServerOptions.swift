import ArgumentParser

/// Which server a command reads: the one of a configuration file, or one named by a URL.
struct ServerOptions: ParsableArguments {
  @Argument(
    help: "A server, ldap://host[:port] or ldaps://host[:port], in place of a configuration.",
    transform: { try LDAPURL($0) })
  var url: LDAPURL?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The configuration file (default: connector.yaml).", valueName: "file"),
    completion: .file())
  var config: String?

  @OptionGroup(title: "Connection, with a URL")
  var connection: ConnectionOptions

  mutating func validate() throws {
    if url != nil, config != nil { throw ValidationError("Give a URL or --config, not both.") }
    if url == nil, !connection.isEmpty {
      throw ValidationError("Connection options belong to a URL; a configuration file has settings of its own.")
    }
  }

  /// The server, with its settings.
  func target() throws -> Target {
    guard let url else { return try Target(configurationAt: config ?? ConfigurationFile.usualPath) }
    return try Target(url: url, connection)
  }
}
