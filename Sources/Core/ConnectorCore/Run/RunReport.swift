/// What a run did, for people and for scripts.
package struct RunReport: Sendable {
  /// Objects by what happened to them.
  package struct Counts: Sendable, Equatable {
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
package struct Finding: Sendable, Equatable {
  package enum Severity: String, Sendable { case info, warning, error }

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

extension RunReport {
  /// The report as one JSON line with stable names.
  package var json: String {
    let counts = [
      ("read", counts.read), ("unchanged", counts.unchanged), ("added", counts.added), ("updated", counts.updated),
      ("renamed", counts.renamed), ("deleted", counts.deleted), ("held", counts.held), ("hints", counts.hints),
      ("pending", counts.pending),
    ].map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    let watermark = watermark.map { mark in
      Self.object([
        ("method", mark.method.name), ("server", mark.server), ("position", mark.position), ("summary", mark.summary),
      ])
    }
    let milliseconds = Int(seconds * 1000)
    return "{\"run\":\(run),\"step\":\(Self.text(step)),\"partition\":\(Self.text(partition)),\"counts\":{\(counts)},"
      + "\"complete\":\(isComplete),\"milliseconds\":\(milliseconds),"
      + "\"watermark\":\(watermark ?? "null"),\"forced\":[\(forced.map(Self.text).joined(separator: ","))],"
      + "\"findings\":[\(findings.map(\.json).joined(separator: ","))],\"moreFindings\":\(moreFindings)}"
  }

  static func text(_ text: String) -> String { String(decoding: JSONText.quote(text), as: UTF8.self) }

  fileprivate static func object(_ pairs: [(String, String?)]) -> String {
    let members = pairs.compactMap { name, value in value.map { "\"\(name)\":\(text($0))" } }
    return "{\(members.joined(separator: ","))}"
  }
}

extension Finding {
  var json: String {
    RunReport.object([("severity", severity.rawValue), ("object", object), ("summary", summary), ("remedy", remedy)])
  }
}
