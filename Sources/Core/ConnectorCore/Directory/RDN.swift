/// One level of a DN: one assertion, or several where the RDN is multi-valued (RFC 4514 §2.2).
///
/// Two RDNs are equal when their assertions are, in any order, by the default matching of `DNNormalizer`.
public struct RDN: Hashable, Sendable, CustomStringConvertible {
  /// An attribute type and its value, such as `cn=Ann` (RFC 4514 §2.3).
  public struct Assertion: Hashable, Sendable, CustomStringConvertible {
    /// The attribute type as spelled, without an `oid.` prefix.
    public let type: String
    /// The value without any escaping; the whole BER element where `isBER`.
    public let value: [UInt8]
    /// Whether the value was given as `#hex` of a BER element that holds no plain string (RFC 4514 §2.4).
    package let isBER: Bool

    /// Joins a type and a value, given as bytes.
    public init(type: String, value: [UInt8]) {
      self.init(type: type, value: value, isBER: false)
    }

    /// Joins a type and a value, given as text without escapes.
    public init(type: String, text: String) {
      self.init(type: type, value: Array(text.utf8))
    }

    package init(type: String, value: [UInt8], isBER: Bool) {
      self.type = type
      self.value = value
      self.isBER = isBER
    }

    /// The value as text; nil where it is no UTF-8 or a BER element.
    public var text: String? {
      isBER ? nil : String(validating: value, as: UTF8.self)
    }

    /// The assertion as RFC 4514 §2.3 and §2.4 write it.
    public var description: String {
      isBER ? type + "=#" + DNText.hex(value) : type + "=" + DNText.escape(value)
    }

    /// Compares by the default matching of `DNNormalizer`.
    public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }

    private var key: String { DNNormalizer.standard.key(of: [[self]]) }
  }

  /// The assertions as given, at least one.
  public let assertions: [Assertion]
  /// The normalised form that comparisons use.
  package let key: String

  /// Makes an RDN of one or more assertions.
  public init(_ first: Assertion, _ more: Assertion...) {
    self.init(parsed: [first] + more)
  }

  /// Makes an RDN of one assertion.
  public init(type: String, text: String) {
    self.init(Assertion(type: type, text: text))
  }

  /// Parses one RDN such as `cn=Ann+uid=17` (RFC 4514 §3), as a rename record states it; throws `DNError`.
  public init(_ string: String) throws(DNError) {
    let rdns = try DNParser.parse(string)
    guard let only = rdns.first, rdns.count == 1 else {
      throw DNError(text: string, position: 0, expected: "one RDN", found: "\(rdns.count) of them")
    }
    self.init(parsed: only)
  }

  /// Takes what the parser found; `parsed` is never empty.
  init(parsed: [Assertion]) {
    assertions = parsed
    key = DNNormalizer.standard.key(of: [parsed])
  }

  /// The RDN as RFC 4514 §2.2 writes it.
  public var description: String {
    assertions.map(\.description).joined(separator: "+")
  }

  /// Compares whatever the order of the assertions.
  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
