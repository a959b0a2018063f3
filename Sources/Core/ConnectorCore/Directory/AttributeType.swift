/// An attribute type of a schema (RFC 4512 §2.5.1 and §4.1.2).
public struct AttributeType: Sendable, SchemaElement {
  /// What an attribute is for (RFC 4512 §4.1.2).
  public enum Usage: String, Hashable, Sendable, CaseIterable {
    /// Data of users.
    case userApplications
    /// Kept by the server about an entry.
    case directoryOperation
    /// Kept by the server, shared between servers.
    case distributedOperation
    /// Kept by this server alone.
    case dSAOperation

    /// Reads the keyword whatever its letter case.
    init?(spelling: String) {
      let isSpelled = { (usage: Usage) in usage.rawValue.lowercased() == spelling.lowercased() }
      guard let usage = Usage(rawValue: spelling) ?? Usage.allCases.first(where: isSpelled) else { return nil }
      self = usage
    }
  }

  /// The object identifier, or the name that a server uses in its place.
  public let oid: String
  /// The short names, the first of them the usual one; may be empty.
  public let names: [String]
  /// The server's description.
  public let description: String?
  /// Whether the definition is marked OBSOLETE.
  public let isObsolete: Bool
  /// The name or OID of the type that this one is derived from.
  public let superior: String?
  /// The equality rule's name or OID, inherited where the definition has none.
  public private(set) var equality: String?
  /// The ordering rule's name or OID, inherited where the definition has none.
  public private(set) var ordering: String?
  /// The substrings rule's name or OID, inherited where the definition has none.
  public private(set) var substrings: String?
  /// The syntax OID, inherited where the definition has none.
  public private(set) var syntax: String?
  /// The length that the definition suggests as a maximum, in characters or bytes.
  public private(set) var syntaxLength: Int?
  /// Whether an entry holds at most one value.
  public let isSingleValued: Bool
  /// Whether the value is shared by a collection of entries (RFC 3671).
  public let isCollective: Bool
  /// Whether users may change it: false where the definition says NO-USER-MODIFICATION.
  public let isUserModifiable: Bool
  /// What the attribute is for.
  public let usage: Usage
  /// The values of `X-` extensions, by their names in upper case.
  public let extensions: [String: [String]]
  let definition: String

  init(_ definition: SchemaDefinition) {
    self.definition = definition.text
    oid = definition.oid
    names = definition.names
    description = definition.first("DESC")
    isObsolete = definition.has("OBSOLETE")
    superior = definition.first("SUP")
    equality = definition.first("EQUALITY")
    ordering = definition.first("ORDERING")
    substrings = definition.first("SUBSTR")
    let parts = definition.first("SYNTAX")?.split(separator: "{", maxSplits: 1) ?? []
    syntax = parts.first.map(String.init)
    syntaxLength = parts.count > 1 ? Int(parts[1].prefix { $0 != "}" }) : nil
    isSingleValued = definition.has("SINGLE-VALUE")
    isCollective = definition.has("COLLECTIVE")
    isUserModifiable = !definition.has("NO-USER-MODIFICATION")
    usage = definition.first("USAGE").flatMap { Usage(spelling: $0) } ?? .userApplications
    extensions = definition.extensions
  }

  mutating func inherit(from superior: AttributeType) {
    equality = equality ?? superior.equality
    ordering = ordering ?? superior.ordering
    substrings = substrings ?? superior.substrings
    guard syntax == nil else { return }
    syntax = superior.syntax
    syntaxLength = superior.syntaxLength
  }

  var superiorNames: [String] { superior.map { [$0] } ?? [] }

  /// The usual name: the first one, or the OID where there is none.
  public var name: String { names.first ?? oid }

  /// Whether the server keeps it, so that a search must ask for it by name or with `+` (RFC 4512 §3.4).
  public var isOperational: Bool { usage != .userApplications }

  /// Whether values are bytes without meaning as text, by the syntax (RFC 4517 §3.3, RFC 4523 §2).
  ///
  /// Passwords (RFC 4519 §2.41) have a byte syntax, but are text in practice.
  public var isBinary: Bool {
    guard let syntax, oid != "2.5.4.35" else { return false }
    return Self.binarySyntaxes.contains(syntax)
  }

  /// Whether values name entries: the syntax is DN, or name and optional UID (RFC 4517 §3.3.9 and §3.3.21).
  public var isDNValued: Bool {
    syntax == "1.3.6.1.4.1.1466.115.121.1.12" || syntax == "1.3.6.1.4.1.1466.115.121.1.34"
  }

  /// Audio, binary, certificate, certificate list and pair, fax, JPEG, octet string and supported algorithm; and the
  /// security descriptors of the servers that have them.
  private static let binarySyntaxes: Set<String> = Set(
    [4, 5, 8, 9, 10, 23, 28, 40, 49].map { "1.3.6.1.4.1.1466.115.121.1.\($0)" } + ["1.2.840.113556.1.4.907"])
}
