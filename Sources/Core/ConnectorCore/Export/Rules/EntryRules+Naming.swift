// The name of an entry beside its attributes (RFC 4512 §2.3.2).
extension EntryRules {
  /// The values of the RDN that the entry does not have, as far as the change is to blame. Whether their types are
  /// known and allowed is seen where the attributes are judged.
  func namingProblems(of change: EntryChange) -> [Problem] {
    guard let rdn = change.dn.rdns.first else { return [] }
    return rdn.assertions.compactMap { assertion in
      guard !assertion.isBER else { return nil }
      let key = schema.typeKey(assertion.type)
      guard schema.attributeType(assertion.type) != nil else {
        return change.before == nil ? unknownName(assertion.type, change) : nil
      }
      guard change.isTouched(key), !holds(assertion, key, change.after) else { return nil }
      return Problem(
        .error, attribute: assertion.type,
        "the entry's name has a value of \(assertion.type) that is not among the attribute's values",
        remedy: change.before == nil
          ? "add the value to \(assertion.type)" : "keep the value, or rename the entry first")
    }
  }

  /// Nil where the attribute is in the entry, for then it has been reported.
  private func unknownName(_ type: String, _ change: EntryChange) -> Problem? {
    guard !change.after.contains(where: { $0.typeKey == type.lowercased() }) else { return nil }
    return Problem(
      classSeverity, attribute: type, "the server knows no attribute \(type), which the entry's name has",
      remedy: "name the entry by an attribute that its object classes allow")
  }

  private func holds(_ assertion: RDN.Assertion, _ key: String, _ attributes: [EntryChange.Attribute]) -> Bool {
    attributes.contains { attribute in
      guard attribute.key == key else { return false }
      // Naming values are compared without case where the schema has no rule, as in DNs.
      let wanted = [compared(assertion.value, attribute), EqualityRule.ignoreCase.prepare(assertion.value)]
      return attribute.values.contains {
        wanted.contains(compared($0, attribute)) || wanted.contains(EqualityRule.ignoreCase.prepare($0))
      }
    }
  }
}
