import Foundation
import Testing

@testable import TestSupport

/// What a scene can tell of its connector space without the executable under test, and of its feed.
extension Scene {
  var state: String { scratch.file("state.db") }

  /// The rows that `sqlite3`, a program not ours, finds in the state file.
  @discardableResult
  func sqlite(_ sql: String, file: String? = nil) async throws -> [String] {
    let result = try await RunningCommand("/usr/bin/sqlite3", [file ?? state, sql]).wait()
    guard result.exitCode == 0 else { throw SupportError("sqlite3: \(result.summary)") }
    return result.lines
  }

  /// The records of the change feed, from its beginning.
  func feed() async throws -> [FeedRecord] {
    let output = try await tool("changes", "--since", "0").standardOutputBytes
    return try JSONLines.decode(FeedRecord.self, from: output).map { $1 }
  }

  /// The objects of the connector space.
  func objects() async throws -> [ExportedObject] {
    try ExportedObject.parse(jsonLines: try await tool("objects").standardOutputBytes)
  }

  /// How many records of the feed are deletes.
  func deletes() async throws -> Int { try await feed().count { $0.change == .delete } }

  /// The body leaves objects and feed exactly as they were.
  func expectUnchanged(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
  ) async throws {
    let before = (try await tool("objects"), try await tool("changes", "--since", "0"))
    try await body()
    let after = (try await tool("objects"), try await tool("changes", "--since", "0"))
    let sameObjects = before.0.standardOutputBytes == after.0.standardOutputBytes
    let sameFeed = before.1.standardOutputBytes == after.1.standardOutputBytes
    let news = after.1.lines.dropFirst(before.1.lines.count).joined(separator: "\n")
    #expect(sameObjects && sameFeed, "new in the feed: \(news)", sourceLocation: sourceLocation)
  }

  /// One write, so that the log is not empty.
  func writeOnce() async throws {
    try await server.admin.modify(
      "dn: \(Self.base)\nchangetype: modify\nreplace: description\ndescription: written once\n\n")
  }

  /// Compares operational attributes too, but for those that the server makes up when it is asked; they are never held.
  mutating func expectOperationalAttributes() {
    attributes = ["*", "+"]
    ignored.formUnion(["contextcsn", "hassubordinates"])
  }

  /// Another patience with a silent server than the scene's own 30 seconds.
  func setOperationTimeout(_ time: String) throws {
    let text = try String(contentsOfFile: configuration, encoding: .utf8)
    _ = try scratch.write(
      text.replacingOccurrences(of: "operationTimeout: 30s", with: "operationTimeout: \(time)"), to: "connector.yaml")
  }
}

/// Waits until a condition holds; throws when `seconds` pass.
func eventually(_ what: String, within seconds: Double = 60, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(seconds * 1000)))
  while try await !condition() {
    guard ContinuousClock.now < end else { throw SupportError("not within \(seconds) s: \(what)") }
    try await Task.sleep(for: .milliseconds(20))
  }
}
