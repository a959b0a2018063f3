import ArgumentParser
import ConnectorCore
import ConnectorLDAP
import ConnectorStore

/// What the exit code of the process tells a script; the numbers never change.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  case success = 0
  case failure = 1
  case configuration = 2
  case directory = 3
  case fullImportNeeded = 4
  case busy = 5
  case deletesHeld = 6
  case feedPosition = 7
  case exportIncomplete = 8
  case usage = 64

  /// What the code means, and what to do.
  package var meaning: String {
    switch self {
    case .success: "done"
    case .failure: "something else failed; the message says what"
    case .configuration: "the configuration is wrong; nothing was done"
    case .directory: "no connection, a refused bind, or an error from the directory"
    case .fullImportNeeded: "no watermark, or a lost one: a full import is needed"
    case .busy: "another run of this connector is active"
    case .deletesHeld: "the import is done, but deletes are held: see `held`"
    case .feedPosition: "the change feed is another one, or was trimmed: read `objects` anew"
    case .exportIncomplete: "exported or planned, but not everything: its findings say what"
    case .usage: "the command line is wrong"
    }
  }

  /// The table of all codes, for `--help`.
  package static var table: String {
    allCases.map { status in
      String(repeating: " ", count: 4 - String(status.rawValue).count) + "\(status.rawValue)  \(status.meaning)"
    }.joined(separator: "\n")
  }

  /// The code for an error that ended a command.
  package init(_ error: any Error) {
    switch error {
    case is ConfigurationError, is AdapterUndecided, is AdaptersRefused, is WritingRefused: self = .configuration
    case is DirectoryError, is ConnectionError: self = .directory
    case is WatermarkLost: self = .fullImportNeeded
    case is StateLocked: self = .busy
    case is FeedTrimmed: self = .feedPosition
    case let error as CommandFailure: self = error.status
    default: self = .failure
    }
  }
}

/// Ends a command with a code of its own.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
  package let status: ExitStatus
  /// What is wrong and what to do; empty where the command has said it already.
  package let description: String

  package init(_ status: ExitStatus, _ description: String = "") {
    self.status = status
    self.description = description
  }
}
