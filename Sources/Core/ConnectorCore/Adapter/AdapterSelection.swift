/// Every adapter's verdict on one server, best first, and the choice that follows.
public struct AdapterSelection: Sendable {
  /// What detection decided.
  public enum Choice: Sendable {
    /// One adapter won.
    case adapter(VendorAdapter)
    /// Nobody reached the threshold: the generic adapter serves.
    case generic
    /// The product must not be served; the reason names the way out.
    case refused(VendorAdapter, reason: String)
    /// The best ones are level: configuration must name one.
    case tie([VendorAdapter])
  }

  /// The least score that makes a winner.
  public static let threshold = 50

  /// Adapters with their verdicts, best first; level ones by name.
  public let ranking: [(adapter: VendorAdapter, detection: Detection)]

  /// Asks every adapter.
  public init(_ adapters: [VendorAdapter], evidence: ServerEvidence) {
    ranking = adapters.map { ($0, $0.detector.detect(evidence)) }
      .sorted { ($1.1.score, $0.0.name) < ($0.1.score, $1.0.name) }
  }

  /// The choice; it never guesses.
  public var choice: Choice {
    guard let best = ranking.first, best.detection.score >= Self.threshold else { return .generic }
    let level = ranking.filter { $0.detection.score == best.detection.score }
    if level.count > 1 { return .tie(level.map(\.adapter)) }
    if let reason = best.detection.refusal { return .refused(best.adapter, reason: reason) }
    return .adapter(best.adapter)
  }
}
