import ArgumentParser
import ConnectorCore
import ConnectorLDAP

/// A server to talk to, from a configuration file or from a URL.
struct Target {
  var configuration: Configuration
  /// Nil where a URL was given.
  let file: ConfigurationFile?

  /// Takes a server from its URL.
  init(url: LDAPURL, _ options: ConnectionOptions) throws {
    configuration = try options.configuration(for: url)
    file = nil
  }

  /// Takes a server from a configuration file.
  init(configurationAt path: String) throws {
    let file = try ConfigurationFile(path: path, adapters: HostContext.current.adapterNames)
    configuration = file.configuration
    self.file = file
  }

  /// A path of the configuration as one that can be opened.
  func resolve(_ path: String) -> String { file?.resolve(path) ?? path }

  /// The server's address as a URL.
  var url: String {
    let server = configuration.server
    let host = server.host.contains(":") ? "[\(server.host)]" : server.host
    return "\(server.transport == .ldaps ? "ldaps" : "ldap")://\(host):\(server.effectivePort)"
  }

  /// The settings of a session, with its password.
  func settings() throws -> ConnectionSettings {
    do throws(SettingFinding) {
      return try configuration.connectionSettings(resolve: resolve, environment: HostContext.current.environment)
    } catch {
      if let file { throw ConfigurationError([file.problem(with: error.path, error.message)]) }
      throw ValidationError("\(Self.options[error.path] ?? error.path): \(error.message)")
    }
  }

  /// Opens a session, hands it over, and closes it in every case.
  func withConnection<Result>(_ body: (Connection) async throws -> Result) async throws -> Result {
    let connection = try await HostContext.current.connect(settings())
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  /// The adapters that may serve: the host's, and those of the folder that the configuration names, unless --adapters
  /// named one.
  /// - Throws: `AdaptersRefused`, and `ConfigurationError` where `adapter` names none of them.
  func adapters() async throws -> [VendorAdapter] {
    var context = HostContext.current
    guard let file, let folder = configuration.adapters else { return context.adapters }
    if context.adapterFolder == nil { context = try await context.loading(file.resolve(folder)) }
    if let finding = ConfigurationChecks.unknownAdapter(configuration.adapter, among: context.adapterNames) {
      throw ConfigurationError([file.problem(with: finding.path, finding.message)])
    }
    return context.adapters
  }

  /// Detects what the server is, within the connection timeout.
  func describe(_ connection: Connection) async throws -> ServerDescription {
    let discovery = Discovery(
      connection.reader, adapters: try await adapters(), port: configuration.server.effectivePort)
    let forced = configuration.adapter
    return try await TimeLimit.run(configuration.server.connectionTimeout, "detection") {
      try await discovery.describe(forced: forced)
    }
  }

  private static let options = [
    "server.caFile": "--ca-file", "bind.passwordEnvironment": "--password-env", "bind.passwordFile": "--password-file",
  ]
}
