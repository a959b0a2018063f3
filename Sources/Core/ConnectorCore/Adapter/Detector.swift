/// Recognises one product from what its server says about itself; opens no connection.
public protocol Detector: Sendable {
  /// Weighs the evidence; must cope with servers that hide half of it.
  func detect(_ evidence: ServerEvidence) -> Detection
  /// Root DSE attributes that must be asked for by name, because some servers hide them otherwise.
  var markers: [String] { get }
}

extension Detector {
  /// No marker beyond those that every detection asks for.
  public var markers: [String] { [] }
}

/// What is known of a server before an adapter is chosen.
public struct ServerEvidence: Sendable {
  /// The root DSE, read with `*`, `+` and every adapter's markers by name.
  public var rootDSE: RootDSE
  /// The schema; empty where it could not be read.
  public var schema: Schema
  /// The port that the server was reached on, nil when unknown.
  public var port: Int?

  /// Joins what was read.
  public init(rootDSE: RootDSE, schema: Schema, port: Int? = nil) {
    self.rootDSE = rootDSE
    self.schema = schema
    self.port = port
  }
}

/// One detector's verdict: a score with a reason a line.
///
/// 80 and more: only this product says so. 50 to 79: vendor name or version text. Less: a hint.
public struct Detection: Sendable, Equatable {
  /// One fact that was weighed.
  public struct Reason: Sendable, Equatable {
    /// What the fact added, or took away.
    public var points: Int
    /// The fact in words.
    public var fact: String

    /// Joins points and fact.
    public init(_ points: Int, _ fact: String) {
      self.points = points
      self.fact = fact
    }
  }

  /// 0 (not this product) to 100 (certain).
  public var score: Int
  /// Every fact weighed, contradictions included.
  public var reasons: [Reason]
  /// Why the connector must not serve this product, and the way out; nil for products that it serves.
  public var refusal: String?

  /// Sums the reasons up and keeps the sum between 0 and 100.
  public init(_ reasons: [Reason], refusal: String? = nil) {
    self.reasons = reasons
    self.refusal = refusal
    score = min(100, max(0, reasons.reduce(0) { $0 + $1.points }))
  }
}
