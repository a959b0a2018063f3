/// An attribute type with its options, such as `cn;lang-de` or `userCertificate;binary` (RFC 4512 §2.5).
///
/// Two descriptions are equal when type and options are, whatever the letter case and the order of the options.
public struct AttributeDescription: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The description as it was spelled.
  public let string: String
  /// What comparisons use: lower case, options sorted.
  package let key: String

  /// Takes a description as a server or a person spelled it; nothing is checked.
  public init(_ string: String) {
    self.string = string
    let lower = string.lowercased()
    guard lower.utf8.contains(0x3B) else {
      key = lower
      return
    }
    let parts = lower.split(separator: ";", omittingEmptySubsequences: true)
    key = ([parts.first ?? ""] + parts.dropFirst().sorted()).joined(separator: ";")
  }

  /// Takes a literal description.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The attribute type without options.
  public var type: String {
    string.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
  }

  /// The options as spelled, without the type.
  public var options: [String] {
    string.split(separator: ";").dropFirst().map(String.init)
  }

  /// The description as it was spelled.
  public var description: String { string }

  /// Compares type and options without case.
  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// Whether bytes from a server spell this description; cheap where neither side has options.
  func isSpelled(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var key = key
    let isSame = key.withUTF8 { key in
      key.count == name.count && zip(key, name).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
    }
    if isSame || !name.contains(0x3B) { return isSame }
    return AttributeDescription(String(decoding: name, as: UTF8.self)) == self
  }
}
