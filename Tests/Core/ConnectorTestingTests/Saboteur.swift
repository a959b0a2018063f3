import ConnectorCore
import ConnectorTesting
import Testing

/// An adapter that is broken on purpose, in one thing.
struct Saboteur: Sendable, CustomTestStringConvertible {
  /// The promise that must catch it.
  let breaks: Promise.ID
  /// What it does wrong.
  let how: String
  let sabotage: @Sendable (inout ConformanceSubject) -> Void

  /// Whether an error is what it does wrong.
  var `throws`: Bool { breaks == "hints.duplicates" }

  var testDescription: String { "\(breaks): \(how)" }

  init(_ breaks: Promise.ID, _ how: String, _ sabotage: @escaping @Sendable (inout ConformanceSubject) -> Void) {
    self.breaks = breaks
    self.how = how
    self.sabotage = sabotage
  }

  init(_ breaks: Promise.ID, _ how: String, adapter: @escaping @Sendable () -> VendorAdapter) {
    self.init(breaks, how) { $0.adapter = adapter() }
  }

  static let all = detection + anchors + readiness + watermarks + continuity + hints + trouble + encodings
}
