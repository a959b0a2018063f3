import ConnectorCore

/// One thing that every adapter promises; the suite checks it against fixtures and a directory in memory.
public struct Promise: Sendable, Identifiable {
  /// A stable name, such as `detect.empty-evidence`.
  public struct ID: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name as text: the area, a dot and a few words.
    public let name: String

    /// Takes a name.
    public init(_ name: String) { self.name = name }
    /// Takes a literal name.
    public init(stringLiteral value: String) { name = value }
    /// The name.
    public var description: String { name }
    /// Orders by name.
    public static func < (left: Self, right: Self) -> Bool { left.name < right.name }
  }

  /// What a promise is about.
  public enum Area: String, Sendable, CaseIterable {
    /// Recognising the product.
    case detection
    /// What the adapter says of the product, and what identifies an entry.
    case anchor
    /// Whether the account can use the delta method.
    case readiness
    /// The position that a delta starts from.
    case watermark
    /// Whether the log reaches back.
    case continuity
    /// Which objects may have changed.
    case hints
    /// Names and values as they come on the wire.
    case encoding
  }

  /// The stable name.
  public let id: ID
  /// What it is about.
  public let area: Area
  /// The promise in one sentence.
  public let sentence: String
  /// What an author does about it when it is broken.
  public let remedy: String
  let check: @Sendable (Trial) async throws -> Void

  init(
    _ id: ID, _ area: Area, _ sentence: String, remedy: String,
    check: @escaping @Sendable (Trial) async throws -> Void
  ) {
    self.id = id
    self.area = area
    self.sentence = sentence
    self.remedy = remedy
    self.check = check
  }

  /// Whether it is about delta imports, so that it asks nothing of an adapter without one.
  public var needsDelta: Bool {
    switch area {
    case .detection, .anchor: false
    case .readiness, .watermark, .continuity, .hints, .encoding: true
    }
  }
}

/// A promise was not kept; says what was seen.
struct BrokenPromise: Error {
  let evidence: String

  init(_ evidence: String) { self.evidence = evidence }
}

/// Throws what was seen unless a promise holds.
func expect(_ holds: Bool, _ evidence: @autoclosure () -> String) throws {
  if !holds { throw BrokenPromise(evidence()) }
}
