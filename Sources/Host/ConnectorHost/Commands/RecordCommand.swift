import ArgumentParser
import ConnectorCore
import Foundation

/// `record`: a fixture of a live server that can be given away.
struct RecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Records a server as a fixture, with every value scrambled and every secret left out.",
    discussion: """
      Writes the root DSE, the schema, a sample of entries and of the log into a new folder, for an adapter's tests \
      or for a report about a directory that nobody else has. Values that people entered are replaced by random ones \
      of the same shape, the same value always by the same one; DNs stay related. Names of attributes and classes \
      stay, also your own. In the end all files are read again: where a value of the directory is found, nothing is \
      left. Look at the folder before you give it away.

      EXAMPLES:
        ldap-connector record ldap://ldap.example.com -o acme-7.1 \\
            --bind-dn cn=reader,dc=example,dc=com --password-env LDAP_PASSWORD
        ldap-connector record ldaps://ldap.example.com -o small --entries 20 --log-records 50
      """)

  @Argument(help: "The server: ldap://host[:port] or ldaps://host[:port].", transform: { try LDAPURL($0) })
  var url: LDAPURL

  @OptionGroup(title: "Connection")
  var connection: ConnectionOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to make; it must not exist.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The most entries, parents of theirs aside.", valueName: "number"))
  var entries = 200

  @Option(help: ArgumentHelp("The most records of the log.", valueName: "number"))
  var logRecords = 500

  @Flag(help: "Print what was done as one JSON document.")
  var json = false

  func validate() throws {
    guard (0...100_000).contains(entries), (0...100_000).contains(logRecords) else {
      throw ValidationError("--entries and --log-records must be from 0 to 100000.")
    }
  }

  func run() async throws {
    guard !FileManager.default.fileExists(atPath: output) else {
      throw CommandFailure(.failure, "\(output) exists; name a folder that does not.")
    }
    let report = try await record(Target(url: url, connection))
    let console = HostContext.current.output
    if json { return console.line(try JSONOutput.document(report)) }
    for warning in report.warnings { console.error("warning: \(warning)") }
    console.line(
      "Recorded \(report.product) in \(output): \(report.entries) entries, \(report.logRecords) records of the log.")
    if !report.dropped.isEmpty { console.line("Left out: \(report.dropped.joined(separator: ", ")).") }
  }

  private func record(_ target: Target) async throws -> RecordReport {
    let port = target.configuration.server.effectivePort
    let (recording, description) = try await target.withConnection { connection in
      let description = try await target.describe(connection)
      let sample = try await SampleReader(
        reader: connection.reader, description: description, limits: (entries, logRecords)
      ).read()
      let places = [target.configuration.server.host, connection.address].filter { !$0.hasPrefix("127.") }
      return (Recording(sample, description, port: port, places: places), description)
    }
    let winner = recording.winner(try await target.adapters(), port: port)
    let report = Self.report(recording, description, winner: winner, folder: output)
    try RecordingFolder(path: output, recording: recording, facts: report).write()
    return report
  }

  private static func report(
    _ recording: Recording, _ description: ServerDescription, winner: String, folder: String
  ) -> RecordReport {
    var warnings = recording.remarks
    if winner != recording.expected.winner {
      warnings.append(
        "Detection takes the recording for \(winner), and the server for \(recording.expected.winner): what tells them "
          + "apart was scrambled.")
    }
    let adapter = description.adapter
    return RecordReport(
      folder: folder, winner: recording.expected.winner,
      product: adapter?.title ?? recording.expected.product ?? "A server that several adapters claim",
      version: adapter?.version(description.evidence), entries: recording.entries.count,
      logRecords: recording.records.count, dropped: recording.dropped, warnings: warnings,
      tool: RootCommand.configuration.version, date: Date().formatted(.iso8601.year().month().day()))
  }
}
