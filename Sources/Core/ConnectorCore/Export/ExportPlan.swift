/// What an export will do, and nothing else: shown before anything is written, then carried out as it stands.
///
/// It holds no password: those stay in the input, where lines and keyed hashes find them again.
package struct ExportPlan: Sendable {
  /// The version of this form.
  package static let currentFormat = 1

  package var format = Self.currentFormat
  /// Names this very plan, in the journal too; a random UUID.
  package var plan: String
  /// When it was made (RFC 3339).
  package var created: String
  /// The feed of the connector space that it was made with; another connector refuses it.
  package var feed: String
  /// The adapter that served.
  package var adapter: String
  /// The server's URL.
  package var server: String
  /// The input file's name.
  package var input: String
  package var partitions: [PlannedPartition] = []
  package var operations: [PlannedOperation] = []
  package var findings: [PlanFinding] = []
  /// Lines of the input that ask for what is so already.
  package var unchanged = 0

  package init(plan: String, created: String, feed: String, adapter: String, server: String, input: String) {
    self.plan = plan
    self.created = created
    self.feed = feed
    self.adapter = adapter
    self.server = server
    self.input = input
  }

  /// Whether an operation needs a password of the input.
  package var needsPasswords: Bool { operations.contains { $0.secret != nil } }
}

/// The deletes of one partition beside what the budget allows.
package struct PlannedPartition: Encodable, Hashable, Sendable {
  package var dn: String
  /// Entries that would go, all those below included.
  package var deletes = 0
  package var allowance = 0
  /// Whether the deletes may be carried out: they are within the budget, or the operator has said so.
  package var deletesAllowed = true

  package init(dn: String) { self.dn = dn }
}

/// What the planner has to say of a line or an object.
package struct PlanFinding: Encodable, Hashable, Sendable {
  package enum Severity: String, Encodable, Sendable {
    case info, warning
    /// The change is not in the plan.
    case error
  }

  package var severity: Severity
  /// The line of the input; nil for the plan as a whole.
  package var line: Int?
  package var object: String?
  package var summary: String
  package var remedy: String?

  package init(
    _ severity: Severity, line: Int? = nil, object: String? = nil, _ summary: String, remedy: String? = nil
  ) {
    self.severity = severity
    self.line = line
    self.object = object
    self.summary = summary
    self.remedy = remedy
  }
}

/// Finds a password again: by its line in the input, and a hash that only the connector can make.
package struct SecretReference: Hashable, Sendable {
  package var line: Int
  package var hash: String

  package init(line: Int, hash: String) {
    self.line = line
    self.hash = hash
  }
}
