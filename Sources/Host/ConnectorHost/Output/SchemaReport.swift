package import ConnectorCore

/// The schema as the configuration selects it, with stable names for scripts.
package struct SchemaReport: Sendable, Encodable {
  package struct Class: Sendable, Encodable, Equatable {
    package var name: String
    package var oid: String
    package var aliases: [String]
    /// `abstract`, `structural` or `auxiliary`.
    package var kind: String
    package var obsolete: Bool
    package var description: String?
    /// The superiors, nearest first, up to the top.
    package var superiors: [String]
    /// Required attributes, inherited ones included.
    package var must: [String]
    /// Allowed attributes, inherited ones included.
    package var may: [String]
    /// Whether every attribute of the schema is allowed (RFC 4512 §4.3).
    package var allowsAll: Bool
  }

  package struct Attribute: Sendable, Encodable, Equatable {
    package var name: String
    package var oid: String
    package var aliases: [String]
    package var description: String?
    package var superior: String?
    package var syntax: String?
    package var syntaxName: String?
    package var singleValued: Bool
    package var binary: Bool
    /// Whether values are DNs.
    package var reference: Bool
    package var operational: Bool
    package var userModifiable: Bool
    package var equality: String?
  }

  package var objectClasses: [Class] = []
  package var attributes: [Attribute] = []
  /// Definitions that break RFC 4512, a sentence each.
  package var problems: [String] = []
  private let selection: Configuration.Schema

  private enum CodingKeys: CodingKey {
    case objectClasses, attributes, problems
  }

  /// Describes everything that the configuration selects, sorted by name.
  package init(_ schema: Schema, _ selection: Configuration.Schema) {
    self.selection = selection
    problems = schema.problems.map(\.description)
    objectClasses = schema.objectClasses.map { describe($0, in: schema) }.sorted {
      $0.name.lowercased() < $1.name.lowercased()
    }
    attributes = schema.attributeTypes
      .filter { selection.includeOperationalAttributes || !$0.isOperational }
      .map { describe($0) }.sorted { $0.name.lowercased() < $1.name.lowercased() }
  }

  /// One class with all that it inherits.
  func describe(_ objectClass: ObjectClass, in schema: Schema) -> Class {
    let (must, may) = schema.inheritedAttributes(of: objectClass)
    let chain = schema.superclassChain(of: objectClass)
    let isExtensible = chain.contains { $0.oid == Self.extensibleObject }
    return Class(
      name: objectClass.name, oid: objectClass.oid, aliases: Array(objectClass.names.dropFirst()),
      kind: objectClass.kind.rawValue, obsolete: objectClass.isObsolete, description: objectClass.description,
      superiors: chain.dropFirst().map(\.name), must: must, may: may,
      allowsAll: isExtensible || selection.includeExtensibleAttributes)
  }

  /// One attribute.
  func describe(_ attribute: AttributeType) -> Attribute {
    let aliases = selection.attributeAliases.map { AttributeDescription($0.lowercased()) }
    let isAliased = aliases.contains { alias in
      alias.options.contains("binary") && ([attribute.oid] + attribute.names).contains { $0.lowercased() == alias.type }
    }
    return Attribute(
      name: attribute.name, oid: attribute.oid, aliases: Array(attribute.names.dropFirst()),
      description: attribute.description, superior: attribute.superior, syntax: attribute.syntax,
      syntaxName: attribute.syntax.flatMap(SyntaxNames.name), singleValued: attribute.isSingleValued,
      binary: attribute.isBinary || isAliased, reference: attribute.isDNValued, operational: attribute.isOperational,
      userModifiable: attribute.isUserModifiable, equality: attribute.equality)
  }

  /// extensibleObject of RFC 4512 §4.3.
  private static let extensibleObject = "1.3.6.1.4.1.1466.101.120.111"
}
