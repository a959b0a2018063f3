/// The schema's word on an entry, before the server has to say it (RFC 4512 §2.4 and §2.5).
package struct EntryRules: Sendable {
  /// One thing that is wrong with an entry.
  package struct Problem: Hashable, Sendable {
    package var severity: PlanFinding.Severity
    /// The attribute as the entry spells it; nil for the entry as a whole.
    package var attribute: String?
    /// What is wrong; holds no value.
    package var summary: String
    /// What to do.
    package var remedy: String?

    package init(
      _ severity: PlanFinding.Severity, attribute: String? = nil, _ summary: String, remedy: String? = nil
    ) {
      self.severity = severity
      self.attribute = attribute
      self.summary = summary
      self.remedy = remedy
    }
  }

  let schema: Schema
  let facts: ExportFacts
  let normalizer: DNNormalizer
  let classes: ClassRules
  let classHints: NameHints
  let attributeHints: NameHints
  let keptByServer: Set<String>
  let filledInByServer: Set<String>

  /// Prepares to judge entries of a directory.
  package init(schema: Schema, facts: ExportFacts) {
    self.schema = schema
    self.facts = facts
    normalizer = DNNormalizer(schema: schema)
    classes = ClassRules(schema: schema)
    classHints = NameHints(schema.objectClasses.flatMap(\.names))
    attributeHints = NameHints(schema.attributeTypes.flatMap(\.names))
    keptByServer = Set(facts.keptByServer.map { schema.typeKey($0.type) })
    filledInByServer = Set((facts.filledInByServer + facts.keptByServer).map { schema.typeKey($0.type) })
  }

  /// What is wrong with `after`, the entry as it will be; `before` is the entry as it is, nil for a new one.
  ///
  /// What a change leaves as it is, is not judged, for old data may break the rules. `hasPassword` says that the entry
  /// has a password, or gets one, beside the attributes given.
  package func problems(
    dn: DN, after: [(AttributeDescription, [[UInt8]])], before: [(AttributeDescription, [[UInt8]])]?,
    hasPassword: Bool, passwordAttribute: AttributeDescription
  ) -> [Problem] {
    var change = EntryChange(dn: dn, after: after, before: before, schema: schema)
    if hasPassword { change.givePassword([passwordAttribute, "userPassword"], schema: schema) }
    var problems = keptProblems(of: change)
    guard !schema.objectClasses.isEmpty, !schema.attributeTypes.isEmpty else {
      return problems + [
        Problem(
          .warning, "the schema could not be read, so nothing was checked against it",
          remedy: "give the connector's account the right to read the subschema entry")
      ]
    }
    let now = classes.set(of: change.classes(of: change.after))
    let then = change.before.map { classes.set(of: change.classes(of: $0)) }
    if change.isTouched(ClassRules.objectClassKey) { problems += classProblems(now, then) }
    problems += requiredProblems(of: change, now, then)
    problems += passwordProblems(of: change, now, passwordAttribute)
    for attribute in change.after where change.isTouched(attribute) {
      problems += attributeProblems(attribute, of: change, now)
    }
    problems += change.removed.filter { $0.type?.isUserModifiable == false }.compactMap(unwritable)
    problems += strandedProblems(of: change, now, then)
    return problems + namingProblems(of: change)
  }

  /// The severity of what the published schema says of classes and of what they allow.
  var classSeverity: PlanFinding.Severity { facts.publishesPartOfSchema ? .warning : .error }

  /// Attributes that the server alone writes and a change touches all the same.
  private func keptProblems(of change: EntryChange) -> [Problem] {
    guard !keptByServer.isEmpty else { return [] }
    return (change.after + change.removed)
      .filter { keptByServer.contains($0.typeKey) && change.isTouched($0) }
      .map { attribute in
        Problem(
          .error, attribute: attribute.name, "the server keeps \(attribute.name) itself",
          remedy: Self.insteadOf(attribute.typeName))
      }
  }

  /// What to write in the place of an attribute that the server derives from another one.
  static func insteadOf(_ type: String) -> String {
    switch type.lowercased() {
    case "memberof", "ismemberof":
      "leave it out, and write the group instead: its member (or uniqueMember) takes the DN of this entry"
    case "directreports": "leave it out, and write manager at the other entry instead"
    default: "leave it out of the change"
    }
  }
}

extension Schema {
  /// One key for all spellings of an attribute type; options do not belong here.
  func typeKey(_ type: String) -> String {
    let key = (attributeType(type)?.oid ?? type).lowercased()
    // The one attribute that every entry has, whatever a schema says of it (RFC 4512 §3.3).
    return key == "objectclass" || type.lowercased() == "objectclass" ? ClassRules.objectClassKey : key
  }
}
