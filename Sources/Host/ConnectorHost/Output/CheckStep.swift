/// One line of `check`: what was looked at, what was found, and what to do.
package struct CheckStep: Sendable, Encodable, Equatable {
  /// What is looked at, in this order.
  package enum Subject: String, Sendable, Encodable, CaseIterable {
    case configuration, name
    case tcp = "TCP"
    case tls = "TLS"
    case bind
    case rootDSE = "root DSE"
    case schema, product, partition, log
  }

  /// How it went.
  package enum Status: String, Sendable, Encodable {
    case ok, warning, failed
    case notReached = "not reached"
  }

  package var subject: Subject
  package var status: Status
  package var finding: String
  package var remedy: String?

  package init(_ subject: Subject, _ status: Status, _ finding: String, remedy: String? = nil) {
    self.subject = subject
    self.status = status
    self.finding = finding
    self.remedy = remedy
  }

  /// The step for a person; the remedy is a line of its own.
  var text: String {
    let line = Self.padded(status.mark, 5) + Self.padded(subject.rawValue, 15) + finding
    return remedy.map { "\(line)\n\(String(repeating: " ", count: 20))What to do: \($0)" } ?? line
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

extension CheckStep.Status {
  fileprivate var mark: String {
    switch self {
    case .ok: "ok"
    case .warning: "warn"
    case .failed: "FAIL"
    case .notReached: "-"
    }
  }
}
