/// A DIT content rule: what entries of a structural class may hold besides (RFC 4512 §4.1.6).
package struct ContentRule: Sendable {
  /// Names or OIDs of auxiliary classes.
  package let auxiliaries: [String]
  /// Attributes that the rule requires beyond those of the classes.
  package let must: [String]
  /// Attributes that the rule allows beyond those of the classes.
  package let may: [String]

  init(_ definition: SchemaDefinition) {
    auxiliaries = definition.all("AUX")
    must = definition.all("MUST")
    may = definition.all("MAY")
  }
}
