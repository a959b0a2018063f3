/// Which value is an object's anchor: what an identity system keys the object by.
public enum AnchorPolicy: Hashable, Sendable {
  /// The distinguished name, as the directory writes it; changes with a rename.
  case dn
  /// A single-valued attribute.
  case attribute(ImmutableID)

  /// The attribute to ask for, nil for the DN.
  public var attribute: AttributeDescription? {
    if case .attribute(let id) = self { id.attribute } else { nil }
  }

  /// The anchor of an entry; nil when the entry does not have the attribute.
  public func anchor(of entry: Entry) -> String? {
    switch self {
    case .dn: entry.dn
    case .attribute(let id): id.value(of: entry)
    }
  }
}

/// An attribute that identifies an entry for its whole life, and how its bytes are written as text.
public struct ImmutableID: Hashable, Sendable {
  /// How the bytes of the attribute become the `id` of an object.
  public enum Form: Hashable, Sendable {
    /// The text as the server sends it (RFC 4530 and like it).
    case text
    /// Sixteen or so octets, written as lower-case hexadecimal digits.
    case hexadecimal
  }

  /// The attribute; it is asked for by name in every search.
  public var attribute: AttributeDescription
  /// How its bytes are written.
  public var form: Form
  /// Writes the product's form of a DN that finds an entry by its ID, such as `<GUID=…>`; nil where it has none.
  public var baseTemplate: String?
  /// Whether single old entries do not have it: they are known by their DN until they get one.
  public var mayBeMissing: Bool

  /// Names the attribute and its form; `baseTemplate` holds `{id}` where the ID belongs.
  public init(
    _ attribute: AttributeDescription, form: Form = .text, baseTemplate: String? = nil, mayBeMissing: Bool = false
  ) {
    self.attribute = attribute
    self.form = form
    self.baseTemplate = baseTemplate
    self.mayBeMissing = mayBeMissing
  }

  /// The entry UUID of RFC 4530.
  public static let entryUUID = ImmutableID("entryUUID")

  /// The ID of an entry; nil when the entry does not have the attribute.
  public func value(of entry: Entry) -> String? {
    entry.values(attribute).first.map { text(of: $0) }
  }

  /// The ID as text.
  public func text(of bytes: some Collection<UInt8>) -> String {
    switch form {
    case .text: String(decoding: bytes, as: UTF8.self)
    case .hexadecimal:
      String(decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }

  /// A filter that finds the entry with this ID.
  public func filter(for id: String) -> Filter {
    switch form {
    case .text: return .equal(attribute, Array(id.utf8))
    case .hexadecimal:
      let digits = Array(id.utf8).compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
      let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      return .equal(attribute, bytes)
    }
  }

  /// The search base that finds the entry with this ID, where the product has such a form.
  public func base(for id: String) -> String? {
    guard let baseTemplate, let hole = baseTemplate.firstRange(of: "{id}") else { return nil }
    return baseTemplate.replacingCharacters(in: hole, with: id)
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
