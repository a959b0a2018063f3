import ConnectorCore

/// Whether an entry matches a filter, in the three values of RFC 4511 §4.5.1.7.
struct FilterEvaluation {
  /// What a filter makes of an entry.
  enum Value {
    case isTrue, isFalse, undefined

    init(_ value: Bool) { self = value ? .isTrue : .isFalse }
  }

  let matching: AttributeMatching
  let entry: MemoryEntry

  /// Whether the filter is true; undefined is not.
  func matches(_ filter: Filter) -> Bool { value(of: filter) == .isTrue }

  private func value(of filter: Filter) -> Value {
    switch filter {
    case .and(let filters): joined(filters, ends: .isFalse, else: .isTrue)
    case .or(let filters): joined(filters, ends: .isTrue, else: .isFalse)
    case .not(let filter):
      switch value(of: filter) {
      case .isTrue: .isFalse
      case .isFalse: .isTrue
      case .undefined: .undefined
      }
    case .present(let name): Value(!values(name).isEmpty)
    case .equal(let name, let value), .approximate(let name, let value): equality(name, value)
    case .greaterOrEqual(let name, let value): ordering(name) { matching.isOrdered(value, $0, $1) }
    case .lessOrEqual(let name, let value): ordering(name) { matching.isOrdered($0, value, $1) }
    case .substrings(let name, let initial, let any, let final): substrings(name, initial, any, final)
    case .extensible(let type, let rule, let dnAttributes, let value): extensible(type, rule, dnAttributes, value)
    }
  }

  private func joined(_ filters: [Filter], ends end: Value, else rest: Value) -> Value {
    var result = rest
    for filter in filters {
      let value = value(of: filter)
      if value == end { return end }
      if value == .undefined { result = .undefined }
    }
    return result
  }

  private func values(_ asked: AttributeDescription) -> [(AttributeDescription, [UInt8])] {
    entry.attributes.filter { matching.isMeant($0.0, by: asked) }.flatMap { name, values in values.map { (name, $0) } }
  }

  private func equality(_ name: AttributeDescription, _ value: [UInt8]) -> Value {
    guard matching.prepared(value, for: name) != nil else { return .undefined }
    if name == "objectClass" {
      let asked = String(decoding: value, as: UTF8.self).lowercased()
      return Value(entry.attributes.strings(name).contains { matching.classes($0).contains(asked) })
    }
    return Value(values(name).contains { matching.areEqual($1, value, $0) })
  }

  private func ordering(_ name: AttributeDescription, _ test: ([UInt8], AttributeDescription) -> Bool?) -> Value {
    let verdicts = values(name).map { test($1, $0) }
    if verdicts.contains(true) { return .isTrue }
    return verdicts.contains(nil) ? .undefined : .isFalse
  }

  private func substrings(
    _ name: AttributeDescription, _ initial: [UInt8]?, _ any: [[UInt8]], _ final: [UInt8]?
  ) -> Value {
    let rule = matching.rule(for: name)
    guard rule != .distinguishedName, rule != .integer, rule != .time else { return .undefined }
    return Value(
      values(name).contains { _, value in
        var rest = rule.prepare(value)[...]
        if let initial = initial.map(rule.prepare) {
          guard rest.starts(with: initial) else { return false }
          rest = rest.dropFirst(initial.count)
        }
        if let final = final.map(rule.prepare) {
          guard rest.count >= final.count, rest.suffix(final.count).elementsEqual(final) else { return false }
          rest = rest.dropLast(final.count)
        }
        for part in any.map(rule.prepare) {
          guard let found = rest.firstRange(of: part) else { return false }
          rest = rest[found.upperBound...]
        }
        return true
      })
  }

  /// The rules that every server knows, and bit tests on integers; others are undefined.
  private func extensible(
    _ type: AttributeDescription?, _ rule: String?, _ dnAttributes: Bool, _ value: [UInt8]
  ) -> Value {
    var candidates = type.map { values($0) } ?? entry.attributes.flatMap { name, values in values.map { (name, $0) } }
    if dnAttributes, let dn = try? DN(entry.dn) {
      candidates += dn.rdns.flatMap(\.assertions).map { (AttributeDescription($0.type), $0.value) }
        .filter { name, _ in type.map { matching.isMeant(name, by: $0) } ?? true }
    }
    if let rule, let bits = BitRule(rawValue: rule) { return Value(candidates.contains { bits.holds($1, value) }) }
    guard let rule else { return Value(candidates.contains { matching.areEqual($1, value, $0) }) }
    guard let equality = EqualityRule(rule) else { return .undefined }
    return Value(candidates.contains { equality.prepare($1) == equality.prepare(value) })
  }
}

/// The bit tests that directories of the Active Directory family, and others after them, know by OID.
private enum BitRule: String {
  case and = "1.2.840.113556.1.4.803"
  case or = "1.2.840.113556.1.4.804"

  func holds(_ value: [UInt8], _ asked: [UInt8]) -> Bool {
    guard let value = Int64(String(decoding: value, as: UTF8.self)),
      let asked = Int64(String(decoding: asked, as: UTF8.self))
    else { return false }
    return self == .and ? value & asked == asked : value & asked != 0
  }
}
