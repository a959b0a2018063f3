package import ConnectorCore
package import ConnectorLDAP
import Foundation

/// What the commands get from outside: adapters, output, environment and the way to a server.
///
/// The command line parser makes the commands, so that this reaches them as a task-local value.
package struct HostContext: Sendable {
  /// The adapters that may serve, the generic one aside.
  package var adapters: [VendorAdapter]
  /// Those of `adapters` that came from shared objects.
  package var loaded: [LoadedAdapter] = []
  /// The folder that `loaded` came from; nil where none was read.
  package var adapterFolder: String?
  /// How a shared object is tried before it is loaded.
  package var probe = AdapterProbe()
  package var output = Output.standard
  package var environment = ProcessInfo.processInfo.environment
  /// Opens a session; tests put a scripted directory here.
  package var connect: @Sendable (ConnectionSettings) async throws -> Connection = Connection.open

  /// Asks a person for a password; nil where nobody can be asked.
  package var ask: @Sendable (_ prompt: String) throws -> Secret? = Terminal.askPassword

  package init(adapters: [VendorAdapter]) { self.adapters = adapters }

  /// The context of the command that runs.
  @TaskLocal package static var current = HostContext(adapters: [])

  /// The names that the `adapter` setting may have.
  package var adapterNames: [String] { adapters.map(\.name) + ["generic"] }
}
