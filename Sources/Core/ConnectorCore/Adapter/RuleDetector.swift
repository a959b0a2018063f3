/// A detector that is a table: each rule that the evidence meets adds its points, or takes them away.
public struct RuleDetector: Detector {
  /// One row of the table.
  public struct Rule: Sendable {
    var points: Int
    var markers: [String]
    var test: @Sendable (ServerEvidence) -> String?

    /// A rule of any shape; the test returns the fact in words, or nil where it does not hold.
    public init(points: Int, marker: String? = nil, test: @escaping @Sendable (ServerEvidence) -> String?) {
      self.init(points: points, markers: marker.map { [$0] } ?? [], test: test)
    }

    /// A rule of any shape that looks at several root DSE attributes.
    public init(points: Int, markers: [String], test: @escaping @Sendable (ServerEvidence) -> String?) {
      self.points = points
      self.markers = markers
      self.test = test
    }

    /// A root DSE attribute has a value that contains a text, compared without case.
    public static func rootDSE(_ attribute: String, contains text: String, points: Int) -> Rule {
      rootDSE(attribute, containsAny: [text], points: points)
    }

    /// A root DSE attribute has exactly this value, compared without case.
    public static func rootDSE(_ attribute: String, equals text: String, points: Int) -> Rule {
      Rule(points: points, marker: attribute) { evidence in
        evidence.rootDSE.values(AttributeDescription(attribute))
          .first { $0.lowercased() == text.lowercased() }
          .map { fact(attribute, $0) }
      }
    }

    /// A root DSE attribute is present, whatever its value.
    public static func rootDSE(has attribute: String, points: Int) -> Rule {
      rootDSE(hasAny: [attribute], points: points)
    }

    /// The schema defines an attribute type or object class of this name or OID.
    public static func schema(defines name: String, points: Int) -> Rule {
      Rule(points: points) { evidence in
        evidence.schema.defines(name) ? "schema defines \(name)" : nil
      }
    }
  }

  private let rules: [Rule]
  private let refusal: String?

  /// Takes the table, and for a product that must not be served the reason and the way out.
  public init(_ rules: [Rule], refusal: String? = nil) {
    self.rules = rules
    self.refusal = refusal
  }

  /// The root DSE attributes that the rules look at.
  public var markers: [String] { rules.flatMap(\.markers) }

  /// Applies every rule.
  public func detect(_ evidence: ServerEvidence) -> Detection {
    let reasons = rules.compactMap { rule in rule.test(evidence).map { Detection.Reason(rule.points, $0) } }
    return Detection(reasons, refusal: refusal)
  }
}
