import ArgumentParser
import ConnectorStore

/// Which connector space a command reads.
struct StateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration that names the state file.", valueName: "file"), completion: .file())
  var config = "connector.yaml"

  /// Opens the connector space to read, also while a run is on.
  func open() throws -> SQLiteStore {
    let target = try Target(configurationAt: config)
    return try SQLiteStore.openReadOnly(path: target.resolve(target.configuration.state))
  }
}
