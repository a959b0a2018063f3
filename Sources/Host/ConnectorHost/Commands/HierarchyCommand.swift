import ArgumentParser
import ConnectorCore

/// `hierarchy`: partitions and containers, with the number of entries in each.
struct HierarchyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hierarchy",
    abstract: "Shows partitions and the containers in them, with the number of entries in each.",
    discussion: """
      A container is an entry with entries below it. Reads the DN of every entry once, in one search a partition, and \
      keeps the containers alone in memory. Their DNs are what `include` and `exclude` of a partition take.

      EXAMPLES:
        ldap-connector hierarchy
        ldap-connector hierarchy --depth 2 --json
        ldap-connector hierarchy ldap://ldap.example.com --base ou=people,dc=example,dc=com
      """)

  @OptionGroup
  var server: ServerOptions

  @Option(help: ArgumentHelp("Begin here in place of the partitions; can be repeated.", valueName: "dn"))
  var base: [String] = []

  @Option(help: ArgumentHelp("Show this many levels below the top.", valueName: "levels"))
  var depth: Int?

  @Flag(help: "Print the tree as one JSON document.")
  var json = false

  mutating func validate() throws {
    if let depth, depth < 0 { throw ValidationError("--depth is a number of levels, 0 or more.") }
    for text in base { _ = try DN(text) }
  }

  func run() async throws {
    let target = try server.target()
    let containers = try await target.withConnection { connection in
      let description = try await target.describe(connection)
      var containers: [Container] = []
      for top in try tops(target, description) {
        let search = HierarchySearch(
          top: top, schema: description.evidence.schema, reading: Self.reading(target, description))
        containers.append(try await search.run(connection.reader, output: HostContext.current.output))
      }
      return containers
    }
    try show(containers.map { depth.map($0.pruned) ?? $0 })
  }

  private func tops(_ target: Target, _ description: ServerDescription) throws -> [String] {
    if !base.isEmpty { return base }
    let configured = target.configuration.partitions.map(\.dn.string)
    let tops = configured.isEmpty ? description.contexts.partitions : configured
    guard !tops.isEmpty else {
      throw CommandFailure(.usage, "The server names no partition; say with --base where to begin.")
    }
    return tops
  }

  private static func reading(_ target: Target, _ description: ServerDescription) -> ReadingMethod {
    var reading = target.configuration.import
    if target.file == nil {
      reading.pagedResults = description.offers(WellKnownOIDs.pagedResults)
      reading.virtualListView = description.offersLists
    }
    return reading.reading(description.adapter)
  }

  private func show(_ containers: [Container]) throws {
    let output = HostContext.current.output
    if json { return output.line(try JSONOutput.document(["partitions": containers])) }
    for line in containers.flatMap({ $0.lines(level: 0) }) { output.line(line) }
  }
}
