import ArgumentParser
import ConnectorCore
import Foundation

/// `adapter new`.
struct AdapterNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a Swift package with a new adapter, which builds as it is.",
    discussion: """
      The package builds against the source checkout that this executable was built in, because library and adapter must \
      come from one release and one compiler; --connector names another checkout. Its README says what to do next.

      EXAMPLES:
        ldap-connector adapter new acme
        ldap-connector adapter new acme-directory --output ~/adapters/acme --connector ~/src/ldap-connector
      """)

  @Argument(help: "The adapter's name as configuration will write it, such as acme: lower-case letters, digits and -.")
  var name: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The package's folder (default: the name).", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp("The checkout of the connector to build against.", valueName: "folder"), completion: .directory)
  var connector: String?

  mutating func validate() throws {
    guard AdapterScaffold.accepts(name) else {
      throw ValidationError("“\(name)” is no adapter's name; use lower-case letters, digits and -, a letter first.")
    }
  }

  func run() throws {
    let context = HostContext.current
    guard !context.adapterNames.contains(name) else {
      throw CommandFailure(.failure, "There is an adapter `\(name)` already; see `ldap-connector adapter list`.")
    }
    guard AdapterLibrary.compiler != 0 else {
      throw CommandFailure(
        .failure, "This host's Swift compiler is not in the list of `AdapterLibrary.compiler`; add it there.")
    }
    let checkout = try connector.map { try ConnectorCheckout(path: $0) } ?? ConnectorCheckout()
    let folder = output ?? name
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw CommandFailure(.failure, "\(folder) exists; --output names another folder.")
    }
    let scaffold = AdapterScaffold(name: name, checkout: checkout)
    for file in scaffold.files { try write(file.text, to: "\(folder)/\(file.path)") }
    context.output.line("Wrote the adapter `\(name)` to \(folder); it builds against \(checkout.path).")
    context.output.line("Next: swift build --package-path \(folder), then see \(folder)/README.md")
  }

  private func write(_ text: String, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    } catch {
      throw CommandFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
