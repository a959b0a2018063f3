import ArgumentParser
import ConnectorCore

/// How a server that a URL names is reached, for commands that need no configuration.
struct ConnectionOptions: ParsableArguments {
  @Flag(name: .customLong("start-tls"), help: "Switch to TLS before anything else is said; never falls back.")
  var startTLS = false

  @Option(
    name: .customLong("ca-file"), help: ArgumentHelp("Trust these certificates (PEM).", valueName: "file"),
    completion: .file())
  var caFile: String?

  @Flag(help: "Do not verify the server's certificate; anybody on the way can then pose as the server.")
  var insecure = false

  @Option(
    name: .customLong("bind-dn"), help: ArgumentHelp("Bind as this account; anonymous without it.", valueName: "dn"),
    transform: { try DN($0) })
  var bindDN: DN?

  @Option(
    name: .customLong("password-env"),
    help: ArgumentHelp("The environment variable that holds the password.", valueName: "name"))
  var passwordEnvironment: String?

  @Option(help: ArgumentHelp("The file that holds the password.", valueName: "file"), completion: .file())
  var passwordFile: String?

  @Option(
    help: ArgumentHelp("How long to connect, and how long the server may be silent, such as 30s.", valueName: "time"),
    transform: ConnectionOptions.duration)
  var timeout: Duration = .seconds(10)

  mutating func validate() throws {
    let sources = [passwordEnvironment, passwordFile].compactMap(\.self).count
    if bindDN != nil, sources == 0 {
      throw ValidationError("--bind-dn needs a password: name its variable with --password-env, or --password-file.")
    }
    if bindDN == nil, sources > 0 { throw ValidationError("A password without --bind-dn has no use.") }
    if sources > 1 { throw ValidationError("Give --password-env or --password-file, not both.") }
  }

  /// Whether anything here was set.
  var isEmpty: Bool {
    !startTLS && caFile == nil && !insecure && bindDN == nil && timeout == .seconds(10)
  }

  /// The configuration that a URL with these options amounts to.
  func configuration(for url: LDAPURL) throws -> Configuration {
    if url.isTLS, startTLS { throw ValidationError("--start-tls has no use with ldaps://, which is TLS already.") }
    if !url.isTLS, !startTLS, caFile != nil { throw ValidationError("--ca-file needs ldaps:// or --start-tls.") }
    var configuration = Configuration()
    configuration.server.host = url.host
    configuration.server.transport = url.isTLS ? .ldaps : startTLS ? .startTLS : .ldap
    configuration.server.port = url.port ?? configuration.server.effectivePort
    configuration.server.caFile = caFile
    configuration.server.verifyCertificate = !insecure
    configuration.server.connectionTimeout = timeout
    configuration.bind.method = bindDN == nil ? .anonymous : .simple
    configuration.bind.dn = bindDN
    configuration.bind.passwordEnvironment = passwordEnvironment
    configuration.bind.passwordFile = passwordFile
    return configuration
  }

  static func duration(_ text: String) throws -> Duration {
    guard let duration = DurationText.read(text), duration > .zero else {
      throw ValidationError("“\(text)” is no time; write a number and its unit, such as 500ms, 30s or 2m.")
    }
    return duration
  }
}
