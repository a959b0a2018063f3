/// Which promises an adapter keeps.
public struct ConformanceReport: Sendable, CustomStringConvertible {
  /// What became of a promise.
  public enum Outcome: Sendable, Hashable {
    /// It holds.
    case kept
    /// It does not; says what was seen.
    case broken(String)
    /// The adapter says that it cannot keep it, and why.
    case declared(String)
  }

  /// One promise and what became of it.
  public struct Verdict: Sendable {
    /// The promise.
    public let promise: Promise
    /// What became of it.
    public let outcome: Outcome
  }

  /// The adapter's name.
  public let adapter: String
  /// One verdict a promise, in the order of checking.
  public let verdicts: [Verdict]

  /// Whether none is broken.
  public var isKept: Bool { broken.isEmpty }

  /// The promises that are broken.
  public var broken: [Verdict] {
    verdicts.filter { if case .broken = $0.outcome { true } else { false } }
  }

  /// One line a promise, and for broken ones what was seen and what to do.
  public var description: String {
    let lines = verdicts.map { verdict in
      switch verdict.outcome {
      case .kept: "kept      \(verdict.promise.id)"
      case .declared(let reason): "declared  \(verdict.promise.id): \(reason)"
      case .broken(let evidence):
        "BROKEN    \(verdict.promise.id): \(verdict.promise.sentence)\n            Seen: \(evidence)\n"
          + "            To do: \(verdict.promise.remedy)"
      }
    }
    let summary = "\(adapter): \(verdicts.count) promises, \(broken.count) broken"
    return (lines + [summary]).joined(separator: "\n")
  }
}
