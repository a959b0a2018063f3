/// A search filter (RFC 4511 §4.5.1.7).
public indirect enum Filter: Hashable, Sendable, CustomStringConvertible {
  /// All of them; with none, always true (RFC 4526).
  case and([Filter])
  /// At least one of them; with none, always false (RFC 4526).
  case or([Filter])
  /// Not this one.
  case not(Filter)
  /// The attribute has this value.
  case equal(AttributeDescription, [UInt8])
  /// The attribute has a value that is this or greater.
  case greaterOrEqual(AttributeDescription, [UInt8])
  /// The attribute has a value that is this or less.
  case lessOrEqual(AttributeDescription, [UInt8])
  /// The attribute has any value.
  case present(AttributeDescription)
  /// The attribute has a value that sounds like this, as the server sees it.
  case approximate(AttributeDescription, [UInt8])
  /// The attribute has a value with these parts, in this order.
  case substrings(AttributeDescription, initial: [UInt8]?, any: [[UInt8]], final: [UInt8]?)
  /// A matching rule, named or the attribute's own, finds the value, in the DN too where `dnAttributes` is set.
  case extensible(type: AttributeDescription?, rule: String?, dnAttributes: Bool, value: [UInt8])

  /// Every entry: `(objectClass=*)`.
  public static let all = Filter.present("objectClass")

  /// The attribute has this value, given as text without escapes.
  public static func equal(_ attribute: AttributeDescription, _ text: String) -> Filter {
    .equal(attribute, Array(text.utf8))
  }

  /// The attribute has a value that is this or greater, given as text without escapes.
  public static func greaterOrEqual(_ attribute: AttributeDescription, _ text: String) -> Filter {
    .greaterOrEqual(attribute, Array(text.utf8))
  }

  /// The attribute has a value that is this or less, given as text without escapes.
  public static func lessOrEqual(_ attribute: AttributeDescription, _ text: String) -> Filter {
    .lessOrEqual(attribute, Array(text.utf8))
  }

  /// Parses a filter (RFC 4515 §3; `(&)` and `(|)` of RFC 4526).
  ///
  /// White space is allowed between filters, where it cannot belong to a value. Throws `FilterError`, which names the
  /// position and what was expected there.
  public init(parsing text: String) throws(FilterError) {
    self = try FilterParser.parse(text)
  }

  /// The filter as RFC 4515 §3 writes it; UTF-8 stands as it is, what is no UTF-8 is escaped.
  public var description: String {
    switch self {
    case .and(let filters): "(&" + filters.map(\.description).joined() + ")"
    case .or(let filters): "(|" + filters.map(\.description).joined() + ")"
    case .not(let filter): "(!\(filter))"
    case .equal(let attribute, let value): "(\(attribute)=\(Self.escape(value)))"
    case .greaterOrEqual(let attribute, let value): "(\(attribute)>=\(Self.escape(value)))"
    case .lessOrEqual(let attribute, let value): "(\(attribute)<=\(Self.escape(value)))"
    case .approximate(let attribute, let value): "(\(attribute)~=\(Self.escape(value)))"
    case .present(let attribute): "(\(attribute)=*)"
    case .substrings(let attribute, let initial, let any, let final):
      "(\(attribute)=" + ([initial ?? []] + any + [final ?? []]).map(Self.escape).joined(separator: "*") + ")"
    case .extensible(let type, let rule, let dnAttributes, let value):
      "(\(type?.string ?? "")\(dnAttributes ? ":dn" : "")\(rule.map { ":" + $0 } ?? ""):=\(Self.escape(value)))"
    }
  }

  /// Escapes `*`, `(`, `)`, `\`, NUL and, in a value that is no UTF-8, every byte that is no ASCII (RFC 4515 §3).
  static func escape(_ value: [UInt8]) -> String {
    let isText = String(validating: value, as: UTF8.self) != nil
    var out: [UInt8] = []
    out.reserveCapacity(value.count)
    for byte in value {
      switch byte {
      case 0x00, 0x28, 0x29, 0x2A, DNText.backslash: DNText.appendHex(byte, to: &out)
      case 0x80... where !isText: DNText.appendHex(byte, to: &out)
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// A text is no search filter (RFC 4515 §3).
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text that was read.
  public let text: String
  /// Where reading stopped, in bytes of UTF-8 from the start.
  public let position: Int
  /// What should have stood there.
  public let expected: String

  /// One sentence for a person.
  public var description: String {
    "“\(text)” is not a search filter: at byte \(position + 1), expected \(expected)"
  }
}
