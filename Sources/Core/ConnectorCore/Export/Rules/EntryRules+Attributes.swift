// Single attributes and their values (RFC 4512 §2.5, RFC 4517).
extension EntryRules {
  func attributeProblems(
    _ attribute: EntryChange.Attribute, of change: EntryChange, _ now: ClassRules.ClassSet
  ) -> [Problem] {
    guard !keptByServer.contains(attribute.typeKey) else { return [] }
    guard let type = attribute.type else { return [unknownType(attribute)] }
    // objectClass cannot be written later at some servers, and says so here.
    let isName = change.dn.rdns.first?.assertions.contains { schema.typeKey($0.type) == attribute.typeKey } ?? false
    // Some servers let administrators write it though their schema says that nobody may.
    let isAccountState = facts.accountState.map { schema.typeKey($0.attribute.type) == attribute.typeKey } ?? false
    guard type.isUserModifiable || attribute.typeKey == ClassRules.objectClassKey || isName || isAccountState else {
      return [unwritable(attribute)].compactMap(\.self)
    }
    var problems: [Problem] = []
    if !isAllowed(attribute, now), isConclusive(now, attribute) { problems.append(disallowed(attribute)) }
    if type.isSingleValued, attribute.values.count > 1 {
      problems.append(
        Problem(
          .error, attribute: attribute.name, "\(attribute.name) takes one value, and gets \(attribute.values.count)",
          remedy: "write the one value that it shall have; to put it in the place of the old one, use replace"))
    }
    problems += syntaxProblems(attribute, type, change)
    if attribute.values.count > 1, hasDuplicates(attribute, type) {
      problems.append(
        Problem(
          .error, attribute: attribute.name, "\(attribute.name) has the same value twice, as the server compares them",
          remedy: "write the value once"))
    }
    return problems
  }

  private func unknownType(_ attribute: EntryChange.Attribute) -> Problem {
    let near = attributeHints.nearest(to: attribute.typeName)
    return Problem(
      classSeverity, attribute: attribute.name, "the server knows no attribute \(attribute.typeName)",
      remedy: near.map { "write \($0), if that is meant" } ?? "take it out, or add it to the server's schema")
  }

  /// Nil where it has been said already.
  func unwritable(_ attribute: EntryChange.Attribute) -> Problem? {
    guard !keptByServer.contains(attribute.typeKey) else { return nil }
    return Problem(
      .error, attribute: attribute.name, "the server keeps \(attribute.name) itself (NO-USER-MODIFICATION)",
      remedy: Self.insteadOf(attribute.typeName))
  }

  private func disallowed(_ attribute: EntryChange.Attribute) -> Problem {
    let remedy = classes.auxiliary(allowing: attribute.typeKey).map {
      "add the auxiliary object class \($0), which allows it, or take it out"
    }
    return Problem(
      classSeverity, attribute: attribute.name, "none of the entry's object classes allows \(attribute.name)",
      remedy: remedy ?? "take it out, or choose an object class that allows it")
  }

  private func syntaxProblems(
    _ attribute: EntryChange.Attribute, _ type: AttributeType, _ change: EntryChange
  ) -> [Problem] {
    // A wrong name of a class is a class that nobody knows, which has been said.
    guard attribute.typeKey != ClassRules.objectClassKey else { return [] }
    guard let syntax = type.syntax.flatMap({ ValueSyntax(oid: $0) }) else { return [] }
    let wrong = change.newValues(of: attribute).filter { !syntax.accepts($0) }
    guard !wrong.isEmpty else { return [] }
    let subject =
      wrong.count == 1 ? "a value of \(attribute.name) is" : "\(wrong.count) values of \(attribute.name) are"
    return [
      Problem(
        .error, attribute: attribute.name, "\(subject) no \(syntax.name) (RFC 4517)", remedy: "write \(syntax.form)")
    ]
  }

  private func hasDuplicates(_ attribute: EntryChange.Attribute, _ type: AttributeType) -> Bool {
    var seen: Set<[UInt8]> = []
    seen.reserveCapacity(attribute.values.count)
    let rule = equality(of: type)
    return attribute.values.contains { !seen.insert(compared($0, by: rule)).inserted }
  }

  private func equality(of type: AttributeType) -> EqualityRule {
    type.equalityRule ?? .octets
  }

  /// The value in a form that is the same for equal values.
  func compared(_ value: [UInt8], by rule: EqualityRule) -> [UInt8] {
    guard rule == .distinguishedName else { return rule.prepare(value) }
    let key = value.withUnsafeBufferPointer { try? normalizer.key(utf8: $0) }
    return key.map { Array($0.utf8) } ?? rule.prepare(value)
  }

  func compared(_ value: [UInt8], _ attribute: EntryChange.Attribute) -> [UInt8] {
    compared(value, by: attribute.type.map(equality) ?? .ignoreCase)
  }
}
