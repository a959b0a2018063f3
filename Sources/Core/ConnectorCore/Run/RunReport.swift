/// What a run did, for people and for scripts.
package struct RunReport: Sendable, Codable {
  /// Objects by what happened to them.
  package struct Counts: Sendable, Codable, Equatable {
    package var read = 0
    package var unchanged = 0
    package var added = 0
    package var updated = 0
    package var renamed = 0
    package var deleted = 0
    package var held = 0
    package var hints = 0
    package var pending = 0

    package init() {}
  }

  package var run: Int64
  package var step: String
  package var partition: String
  package var counts = Counts()
  package var findings: [Finding] = []
  /// Findings beyond those listed, so that one broken branch does not fill the disk.
  package var moreFindings = 0
  /// Whether every search ended as a complete one does.
  package var isComplete = false
  /// The watermark after the run; nil when there is none.
  package var watermark: Watermark?
  package var seconds: Double = 0
  /// Choices that configuration forced against detection.
  package var forced: [String] = []

  package init(run: Int64, step: String, partition: String) {
    self.run = run
    self.step = step
    self.partition = partition
  }

  /// The most findings that a report lists.
  package static let limit = 1000

  package mutating func add(_ finding: Finding) {
    if findings.count < Self.limit { findings.append(finding) } else { moreFindings += 1 }
  }
}

/// A problem of one object or of the run, that does not end the run and does not pass silently.
package struct Finding: Sendable, Codable, Equatable {
  package enum Severity: String, Sendable, Codable { case info, warning, error }

  package var severity: Severity
  /// The object's DN; nil for the run as a whole.
  package var object: String?
  package var summary: String
  /// What the operator can do; nil where nothing need be done.
  package var remedy: String?

  package init(_ severity: Severity, object: String? = nil, _ summary: String, remedy: String? = nil) {
    self.severity = severity
    self.object = object
    self.summary = summary
    self.remedy = remedy
  }
}
