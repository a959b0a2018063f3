// Object classes, and what they require (RFC 4512 §2.4).
extension EntryRules {
  func classProblems(_ now: ClassRules.ClassSet, _ then: ClassRules.ClassSet?) -> [Problem] {
    let known = Set(then?.unknown.map { $0.lowercased() } ?? [])
    var problems = now.unknown.filter { !known.contains($0.lowercased()) }.map(unknownClass)
    if now.leaves.isEmpty, now.unknown.isEmpty {
      problems.append(
        Problem(
          now.known.contains { $0.kind == .auxiliary } ? structuralSeverity : classSeverity, attribute: "objectClass",
          "the entry has no structural object class",
          remedy: "add one to objectClass, such as inetOrgPerson or groupOfNames"))
    }
    guard !now.lacksSuperiors, then?.lacksSuperiors != true else { return problems }
    return problems + structuralProblems(now, then)
  }

  /// What is wrong about structural classes is an error where the server looks at them.
  private var structuralSeverity: PlanFinding.Severity { facts.keepsStructuralClass ? classSeverity : .warning }

  private func unknownClass(_ name: String) -> Problem {
    let near = classHints.nearest(to: name)
    let shown = InputNames.isDescription(name) ? name : "one of the object classes"
    return Problem(
      classSeverity, attribute: "objectClass", "the server knows no object class \(shown)",
      remedy: near.map { "write \($0), if that is meant" } ?? "take it out, or add it to the server's schema")
  }

  private func structuralProblems(_ now: ClassRules.ClassSet, _ then: ClassRules.ClassSet?) -> [Problem] {
    let names = now.leaves.map(\.name).joined(separator: " and ")
    guard now.leaves.count <= 1 else {
      guard then.map({ $0.leaves.map(\.oid) != now.leaves.map(\.oid) }) ?? true else { return [] }
      return [
        Problem(
          structuralSeverity, attribute: "objectClass",
          "\(names) are structural object classes that do not derive from each other",
          remedy: "keep the one that the entry is; what it has besides goes into auxiliary classes")
      ]
    }
    guard let then, then.leaves.count == 1, let old = then.leaves.first, let new = now.leaves.first,
      old.oid.lowercased() != new.oid.lowercased()
    else { return [] }
    return [
      Problem(
        structuralSeverity, attribute: "objectClass",
        "the structural object class \(old.name) cannot become \(new.name)",
        remedy: "delete the entry and add it anew, or leave \(old.name)")
    ]
  }

  /// Attributes that the classes require and that are not there, as far as the change is to blame.
  func requiredProblems(
    of change: EntryChange, _ now: ClassRules.ClassSet, _ then: ClassRules.ClassSet?
  ) -> [Problem] {
    let present = change.types(change.after).union(change.hidden)
    let earlier = change.before.map(change.types)
    return now.required.compactMap { key, name, requirer in
      guard !present.contains(key), !filledInByServer.contains(key) else { return nil }
      guard schema.attributeType(name)?.isUserModifiable ?? true else { return nil }
      if let earlier, let then, !earlier.contains(key), then.requiredKeys.contains(key) { return nil }
      return Problem(
        classSeverity, attribute: name, "the object class \(requirer) requires \(name), which is not there",
        remedy: earlier?.contains(key) == true ? "leave \(name) a value" : "give \(name) a value")
    }
  }

  /// A new entry gets a password that its classes do not allow.
  func passwordProblems(
    of change: EntryChange, _ now: ClassRules.ClassSet, _ attribute: AttributeDescription
  ) -> [Problem] {
    guard change.before == nil, !change.hidden.isEmpty, schema.attributeType(attribute.type) != nil,
      !now.isExtensible, now.isWhole, now.allowed.isDisjoint(with: change.hidden)
    else { return [] }
    return [
      Problem(
        classSeverity, attribute: attribute.string, "none of the entry's object classes allows a password",
        remedy: classes.auxiliary(allowing: schema.typeKey(attribute.type)).map {
          "add the auxiliary object class \($0), or take the password out"
        } ?? "take the password out, or choose an object class that allows it")
    ]
  }

  /// Attributes that stay though the last class that allowed them goes.
  func strandedProblems(
    of change: EntryChange, _ now: ClassRules.ClassSet, _ then: ClassRules.ClassSet?
  ) -> [Problem] {
    guard let then, change.isTouched(ClassRules.objectClassKey), !now.isExtensible else {
      return []
    }
    return change.after.filter {
      !change.isTouched($0) && !isAllowed($0, now) && isAllowed($0, then) && isConclusive(now, $0)
    }.map { attribute in
      Problem(
        classSeverity, attribute: attribute.name, "no object class that the entry keeps allows \(attribute.name)",
        remedy: "remove \(attribute.name) in the same change, or keep the class")
    }
  }

  /// Whether it says anything that no class allows the attribute: not where a class or a superior is unknown. Nor where
  /// the server publishes part of its schema, and the attribute comes with an auxiliary class, which an entry may have
  /// without naming it.
  func isConclusive(_ classes: ClassRules.ClassSet, _ attribute: EntryChange.Attribute) -> Bool {
    guard classes.isWhole else { return false }
    return !facts.publishesPartOfSchema || self.classes.auxiliary(allowing: attribute.typeKey) == nil
  }

  /// Whether classes allow the attribute; operational ones need no class (RFC 4512 §3.4).
  func isAllowed(_ attribute: EntryChange.Attribute, _ classes: ClassRules.ClassSet) -> Bool {
    classes.isExtensible || attribute.typeKey == ClassRules.objectClassKey || attribute.type?.isOperational == true
      || classes.allowed.contains(attribute.typeKey)
  }
}
