import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `import full` and `import delta`.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Imports the directory into the connector space: all of it, or what changed.",
    discussion: """
      A full import reads everything and finds deletes by absence, carefully. A delta import asks the directory's log \
      what changed since the last import. Start with a full one, then run deltas as often as you like.

      EXAMPLES:
        ldap-connector import full
        ldap-connector import delta --or-full --json
      """, subcommands: [ImportFullCommand.self, ImportDeltaCommand.self])
}

/// Options of every command that runs a step.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration.", valueName: "file"), completion: .file())
  var config = "connector.yaml"

  @Option(
    help: ArgumentHelp("Only this partition of the configuration; may be repeated.", valueName: "dn"),
    transform: { try DN($0) })
  var partition: [DN] = []

  @Option(
    help: ArgumentHelp(
      "How long to wait for another run to end, such as 5m; without it, not at all.", valueName: "time"),
    transform: ConnectionOptions.duration)
  var wait: Duration?

  @Flag(help: "Print the report as JSON, one line a partition.")
  var json = false
}

/// `import full`.
struct ImportFullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "full", abstract: "Reads everything, and proves that it was everything before anything is deleted.",
    discussion: """
      What was known and is not seen any more is looked up; it is deleted only if the log records its delete or move, \
      or, where no log can tell, if its surroundings are still visible. Anything else is held: see `held`. More deletes \
      than `deleteBudget` allows are held together.

      EXAMPLES:
        ldap-connector import full
        ldap-connector import full --config hr.yaml --partition ou=people,dc=example,dc=com --page-size 500

      EXIT CODES: 0 done, 3 the directory failed (nothing was deleted), 5 another run is active, 6 done, but deletes are \
      newly held.
      """)

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Entries a page, for this run.", valueName: "n"))
  var pageSize: Int?

  func run() async throws {
    try await ImportRunner(options, pageSize: pageSize).run(.full)
  }
}

/// `import delta`.
struct ImportDeltaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delta", abstract: "Imports what changed since the last import, as the directory's log tells it.",
    discussion: """
      Needs the watermark of a full import. Where there is none, or the log no longer reaches back to it, the command \
      says so, changes nothing and exits with 4; with --or-full it runs a full import instead.

      EXAMPLES:
        ldap-connector import delta
        ldap-connector import delta --or-full

      EXIT CODES: 0 done, 3 the directory failed, 4 a full import is needed (nothing was changed), 5 another run is \
      active, 6 done, but deletes are newly held.
      """)

  @OptionGroup var options: RunOptions

  @Flag(help: "Run a full import where a delta import is impossible.")
  var orFull = false

  @Option(help: ArgumentHelp("Entries a page, for this run.", valueName: "n"))
  var pageSize: Int?

  func run() async throws {
    try await ImportRunner(options, pageSize: pageSize).run(.delta(orFull: orFull))
  }
}
