/// Whether a delta method can be used here, with the evidence for each answer.
public struct Readiness: Hashable, Sendable {
  /// One thing that was looked at.
  public struct Finding: Hashable, Sendable {
    /// The verdict on it.
    public var status: Status
    /// What was seen.
    public var evidence: String
    /// What to do about it, in the product's own terms; nil where nothing need be done.
    public var remedy: String?

    /// Joins the three.
    public init(_ status: Status, _ evidence: String, remedy: String? = nil) {
      self.status = status
      self.evidence = evidence
      self.remedy = remedy
    }
  }

  /// The three answers to "can it be used?".
  public enum Status: String, Hashable, Sendable {
    /// Proved to work.
    case available
    /// Proved not to work.
    case unavailable
    /// This account could not tell.
    case unknown = "could not tell"
  }

  /// Everything that was looked at.
  public var findings: [Finding]

  /// Takes the findings.
  public init(_ findings: [Finding]) { self.findings = findings }

  /// Unavailable if one finding says so, else available if one proves it, else unknown.
  public var status: Status {
    if findings.contains(where: { $0.status == .unavailable }) { return .unavailable }
    return findings.contains { $0.status == .available } ? .available : .unknown
  }
}
