/// A running server with its people, and the two programs that read it.
struct Directory {
  let name: String
  let people: People
  let url: String
  /// Where the server keeps its password files.
  let folder: String
  /// The path of `ldap-connector`.
  let tool: String

  /// Who changes entries.
  var admin = "cn=admin,\(People.suffix)"

  private var adminPasswordFile: String { "\(folder)/admin.password" }
  private var account: String { "cn=connector,\(People.suffix)" }
  private var passwordFile: String { "\(folder)/connector.password" }

  /// What every import is compared with: the same entries and attributes, read in pages and thrown away.
  var pagedSearch: Command {
    Command(ldapsearch + ["-E", "pr=1000/noprompt", "-b", People.suffix, "*", "entryUUID"])
  }

  /// What a delta import with nothing to do is compared with: connect, bind, one entry.
  var baseSearch: Command { Command(ldapsearch + ["-s", "base", "-b", People.suffix, "*", "entryUUID"]) }

  private var ldapsearch: [String] {
    ["ldapsearch", "-LLL", "-x", "-H", url, "-D", account, "-y", passwordFile]
  }

  /// What a delta import by number is compared with: the same log records, and the same entries one by one.
  func changelogSearches(after number: Int, entries file: String) -> [Command] {
    let records = "(&(changenumber>=\(number + 1))(changenumber<=\(number + 100_000)))"
    return [
      Command(ldapsearch + ["-b", "cn=changelog", "-s", "one", records, "targetDn", "changeType", "targetUniqueId"]),
      Command(ldapsearch + ["-b", People.suffix, "-f", file, "(uid=%s)", "*", "nsUniqueId"]),
    ]
  }

  /// The number of the newest record of the change log, as the root DSE tells it; nothing must write now.
  func lastChangeNumber() throws -> Int {
    let file = "\(scratch)/rootdse"
    try Command(ldapsearch + ["-s", "base", "-b", "", "lastchangenumber"], output: file).run()
    let text = String(decoding: try contents(of: file), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.lowercased().hasPrefix("lastchangenumber: ") }
    guard let number = line.flatMap({ Int($0.split(separator: " ")[1]) }) else {
      throw BenchError("the root DSE shows no lastchangenumber")
    }
    return number
  }

  /// Makes an empty connector space; the configuration is the one that `init` writes.
  func makeConnector(_ label: String, asAdmin: Bool = false) throws -> Connector {
    let (account, passwordFile) = asAdmin ? (admin, adminPasswordFile) : (account, passwordFile)
    let connector = Connector(folder: "\(scratch)/\(name)-\(label)", tool: tool)
    try Command(["mkdir", "-p", connector.folder]).run()
    try Command([
      tool, "init", url, "--bind-dn", account, "--password-file", passwordFile, "--output", connector.configuration,
    ]).run()
    return connector
  }

  /// Changes so many entries, others in every round.
  func change(_ count: Int, round: Int) throws {
    let file = "\(scratch)/changes.ldif"
    var writer = try TextWriter(path: file)
    try people.write(changes: count, round: round, to: &writer)
    try writer.finish()
    try modify(file).run()
  }

  /// Carries out the change records of a file.
  func modify(_ file: String) -> Command {
    Command(["ldapmodify", "-x", "-H", url, "-D", admin, "-y", adminPasswordFile, "-f", file])
  }
}

/// A configuration and its state file in a folder of their own.
struct Connector {
  let folder: String
  let tool: String

  var configuration: String { "\(folder)/connector.yaml" }
  var fullImport: Command { Command([tool, "import", "full", "--config", configuration]) }
  var deltaImport: Command { Command([tool, "import", "delta", "--config", configuration]) }

  var applyPlan: Command { Command([tool, "export", "apply", "\(folder)/plan.json", "--config", configuration]) }

  /// Plans the changes of a file, whatever it deletes.
  func plan(_ file: String) -> Command {
    Command([
      tool, "export", "plan", file, "--output", "\(folder)/plan.json", "--allow-deletes", "1000000", "--config",
      configuration,
    ])
  }

  /// How many records of the change feed came from exports.
  func exportedChanges() throws -> Int {
    let file = "\(folder)/lines"
    try Command([tool, "changes", "--since", "0", "--config", configuration], output: file).run()
    return try lineCount(of: file, holding: "\"reason\":\"export, ")
  }

  func objectCount() throws -> Int { try lines(["objects", "--json"]) }
  func changeCount() throws -> Int { try lines(["changes", "--since", "0"]) }
  func remove() throws { try Command(["rm", "-rf", folder]).run() }

  private func lines(_ words: [String]) throws -> Int {
    let file = "\(folder)/lines"
    try Command([tool] + words + ["--config", configuration], output: file).run()
    return try lineCount(of: file)
  }
}
