/// The object classes and attribute types of a directory, as its subschema entry publishes them (RFC 4512 §4.2).
///
/// Real subschemas break the grammar; what can be understood is kept, and `problems` says what was not.
public struct Schema: Sendable {
  /// The object classes that could be read, in the order given.
  public let objectClasses: [ObjectClass]
  /// The attribute types that could be read, in the order given, with what they inherit filled in.
  public let attributeTypes: [AttributeType]
  /// What was wrong with definitions; a definition without OID and name is left out, others are kept as far as read.
  public let problems: [SchemaProblem]

  /// What entries of a structural class may hold besides, by the OID of that class in lower case.
  package let contentRules: [String: ContentRule]

  private let classIndex: [String: Int]
  private let attributeIndex: [String: Int]

  /// Reads the values of `objectClasses`, `attributeTypes` and `dITContentRules` (RFC 4512 §4.2.1, §4.2.2, §4.2.5).
  public init(objectClasses: [String] = [], attributeTypes: [String] = [], contentRules: [String] = []) {
    var problems: [SchemaProblem] = []
    let rules = Self.definitions(contentRules, &problems).map { ($0.oid.lowercased(), ContentRule($0)) }
    self.contentRules = Dictionary(rules) { first, _ in first }
    let classes = Self.definitions(objectClasses, &problems).map { ObjectClass($0) }
    let attributes = Self.definitions(attributeTypes, &problems).map { AttributeType($0) }
    classIndex = Self.index(classes, &problems)
    attributeIndex = Self.index(attributes, &problems)
    self.objectClasses = classes
    self.attributeTypes = Self.withInheritance(attributes, attributeIndex)
    Self.checkSuperiors(classes, classIndex, &problems)
    Self.checkSuperiors(attributes, attributeIndex, &problems)
    self.problems = problems
  }

  /// Reads a subschema entry (RFC 4512 §4.2).
  public init(subschema entry: Entry) {
    self.init(
      objectClasses: entry.strings("objectClasses"), attributeTypes: entry.strings("attributeTypes"),
      contentRules: entry.strings("dITContentRules"))
  }

  /// The object class of that name, alias or OID, whatever the letter case.
  public func objectClass(_ nameOrOID: String) -> ObjectClass? {
    classIndex[nameOrOID.lowercased()].map { objectClasses[$0] }
  }

  /// The attribute type of that name, alias or OID, whatever the letter case; options do not belong here.
  public func attributeType(_ nameOrOID: String) -> AttributeType? {
    attributeIndex[nameOrOID.lowercased()].map { attributeTypes[$0] }
  }

  /// Whether there is an object class or attribute type of that name, alias or OID, whatever the letter case.
  public func defines(_ nameOrOID: String) -> Bool {
    let name = nameOrOID.lowercased()
    return classIndex[name] != nil || attributeIndex[name] != nil
  }

  /// The class itself, then its superiors, nearest first, each once (RFC 4512 §2.4.1); unknown ones are left out.
  public func superclassChain(of objectClass: ObjectClass) -> [ObjectClass] {
    var chain = [objectClass]
    var seen: Set<String> = [objectClass.oid.lowercased()]
    var next = 0
    while next < chain.count {
      for name in chain[next].superiors {
        guard let superior = self.objectClass(name), seen.insert(superior.oid.lowercased()).inserted else { continue }
        chain.append(superior)
      }
      next += 1
    }
    return chain
  }

  /// The attributes that the class and its superiors require and allow, each once; `may` has none of `must`.
  public func inheritedAttributes(of objectClass: ObjectClass) -> (must: [String], may: [String]) {
    let chain = superclassChain(of: objectClass)
    var seen: Set<String> = []
    let isNew = { (name: String) in seen.insert((attributeType(name)?.oid ?? name).lowercased()).inserted }
    let must = chain.flatMap(\.must).filter(isNew)
    let may = chain.flatMap(\.may).filter(isNew)
    return (must, may)
  }
}

/// What is wrong with a definition of a subschema.
public struct SchemaProblem: Hashable, Sendable, CustomStringConvertible {
  /// The definition as the server gave it.
  public let definition: String
  /// Why it could not be read, or not whole.
  public let reason: String

  /// One sentence for a person.
  public var description: String { "\(reason): \(definition)" }
}

/// What object classes and attribute types have in common while a schema is put together.
protocol SchemaElement {
  var oid: String { get }
  var names: [String] { get }
  var superiorNames: [String] { get }
  var definition: String { get }
}

extension Schema {
  private static func definitions(_ texts: [String], _ problems: inout [SchemaProblem]) -> [SchemaDefinition] {
    var definitions: [SchemaDefinition] = []
    for text in texts {
      var parser = SchemaParser(text)
      let definition = parser.parse()
      problems += parser.problems.map { SchemaProblem(definition: text, reason: $0) }
      if let definition { definitions.append(definition) }
    }
    return definitions
  }

  private static func index(_ elements: [some SchemaElement], _ problems: inout [SchemaProblem]) -> [String: Int] {
    var index: [String: Int] = [:]
    for (position, element) in elements.enumerated() {
      for name in [element.oid] + element.names {
        let first = index[name.lowercased(), default: position]
        index[name.lowercased()] = first
        guard elements[first].oid.lowercased() != element.oid.lowercased() else { continue }
        let reason = "the name \(name) belongs to \(elements[first].oid) already, which keeps it"
        problems.append(SchemaProblem(definition: element.definition, reason: reason))
      }
    }
    return index
  }

  private static func withInheritance(_ attributes: [AttributeType], _ index: [String: Int]) -> [AttributeType] {
    attributes.map { attribute in
      var whole = attribute
      var seen: Set<Int> = []
      var next = attribute.superior.flatMap { index[$0.lowercased()] }
      while let position = next, seen.insert(position).inserted {
        whole.inherit(from: attributes[position])
        next = attributes[position].superior.flatMap { index[$0.lowercased()] }
      }
      return whole
    }
  }

  private static func checkSuperiors(
    _ elements: [some SchemaElement], _ index: [String: Int], _ problems: inout [SchemaProblem]
  ) {
    for (position, element) in elements.enumerated() where !element.superiorNames.isEmpty {
      for name in element.superiorNames where index[name.lowercased()] == nil {
        let reason = "the superior \(name) is not defined in this schema"
        problems.append(SchemaProblem(definition: element.definition, reason: reason))
      }
      if leadsBack(to: position, elements, index) {
        let reason = "its superiors lead back to itself"
        problems.append(SchemaProblem(definition: element.definition, reason: reason))
      }
    }
  }

  private static func leadsBack(
    to start: Int, _ elements: [some SchemaElement], _ index: [String: Int]
  ) -> Bool {
    var waiting = [start]
    var seen: Set<Int> = []
    while let position = waiting.popLast() {
      for superior in elements[position].superiorNames.compactMap({ index[$0.lowercased()] }) {
        if superior == start { return true }
        if seen.insert(superior).inserted { waiting.append(superior) }
      }
    }
    return false
  }
}
