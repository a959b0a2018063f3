import ConnectorCore
import Foundation

/// Writes a recording, and takes it back where a value of the directory is found in it.
struct RecordingFolder {
  let path: String
  let recording: Recording
  /// The facts of the README's first lines.
  let facts: RecordReport

  /// - Throws: `CommandFailure` where a file cannot be written, and for a leak; then nothing is left.
  func write() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw CommandFailure(.failure, "\(path) cannot be made: \(error.localizedDescription)")
    }
    do {
      for (name, text) in try files() { try save(name, text) }
      try checkFiles()
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      if error is CommandFailure { throw error }
      throw CommandFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private func files() throws -> [(String, String)] {
    var files = [
      ("rootdse.ldif", Self.ldif([recording.rootDSE])), ("entries.ldif", Self.ldif(recording.entries)),
      ("expected.json", try JSONOutput.document(recording.expected) + "\n"), ("README.md", readme),
    ]
    if let schema = recording.schema { files.append(("schema.ldif", Self.ldif([schema]))) }
    if !recording.records.isEmpty { files.append(("log.ldif", Self.ldif(recording.records))) }
    if let log = recording.log {
      let behaviour = ["log": log.rawValue, "logDN": recording.logDN].compactMapValues(\.self)
      files.append(("directory.json", try JSONOutput.document(behaviour) + "\n"))
    }
    return files
  }

  private static func ldif(_ entries: [Entry]) -> String {
    var writer = LDIFWriter()
    for entry in entries { writer.add(entry) }
    return writer.text
  }

  private func save(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// Reads every file again, as somebody who gets the recording would.
  private func checkFiles() throws {
    let ours = Set(Word.words(of: boilerplate))
    for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
      let found: [String] =
        if name.hasSuffix(".ldif") {
          try recording.check.leaks(inLDIF: text, isTechnical: name == "rootdse.ldif" || name == "schema.ldif")
        } else {
          recording.check.leaks(in: text, known: ours)
        }
      guard let leak = found.first else { continue }
      throw CommandFailure(
        .failure,
        "Nothing was recorded: a value of the directory was still to be read in \(name) (attribute \(leak)). This is a "
          + "fault of `record`, or a value that the server also uses as a technical name; please report which attribute "
          + "it is, without the value.")
    }
  }

  private var readme: String {
    """
    # \(facts.product)\(facts.version.map { " " + $0 } ?? "")

    **Captured** by `ldap-connector record` \(facts.tool) on \(facts.date) from a live server, and scrambled: every value
    that people entered was replaced by a random one of the same shape, the same value always by the same one. Names of
    attributes and classes, OIDs, times, counters and flags that the server keeps are its own. Secrets and access rules
    were left out.

    | file | what |
    |---|---|
    | `rootdse.ldif` | the root DSE |
    | `schema.ldif` | the subschema entry\(missing(recording.schema == nil)) |
    | `entries.ldif` | \(facts.entries) entries, parents first |
    | `log.ldif` | \(facts.logRecords) records of the log\(missing(recording.records.isEmpty)) |
    | `expected.json` | what detection said of the server |
    | `directory.json` | how the server tells of changes\(missing(recording.log == nil)) |

    """
  }

  private func missing(_ isMissing: Bool) -> String { isMissing ? "; not there: the server did not show it" : "" }

  /// Words of the files that come from us and from the product's name.
  private var boilerplate: String {
    readme + " winner product port anchor immutableID changeLog passwordAttribute partitions refused generic tie dn "
      + "null log logDN accesslog changelog usn timestamp "
      + [recording.expected.winner, recording.expected.product, recording.expected.changeLog].compactMap(\.self)
      .joined(separator: " ")
  }
}

/// What `record` did.
struct RecordReport: Encodable {
  let folder: String
  /// The adapter that serves, `refused`, `generic` or `tie`.
  let winner: String
  let product: String
  let version: String?
  let entries: Int
  let logRecords: Int
  /// Attributes of which no value was written.
  let dropped: [String]
  let warnings: [String]
  /// The version of the tool.
  let tool: String
  /// The day of the recording, in UTC.
  let date: String
}
