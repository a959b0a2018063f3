import ArgumentParser
import ConnectorCore

/// `export`, `export plan` and `export apply`.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes changes to the directory: plans them, shows the plan, and carries it out.",
    discussion: """
      FILE holds one desired change a line, in the form of the change feed, or LDIF change records:
        {"change":"delete","dn":"uid=ada,ou=people,dc=example,dc=com"}
        {"change":"update","id":"5f1c…","attributes":{"mail":["ada@example.com"]}}

      A plan says for every entry what it is and what it becomes; nothing is written before you say so. What was written \
      enters the connector space and the change feed at once, with the reason `export`. docs/export.md has it all.

      EXAMPLES:
        ldap-connector export changes.jsonl                  shows the plan
        ldap-connector export changes.jsonl --yes            and carries it out
        ldap-connector export plan changes.ldif --output plan.json
        ldap-connector export apply plan.json
      """, subcommands: [ExportRunCommand.self, ExportPlanCommand.self, ExportApplyCommand.self],
    defaultSubcommand: ExportRunCommand.self)

  static let codes = """
    EXIT CODES: 0 done, 3 the directory failed, 5 another run is active, 8 planned or done, but not everything: some \
    lines are wrong, deletes exceed the budget, or operations were refused; the findings say which.
    """
}

/// Options of every command that exports.
struct ExportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration.", valueName: "file"), completion: .file())
  var config = ConfigurationFile.usualPath

  @Option(
    help: ArgumentHelp(
      "How long to wait for another run to end, such as 5m; without it, not at all.", valueName: "time"),
    transform: ConnectionOptions.duration)
  var wait: Duration?

  @Flag(help: "Print the plan, or the report, as JSON.")
  var json = false
}

/// Options of commands that make a plan.
struct PlanningOptions: ParsableArguments {
  @Argument(help: "The desired changes: JSON Lines or LDIF; - is standard input.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("Allow so many deletes a partition, whatever `deleteBudget` says.", valueName: "n"))
  var allowDeletes: Int?

  @OptionGroup var options: ExportOptions

  mutating func validate() throws {
    if let allowDeletes, allowDeletes < 0 { throw ValidationError("--allow-deletes is a number, 0 or more.") }
  }
}

/// `export FILE`.
struct ExportRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Plans an export and shows it; with --yes carries it out.",
    discussion: """
      What an earlier export left open, because it was killed or lost the server, is settled first.

      EXAMPLES:
        ldap-connector export changes.jsonl
        ldap-connector export changes.jsonl --yes
        jq -c 'select(.change != "delete")' changes.jsonl | ldap-connector export - --yes

      \(ExportCommand.codes)
      """)

  @OptionGroup var planning: PlanningOptions

  @Flag(help: "Carry the plan out.")
  var yes = false

  func run() async throws {
    let runner = try ExportRunner(planning.options, allowedDeletes: planning.allowDeletes)
    if yes { try await runner.export(planning.file) } else { try await runner.show(planning.file) }
  }
}

/// `export plan`.
struct ExportPlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Says what an export would do, entry by entry, and writes nothing.",
    discussion: """
      The plan file holds no password: `export apply` takes them from the input again (--passwords), and a keyed hash a \
      line makes sure that they are the same. Objects that change before the plan is applied are left alone.

      EXAMPLES:
        ldap-connector export plan changes.jsonl
        ldap-connector export plan changes.ldif --output plan.json --allow-deletes 600

      \(ExportCommand.codes)
      """)

  @OptionGroup var planning: PlanningOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Keep the plan in this file.", valueName: "file"), completion: .file())
  var output: String?

  func run() async throws {
    let runner = try ExportRunner(planning.options, allowedDeletes: planning.allowDeletes)
    try await runner.plan(planning.file, to: output)
  }
}

/// `export apply`.
struct ExportApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Carries out a plan as it stands.",
    discussion: """
      Every operation is noted in the state file before it is sent. After a crash run the same command again: what was \
      done is not done twice, and what was in flight is looked up.

      EXAMPLES:
        ldap-connector export apply plan.json
        ldap-connector export apply plan.json --passwords changes.jsonl --json

      \(ExportCommand.codes)
      """)

  @Argument(help: "The plan.", completion: .file())
  var plan: String

  @Option(
    help: ArgumentHelp("The input that the plan was made of; it has the passwords.", valueName: "file"),
    completion: .file())
  var passwords: String?

  @OptionGroup var options: ExportOptions

  func run() async throws {
    try await ExportRunner(options).apply(plan, passwords: passwords)
  }
}
