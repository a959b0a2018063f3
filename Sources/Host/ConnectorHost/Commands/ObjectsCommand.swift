import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `objects`.
struct ObjectsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objects", abstract: "Prints what the connector space holds, one JSON object a line.",
    discussion: """
      Each line has `dn`, `anchor`, `id`, `objectClasses` and `attributes` (name → list; a value is a string, or \
      {"base64": …} where it is binary), and the `feed` and `sequence` of the snapshot: a consumer that starts with it \
      goes on with `changes --since` that sequence.

      EXAMPLES:
        ldap-connector objects > all.jsonl
        ldap-connector objects --dn uid=ada,ou=people,dc=example,dc=com
        ldap-connector objects --attribute mail=ada@example.com
        ldap-connector objects --under ou=people,dc=example,dc=com | jq -r .dn
      """)

  @OptionGroup var state: StateOptions

  @Option(help: ArgumentHelp("The object with this DN.", valueName: "dn"), transform: { try DN($0) })
  var dn: DN?

  @Option(help: ArgumentHelp("The object with this DN, and all below it.", valueName: "dn"), transform: { try DN($0) })
  var under: DN?

  @Option(help: ArgumentHelp("The object with this anchor.", valueName: "anchor"))
  var anchor: String?

  @Option(help: ArgumentHelp("The object with this immutable ID.", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("Objects with this value, compared without case.", valueName: "name=value"))
  var attribute: String?

  @Flag(help: "Print JSON Lines; that is what the command always does.")
  var json = false

  private func query() throws -> ObjectQuery {
    var queries: [ObjectQuery] = []
    if let dn { queries.append(.dn(key: dn.key)) }
    if let under { queries.append(.under(key: under.key)) }
    if let anchor { queries.append(.anchor(anchor)) }
    if let id { queries.append(.id(id)) }
    if let attribute {
      guard let sign = attribute.firstIndex(of: "=") else {
        throw ValidationError("--attribute takes name=value, such as mail=ada@example.com.")
      }
      let value = String(attribute[attribute.index(after: sign)...])
      queries.append(.attribute(name: String(attribute[..<sign]), value: value))
    }
    guard queries.count < 2 else { throw ValidationError("Pick by one of --dn, --under, --anchor, --id, --attribute.") }
    return queries.first ?? .all
  }

  func run() throws {
    let query = try query()
    let output = HostContext.current.output
    let store = try state.open()
    var count = 0
    try store.snapshot { position in
      try store.forEachObject(matching: query) { object in
        output.line(object.line(position))
        count += 1
      }
    }
    if count == 0, query != .all { throw CommandFailure(.failure, "No object matches.") }
  }
}
