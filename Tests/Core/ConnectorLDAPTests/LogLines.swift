import Logging
import Synchronization

/// What a session writes into its operation log.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }

  /// A logger that writes here what has this level or a higher one.
  func logger(_ level: Logger.Level = .debug) -> Logger {
    var logger = Logger(label: "ldap.operations") { _ in Recorder(lines: self) }
    logger.logLevel = level
    return logger
  }

  fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct Recorder: LogHandler {
  let lines: LogLines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  init(lines: LogLines) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
    lines.add("\(event.level) \(event.message) \(facts)")
  }
}
