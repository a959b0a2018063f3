/// An object class of a schema (RFC 4512 §2.4 and §4.1.1).
public struct ObjectClass: Sendable, SchemaElement {
  /// What a class may be used for (RFC 4512 §2.4).
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Only a superior of other classes.
    case abstract
    /// What an entry is.
    case structural
    /// What an entry may have besides.
    case auxiliary
  }

  /// The object identifier, or the name that a server uses in its place.
  public let oid: String
  /// The short names, the first of them the usual one; may be empty.
  public let names: [String]
  /// The server's description.
  public let description: String?
  /// Whether the definition is marked OBSOLETE.
  public let isObsolete: Bool
  /// Names or OIDs of the direct superiors.
  public let superiors: [String]
  /// What the class may be used for; structural where the definition does not say.
  public let kind: Kind
  /// The attributes that the class itself requires.
  public let must: [String]
  /// The attributes that the class itself allows.
  public let may: [String]
  /// The values of `X-` extensions, by their names in upper case.
  public let extensions: [String: [String]]
  let definition: String

  init(_ definition: SchemaDefinition) {
    self.definition = definition.text
    oid = definition.oid
    names = definition.names
    description = definition.first("DESC")
    isObsolete = definition.has("OBSOLETE")
    superiors = definition.all("SUP")
    kind = Kind.allCases.first { definition.has($0.rawValue.uppercased()) } ?? .structural
    must = definition.all("MUST")
    may = definition.all("MAY")
    extensions = definition.extensions
  }

  var superiorNames: [String] { superiors }

  /// The usual name: the first one, or the OID where there is none.
  public var name: String { names.first ?? oid }
}
