import ConnectorCore
import ConnectorTesting

/// Puts entries in the order of sort keys (RFC 2891 §2).
struct Sorting: Sendable {
  private let keys: [(attribute: AttributeDescription, rule: SortRule, isReversed: Bool)]

  /// Finds the rule of each key; throws the outcome for the client where a rule is not known.
  init(_ keys: [SortKey], schema: Schema) throws(SortFailure) {
    var found: [(AttributeDescription, SortRule, Bool)] = []
    for key in keys {
      let known = key.rule.map { SortRule($0) } ?? SortRule(schema.attributeType(key.attribute.type))
      guard let rule = known else {
        throw SortFailure(outcome: SortOutcome(code: .inappropriateMatching, attribute: key.attribute))
      }
      found.append((key.attribute, rule, key.isReversed))
    }
    guard !found.isEmpty else { throw SortFailure(outcome: SortOutcome(code: .operationsError)) }
    self.keys = found
  }

  /// The entries in order; equal ones stay as they were, one without a value counts as largest.
  func sorted(_ entries: [Entry], in directory: MemoryDirectory) -> [Entry] {
    let rows = entries.map { entry in (entry, keys.map { smallest($0.attribute, $0.rule, entry, directory) }) }
    return rows.enumerated().sorted { left, right in
      order(left.element.1, right.element.1) ?? (left.offset < right.offset)
    }.map(\.element.0)
  }

  /// The position of the first entry at or behind a value of the first key; the count where there is none.
  func position(of value: [UInt8], in entries: [Entry], _ directory: MemoryDirectory) -> Int {
    guard let key = keys.first else { return entries.count }
    let target = key.rule.prepare(value)
    let found = entries.firstIndex { entry in
      guard let value = smallest(key.attribute, key.rule, entry, directory) else { return !key.isReversed }
      return key.isReversed ? !key.rule.isLess(target, value) : !key.rule.isLess(value, target)
    }
    return found ?? entries.count
  }

  /// Whether the first row of values comes first; nil where both are equal.
  private func order(_ left: [[UInt8]?], _ right: [[UInt8]?]) -> Bool? {
    for (key, (left, right)) in zip(keys, zip(left, right)) where left != right {
      guard let left else { return key.isReversed }
      guard let right else { return !key.isReversed }
      return key.rule.isLess(left, right) != key.isReversed
    }
    return nil
  }

  /// The smallest value counts (RFC 2891 §2), also of an attribute that the client did not ask for.
  private func smallest(
    _ attribute: AttributeDescription, _ rule: SortRule, _ entry: Entry, _ directory: MemoryDirectory
  ) -> [UInt8]? {
    let values = directory.entry(entry.dn)?.attributes[attribute] ?? entry.values(attribute)
    return values.map(rule.prepare).min(by: rule.isLess)
  }
}

/// Why entries cannot be sorted, in the form that the client gets.
struct SortFailure: Error {
  let outcome: SortOutcome
}
