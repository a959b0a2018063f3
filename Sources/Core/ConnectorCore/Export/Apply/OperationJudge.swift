/// Tells from the directory as it stands whether an operation was carried out, whose answer nobody got.
struct OperationJudge {
  enum Verdict: Equatable {
    case done
    case notDone
    /// It could not be read.
    case unknown(String)
  }

  /// What stands at the names that an operation is about.
  struct Sight {
    /// At the DN after the operation.
    var after: ReadAnswer
    /// Of a rename: at the DN before it.
    var before: ReadAnswer?
  }

  let immutableID: ImmutableID?
  /// Made once: it holds a table of all that the schema defines.
  private let values: ComparableValues

  init(schema: Schema, immutableID: ImmutableID?) {
    self.immutableID = immutableID
    values = ComparableValues(schema)
  }

  /// The attributes that a judge must see.
  static func attributes(for operations: [PlannedOperation], _ immutableID: ImmutableID?) -> [String] {
    var names = ["*"] + [immutableID?.attribute.string].compactMap(\.self)
    var seen = Set(names.map { $0.lowercased() })
    for operation in operations {
      for name in operation.attributeNames where seen.insert(name.lowercased()).inserted { names.append(name) }
    }
    return names
  }

  /// The verdict on any operation but that on a password.
  func verdict(_ operation: PlannedOperation, _ sight: Sight) -> Verdict {
    switch operation.kind {
    case .add: judge(sight.after) { entry in entry.map { holds(operation.attributes ?? [], $0) } ?? false }
    case .modify:
      judge(sight.after) { entry in
        guard let entry, isMeant(operation, entry) else { return false }
        return AttributeExpectations(operation.modifications ?? [], values).hold(in: entry)
      }
    case .rename: renamed(operation, sight)
    case .delete, .deleteTree: judge(sight.after) { entry in entry.map { !isMeant(operation, $0) } ?? true }
    case .password: .unknown("a password is judged by a bind")
    }
  }

  /// Whether the entry is the one that the plan means.
  func isMeant(_ operation: PlannedOperation, _ entry: Entry) -> Bool {
    guard let id = operation.id, let immutableID, let found = immutableID.value(of: entry) else { return true }
    return found.lowercased() == id.lowercased()
  }

  private func renamed(_ operation: PlannedOperation, _ sight: Sight) -> Verdict {
    if operation.id != nil && immutableID != nil {
      return judge(sight.after) { entry in entry.map { isMeant(operation, $0) } ?? false }
    }
    return switch (sight.before, sight.after) {
    case (.absent?, .entry), (nil, .entry): .done
    case (.failed(let error)?, _), (_, .failed(let error)): .unknown(error.description)
    default: .notDone
    }
  }

  private func judge(_ answer: ReadAnswer, _ test: (Entry?) -> Bool) -> Verdict {
    switch answer {
    case .failed(let error): .unknown(error.description)
    case .absent: test(nil) ? .done : .notDone
    case .entry(let entry): test(entry) ? .done : .notDone
    }
  }

  private func holds(_ attributes: [PlannedAttribute], _ entry: Entry) -> Bool {
    let steps = attributes.map { PlannedModification(.add, $0.name, $0.values) }
    return AttributeExpectations(steps, values).hold(in: entry)
  }
}

extension PlannedOperation {
  /// The attributes that it deals with.
  var attributeNames: [String] { (attributes ?? []).map(\.name) + (modifications ?? []).map(\.attribute) }
}

/// What attributes look like after a modify, as far as the modify says.
struct AttributeExpectations {
  private struct Expectation {
    /// Whether nothing but `there` may be there.
    var isExact = false
    var there: Set<[UInt8]> = []
    var gone: Set<[UInt8]> = []
  }

  private let values: ComparableValues
  private var expectations: [AttributeDescription: Expectation] = [:]

  init(_ steps: [PlannedModification], _ values: ComparableValues) {
    self.values = values
    for step in steps {
      let attribute = AttributeDescription(step.attribute)
      let prepared = Set(step.values.map { values.prepare($0.bytes, of: attribute) })
      var expectation = expectations[attribute] ?? Expectation()
      switch step.operation {
      case .replace: expectation = Expectation(isExact: true, there: prepared)
      case .delete where prepared.isEmpty: expectation = Expectation(isExact: true)
      case .delete:
        expectation.there.subtract(prepared)
        expectation.gone.formUnion(prepared)
      case .add:
        expectation.gone.subtract(prepared)
        expectation.there.formUnion(prepared)
      }
      expectations[attribute] = expectation
    }
  }

  func hold(in entry: Entry) -> Bool {
    expectations.allSatisfy { attribute, expectation in
      let found = Set(entry.values(attribute).map { values.prepare($0, of: attribute) })
      if expectation.isExact { return found == expectation.there }
      return expectation.there.isSubset(of: found) && expectation.gone.isDisjoint(with: found)
    }
  }
}

/// Values in the form in which equal ones are the same bytes, as the schema compares them.
struct ComparableValues {
  private let schema: Schema
  private let dns: DNNormalizer

  init(_ schema: Schema) {
    self.schema = schema
    dns = DNNormalizer(schema: schema)
  }

  func prepare(_ value: [UInt8], of attribute: AttributeDescription) -> [UInt8] {
    let type = schema.attributeType(attribute.type)
    let rule = type?.equalityRule ?? (type == nil ? .ignoreCase : .octets)
    if rule == .distinguishedName || type?.isDNValued ?? false,
      let key = try? dns.key(of: String(decoding: value, as: UTF8.self))
    {
      return Array(key.utf8)
    }
    return rule.prepare(value)
  }
}
