/// What an export did, for people and for scripts.
package struct ExportReport: Sendable {
  /// Operations by what became of them.
  package struct Counts: Sendable, Equatable {
    package var added = 0
    package var modified = 0
    package var renamed = 0
    package var deleted = 0
    package var passwords = 0
    /// Operations that an earlier run had done.
    package var alreadyDone = 0
    /// Lines of the input that ask for what is so already.
    package var unchanged = 0
    /// Operations on entries that changed since the plan was made.
    package var refused = 0
    package var failed = 0
    package var skipped = 0
    /// Requests that were sent more than once.
    package var retried = 0

    package init() {}

    /// Operations that this run carried out.
    package var done: Int { added + modified + renamed + deleted + passwords }
  }

  /// An operation that was not carried out.
  package struct Undone: Hashable, Sendable {
    package var number: Int
    package var kind: PlannedOperation.Kind
    package var dn: String
    package var lines: [Int]
    package var state: JournalledOperation.State
    package var reason: String
  }

  package var plan: String
  /// The runs that confirmed what was written, one a partition.
  package var runs: [Int64] = []
  package var counts = Counts()
  package var undone: [Undone] = []
  /// Operations that were not carried out, beyond those listed.
  package var moreUndone = 0
  package var findings: [Finding] = []
  package var moreFindings = 0
  /// Whether every operation of the plan is done, and all of it is in the connector space.
  package var isComplete = false
  package var seconds: Double = 0
  /// How entries were kept from being written that changed since the plan was made; nil where none had to be.
  package var guarding: String?

  package init(plan: String) { self.plan = plan }

  package mutating func add(_ finding: Finding) {
    if findings.count < RunReport.limit { findings.append(finding) } else { moreFindings += 1 }
  }

  mutating func add(_ operation: Undone) {
    if undone.count < RunReport.limit { undone.append(operation) } else { moreUndone += 1 }
  }

  /// Counts an operation that was carried out.
  mutating func count(_ kind: PlannedOperation.Kind) {
    switch kind {
    case .add: counts.added += 1
    case .modify: counts.modified += 1
    case .rename: counts.renamed += 1
    case .delete, .deleteTree: counts.deleted += 1
    case .password: counts.passwords += 1
    }
  }
}

extension ExportReport {
  /// The report as one JSON line with stable names.
  package var json: String {
    let counts = [
      ("added", counts.added), ("modified", counts.modified), ("renamed", counts.renamed),
      ("deleted", counts.deleted), ("passwords", counts.passwords), ("alreadyDone", counts.alreadyDone),
      ("unchanged", counts.unchanged), ("refused", counts.refused), ("failed", counts.failed),
      ("skipped", counts.skipped), ("retried", counts.retried),
    ].map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    let runs = runs.map(String.init).joined(separator: ",")
    let guarding = guarding.map(RunReport.text) ?? "null"
    return "{\"plan\":\(RunReport.text(plan)),\"step\":\"export\",\"runs\":[\(runs)],\"counts\":{\(counts)},"
      + "\"complete\":\(isComplete),\"milliseconds\":\(Int(seconds * 1000)),\"guard\":\(guarding),"
      + "\"operations\":[\(undone.map(\.json).joined(separator: ","))],\"moreOperations\":\(moreUndone),"
      + "\"findings\":[\(findings.map(\.json).joined(separator: ","))],\"moreFindings\":\(moreFindings)}"
  }
}

extension ExportReport.Undone {
  fileprivate var json: String {
    let lines = lines.map(String.init).joined(separator: ",")
    return "{\"number\":\(number),\"kind\":\"\(kind.rawValue)\",\"dn\":\(RunReport.text(dn)),\"lines\":[\(lines)],"
      + "\"state\":\"\(state.rawValue)\",\"reason\":\(RunReport.text(reason))}"
  }
}
