/// What planning must know of an attribute description: how its values compare, and how a change of them is written.
final class AttributeKind {
  /// One for all spellings of a description: the type's usual name in lower case, and the options.
  let key: String
  /// The type's part of the key.
  let type: String
  /// What the schema says; nil for a type that it does not have.
  let definition: AttributeType?
  /// Whether values name entries.
  let isReference: Bool
  /// Whether values that are equal by the rule are the same, whatever their bytes.
  let isLoose: Bool
  /// Whether one value among several can be deleted: the server can compare it with what it holds.
  let hasEquality: Bool
  private let rule: EqualityRule
  private let dns: DNNormalizer

  init(_ description: AttributeDescription, schema: Schema, schemaHasRules: Bool, dns: DNNormalizer) {
    let definition = schema.attributeType(description.type)
    let isClass = description.type.lowercased() == "objectclass"
    let rule = Self.rule(definition)
    self.definition = definition
    self.dns = dns
    type = (definition?.name ?? description.type).lowercased()
    key = ([type] + description.options.map { $0.lowercased() }.sorted()).joined(separator: ";")
    isReference = definition?.isDNValued ?? false || rule == .distinguishedName
    isLoose = isReference || isClass
    hasEquality = isClass || !schemaHasRules || definition?.equality != nil || definition == nil
    self.rule = isClass ? .ignoreCase : rule
  }

  var isSingleValued: Bool { definition?.isSingleValued ?? false }
  var isOperational: Bool { definition?.isOperational ?? false }

  /// The same bytes for values that are equal by the attribute's rule.
  func compared(_ value: [UInt8]) -> [UInt8] {
    isReference ? reference(value).map { Array($0.utf8) } ?? value : rule.prepare(value)
  }

  /// The tree key of the entry that a value names; nil where it is no DN.
  func reference(_ value: [UInt8]) -> String? {
    if let key = value.withUnsafeBufferPointer({ try? dns.key(utf8: $0) }) { return key }
    // A name and optional UID ends in `#'0101'B` (RFC 4517 §3.3.21).
    guard value.last == 0x42, let mark = value.lastIndex(of: 0x23) else { return nil }
    return Array(value[..<mark]).withUnsafeBufferPointer { try? dns.key(utf8: $0) }
  }

  private static func rule(_ type: AttributeType?) -> EqualityRule {
    guard let type else { return .octets }
    if let equality = type.equality { return EqualityRule(equality) ?? .octets }
    return type.syntax.flatMap { EqualityRule(syntax: $0) } ?? .octets
  }
}

/// The kinds of all attributes that a plan meets, each made once.
final class AttributeKinds {
  let schema: Schema
  let dns: DNNormalizer
  private let schemaHasRules: Bool
  private var kinds: [String: AttributeKind] = [:]
  private var requirements: [[[UInt8]]: Set<String>] = [:]

  init(schema: Schema) {
    self.schema = schema
    dns = DNNormalizer(schema: schema)
    schemaHasRules = schema.attributeTypes.contains { $0.equality != nil }
  }

  subscript(_ description: AttributeDescription) -> AttributeKind {
    if let known = kinds[description.key] { return known }
    let kind = AttributeKind(description, schema: schema, schemaHasRules: schemaHasRules, dns: dns)
    kinds[description.key] = kind
    return kind
  }

  /// The types that the classes require, by the types' usual names in lower case.
  func required(by classes: [[UInt8]]) -> Set<String> {
    if let known = requirements[classes] { return known }
    var types: Set<String> = []
    for name in classes {
      guard let found = schema.objectClass(String(decoding: name, as: UTF8.self)) else { continue }
      for attribute in schema.inheritedAttributes(of: found).must { types.insert(self[AttributeDescription(attribute)].type) }
    }
    requirements[classes] = types
    return types
  }
}
