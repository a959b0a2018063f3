/// How far an import has read a server's log; opaque to all but the strategy that wrote it.
///
/// None is ever made from this machine's clock.
public struct Watermark: Hashable, Sendable, Codable {
  /// The method that wrote it; no other method reads it.
  public var method: DeltaMethod
  /// The version of the position's form.
  public var version: Int
  /// The identity of the log on this very server; another one makes the watermark worthless.
  public var server: String
  /// The position, in the strategy's own form.
  public var position: String
  /// The position in a few words, for people; nil where the position itself is short.
  public var summary: String?

  /// Joins the parts.
  public init(method: DeltaMethod, version: Int, server: String, position: String, summary: String? = nil) {
    self.method = method
    self.version = version
    self.server = server
    self.position = position
    self.summary = summary
  }
}

/// The name of a way to find changes, such as `timestamp`; used in configuration, reports and watermarks.
public struct DeltaMethod: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name, lower case.
  public let name: String

  /// In configuration: no delta imports at all.
  public static let off: DeltaMethod = "none"

  /// Takes a name.
  public init(_ name: String) { self.name = name }
  /// Takes a literal name.
  public init(stringLiteral value: String) { name = value }
  /// The name.
  public var description: String { name }

  /// Reads the bare name.
  public init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  /// Writes the bare name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

/// Says that a watermark can no longer be continued, so that only a full import brings the connector space to the truth.
public struct WatermarkLost: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why, with the evidence.
  public var reason: String

  /// Takes the reason in words.
  public init(_ reason: String) { self.reason = reason }

  /// The reason, and what to do.
  public var description: String {
    let sentence = reason.hasSuffix(".") ? reason : reason + "."
    return "The delta import cannot continue: \(sentence) "
      + "Run a full import (`import full`, or `import delta --or-full`)."
  }
}
