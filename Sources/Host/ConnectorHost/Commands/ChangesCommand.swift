import ArgumentParser
import ConnectorCore
import ConnectorStore

/// `changes`.
struct ChangesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes", abstract: "Prints the change feed, one JSON object a line.",
    discussion: """
      Remember `feed` and the last `sequence` that you have dealt with, and ask for what came after it. Records come in \
      order and at least once; key by `id`, and apply a `transaction` as a whole. `change` is add, update, rename or \
      delete. `attributes` holds for add and delete the whole object, else each changed attribute with its `old` and \
      `new` values. With --feed the command makes sure that it is still the same feed.

      EXAMPLES:
        ldap-connector changes --since 0
        ldap-connector changes --since 4711 --feed 7D0F2C9E-… --follow

      EXIT CODES: 0 done, 7 the feed is another one, or no longer reaches back to the sequence: read `objects` anew.
      """)

  @OptionGroup var state: StateOptions

  @Option(help: ArgumentHelp("The last sequence that was dealt with; 0 for all.", valueName: "n"))
  var since: Int64 = 0

  @Option(help: ArgumentHelp("The feed that the sequence belongs to.", valueName: "id"))
  var feed: String?

  @Flag(help: "Go on printing changes as runs commit them, until interrupted.")
  var follow = false

  @Flag(help: "Print JSON Lines; that is what the command always does.")
  var json = false

  private static let batch = 10_000

  func run() async throws {
    guard since >= 0 else { throw ValidationError("--since must be 0 or more.") }
    let store = try state.open()
    var position = since
    repeat {
      try check(store, position)
      while try print(store, &position) == Self.batch {}
      if follow { try await Task.sleep(for: .milliseconds(500)) }
    } while follow
  }

  private func check(_ store: SQLiteStore, _ position: Int64) throws {
    let now = try store.snapshot { $0 }
    if let feed, feed != now.feedID {
      throw CommandFailure(
        .feedPosition, "This is feed \(now.feedID), not \(feed). Read all `objects`, and go on from their sequence.")
    }
    if position > now.sequence {
      throw CommandFailure(
        .feedPosition,
        "The feed \(now.feedID) ends at \(now.sequence), before \(position): that sequence belongs to another feed. "
          + "Read all `objects`, and go on from their sequence.")
    }
  }

  /// Prints one batch and returns its size.
  private func print(_ store: SQLiteStore, _ position: inout Int64) throws -> Int {
    let output = HostContext.current.output
    let feed = try store.snapshot { $0.feedID }
    var count = 0
    var last = position
    do {
      try store.forEachChange(since: position, limit: Self.batch) { record in
        output.line(record.line(feed: feed))
        last = record.sequence
        count += 1
      }
    } catch let trimmed as FeedTrimmed {
      throw CommandFailure(.feedPosition, "\(trimmed)")
    }
    position = last
    return count
  }
}
