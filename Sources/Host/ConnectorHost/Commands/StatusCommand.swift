import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `status`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows what the connector space holds, how far it has read, and how the last runs went.",
    discussion: """
      EXAMPLES:
        ldap-connector status
        ldap-connector status --json | jq '.partitions[].objects'
      """)

  @OptionGroup var state: StateOptions

  @Flag(help: "Print the facts as JSON.")
  var json = false

  func run() throws {
    let store = try state.open()
    let status = try store.status()
    let output = HostContext.current.output
    output.line(json ? try JSONOutput.document(StatusFacts(status)) : StatusFacts(status).text)
  }
}

/// The facts of `status` under stable names.
private struct StatusFacts: Encodable {
  struct Partition: Encodable {
    var dn: String
    var objects: Int
    var pending: Int
    var held: Int
    var watermark: Watermark?
    var lastFullImport: Int64?
  }

  struct Run: Encodable {
    var run: Int64
    var step: String
    var partition: String
    var started: String
    var ended: String?
    var outcome: String
  }

  var feed: String
  var firstSequence: Int64
  var lastSequence: Int64
  var bytes: Int64
  var partitions: [Partition]
  var runs: [Run]

  init(_ status: StoreStatus) {
    feed = status.feedID
    firstSequence = status.firstSequence
    lastSequence = status.lastSequence
    bytes = status.fileSize
    partitions = status.partitions.map {
      Partition(
        dn: $0.record.dn, objects: $0.objects, pending: $0.pending, held: $0.holds, watermark: $0.record.watermark,
        lastFullImport: $0.record.lastFullImport)
    }
    runs = status.runs.map {
      Run(
        run: $0.number, step: $0.step, partition: $0.partition, started: $0.started, ended: $0.ended,
        outcome: $0.outcome ?? "not ended (running, or killed)")
    }
  }

  var text: String {
    var lines = ["feed \(feed), sequences \(firstSequence) to \(lastSequence); \(bytes / 1024) KiB on disk"]
    for partition in partitions {
      lines.append(
        "\(partition.dn): \(partition.objects) objects, \(partition.pending) to read again, \(partition.held) held")
      lines.append("  watermark: \(partition.watermark?.text ?? "none; run a full import")")
    }
    if partitions.isEmpty { lines.append("nothing imported yet; run `ldap-connector import full`") }
    for run in runs {
      lines.append("run \(run.run), \(run.step) of \(run.partition): \(run.outcome), started \(run.started)")
    }
    return lines.joined(separator: "\n")
  }
}
