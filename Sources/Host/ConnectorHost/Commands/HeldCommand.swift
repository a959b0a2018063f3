import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `held list`, `held release` and `held drop`.
struct HeldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "held", abstract: "Lists, releases or drops deletes (and lost attributes) that were held back.",
    discussion: """
      A run holds what it cannot explain or what exceeds the delete budget; the objects stay in the connector space as \
      they were. An object that is seen again ends its hold by itself.

      EXAMPLES:
        ldap-connector held list
        ldap-connector held release --dn uid=ada,ou=people,dc=example,dc=com
        ldap-connector held release --all
        ldap-connector held drop --cause vanished
      """, subcommands: [HeldListCommand.self, HeldReleaseCommand.self, HeldDropCommand.self],
    defaultSubcommand: HeldListCommand.self)
}

/// `held list`.
struct HeldListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists what is held, and why.",
    discussion: """
      EXAMPLES:
        ldap-connector held list
        ldap-connector held list --json | jq -r .dn
      """)

  @OptionGroup var state: StateOptions

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() throws {
    let output = HostContext.current.output
    let holds = try state.open().holds(partition: nil)
    for hold in holds {
      output.line(json ? hold.line : "\(hold.dn)  [\(hold.cause.rawValue): \(hold.detail); run \(hold.run)]")
    }
    if holds.isEmpty, !json { output.line("Nothing is held.") }
  }
}

extension Hold {
  /// The hold as one JSON line.
  fileprivate var line: String {
    var line = JSONLine()
    line.add("dn", dn)
    line.add("id", id)
    line.add("cause", cause.rawValue)
    line.add("detail", detail)
    line.add("run", run)
    return line.text
  }
}

/// Which held objects a command is about.
struct HeldSelection: ParsableArguments {
  @Flag(help: "Everything that is held.")
  var all = false

  @Option(help: ArgumentHelp("The object with this DN; may be repeated.", valueName: "dn"), transform: { try DN($0) })
  var dn: [DN] = []

  @Option(
    help: ArgumentHelp(
      "Whatever is held for this cause: budget, vanished, configuration, attribute loss.", valueName: "cause"))
  var cause: String?

  mutating func validate() throws {
    guard all || !dn.isEmpty || cause != nil else {
      throw ValidationError("Say what: --all, --dn DN or --cause CAUSE.")
    }
    if let cause, HoldCause(rawValue: cause) == nil {
      throw ValidationError("“\(cause)” is no cause; there are budget, vanished, configuration and “attribute loss”.")
    }
  }

  func picks(_ hold: Hold) -> Bool {
    if all { return true }
    if let cause, hold.cause.rawValue == cause { return true }
    return dn.contains { $0 == (try? DN(hold.dn)) }
  }
}

/// `held release`.
struct HeldReleaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Reads held objects again and carries out what still stands.",
    discussion: """
      What is still gone is deleted, outside the budget; what is there again stays.

      EXAMPLES:
        ldap-connector held release --all
        ldap-connector held release --dn uid=ada,ou=people,dc=example,dc=com
      """)

  @OptionGroup var selection: HeldSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await ImportRunner(options).runHeld(selection) { .release($0) }
  }
}

/// `held drop`.
struct HeldDropCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Ends holds and keeps the objects until a later full import misses them again.",
    discussion: """
      EXAMPLES:
        ldap-connector held drop --cause vanished
      """)

  @OptionGroup var selection: HeldSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await ImportRunner(options).runHeld(selection) { .drop($0) }
  }
}
