import ConnectorCore

/// Puts entries in the order of sort keys (RFC 2891 §2).
struct Sorting: Sendable {
  private let keys: [(attribute: AttributeDescription, rule: SortRule, isReversed: Bool)]
  /// The smallest value of each key by DN, of entries as they were all at one moment.
  private let values: [String: [[UInt8]?]]

  /// Finds the rule of each key; throws the outcome for the client where a rule is not known.
  /// - Parameter entries: what is to be sorted, with the attributes of the keys, whatever the client asked for.
  init(_ keys: [SortControlKey], schema: Schema, _ entries: [Entry]) throws(SortFailure) {
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
    let rows = entries.map { entry in (entry.dn, found.map { Self.smallest($0.0, $0.1, entry) }) }
    values = Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  /// The entries in order, without those that came since; equal ones stay as they were, one without a value counts as
  /// largest.
  func sorted(_ entries: [Entry]) -> [Entry] {
    let rows = entries.compactMap { entry in values[entry.dn].map { (entry, $0) } }
    return rows.enumerated().sorted { left, right in
      order(left.element.1, right.element.1) ?? (left.offset < right.offset)
    }.map(\.element.0)
  }

  /// The position of the first entry at or behind a value of the first key; the count where there is none.
  func position(of value: [UInt8], in entries: [Entry]) -> Int {
    guard let key = keys.first else { return entries.count }
    let target = key.rule.prepare(value)
    let found = entries.firstIndex { entry in
      guard let value = values[entry.dn]?.first.flatMap(\.self) else { return !key.isReversed }
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

  /// The smallest value counts (RFC 2891 §2).
  private static func smallest(_ attribute: AttributeDescription, _ rule: SortRule, _ entry: Entry) -> [UInt8]? {
    entry.values(attribute).map(rule.prepare).min(by: rule.isLess)
  }
}

/// Why entries cannot be sorted, in the form that the client gets.
struct SortFailure: Error {
  let outcome: SortOutcome
}
