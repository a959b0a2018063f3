/// The distinguished name of an entry (RFC 4514).
///
/// Two DNs are equal when their normalised forms are, by the matching rules that RFC 4519 gives the usual naming
/// attributes; a `DNNormalizer` with the server's schema is exact for the others.
public struct DN: Hashable, Sendable, CustomStringConvertible {
  /// The DN as it was given.
  public let string: String
  /// The levels, the entry's own first, the root's last.
  public let rdns: [RDN]
  /// The normalised form that comparisons use: root first, see `DNNormalizer`.
  package let key: String

  /// The DN of no levels: the root DSE.
  public static let empty = DN(string: "", rdns: [])

  /// Parses a DN (RFC 4514 §3), older forms of RFC 2253 §4 and RFC 1779 included: spaces around separators, `;`,
  /// quoted values, an `oid.` prefix.
  ///
  /// Throws `DNError`, which names the position and what was expected there.
  public init(_ string: String) throws(DNError) {
    self.init(string: string, rdns: try DNParser.parse(string).map { RDN(parsed: $0) })
  }

  /// Makes a DN of its levels, the entry's own first, and writes it as RFC 4514 §2 says.
  public init(rdns: [RDN]) {
    self.init(string: rdns.map(\.description).joined(separator: ","), rdns: rdns)
  }

  private init(string: String, rdns: [RDN]) {
    self.string = string
    self.rdns = rdns
    key = rdns.reversed().map(\.key).joined(separator: ",")
  }

  /// Whether this is the DN of the root DSE.
  public var isEmpty: Bool { rdns.isEmpty }

  /// The DN one level up, spelled as it is here; nil for the empty DN.
  public var parent: DN? {
    guard !isEmpty else { return nil }
    guard let second = Self.components(of: string).dropFirst().first else { return .empty }
    return DN(string: String(string[second.startIndex...]), rdns: Array(rdns.dropFirst()))
  }

  /// The DN of a child with this RDN; the text of this DN is kept as it is.
  public func appending(_ rdn: RDN) -> DN {
    DN(string: isEmpty ? rdn.description : rdn.description + "," + string, rdns: [rdn] + rdns)
  }

  /// Whether this DN lies below the other; every DN but the empty one lies below the empty one.
  public func isDescendant(of other: DN) -> Bool {
    guard !other.isEmpty else { return !isEmpty }
    guard key.utf8.starts(with: other.key.utf8) else { return false }
    return key.utf8.dropFirst(other.key.utf8.count).first == 0x2C
  }

  /// Whether this DN is the other or lies below it.
  public func isEqualOrDescendant(of other: DN) -> Bool {
    self == other || isDescendant(of: other)
  }

  /// The DN as it was given.
  public var description: String { string }

  /// Compares normalised forms.
  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// Escapes a value so that it can stand in a DN (RFC 4514 §2.4).
  public static func escape(_ value: String) -> String {
    DNText.escape(value.utf8)
  }

  /// Splits the text of a DN at its separators, leaf first, and leaves every component spelled as it is but for
  /// the spaces around it; text that is no DN is split as well as it goes.
  package static func components(of dn: String) -> [Substring] {
    DNText.components(of: dn)
  }
}

/// A text is no DN (RFC 4514 §3).
public struct DNError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text that was read.
  public let text: String
  /// Where reading stopped, in bytes of UTF-8 from the start.
  public let position: Int
  /// What should have stood there.
  public let expected: String
  /// What stood there.
  public let found: String

  /// One sentence for a person.
  public var description: String {
    "“\(text)” is not a DN: at byte \(position + 1), expected \(expected), found \(found)"
  }
}
