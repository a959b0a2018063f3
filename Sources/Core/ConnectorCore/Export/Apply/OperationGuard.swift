/// Sees to it that no entry is written that changed since the plan was made.
struct OperationGuard {
  /// How the entries are watched.
  enum Way: String, Sendable {
    case assertion = "guarded by the assertion control"
    case reading = "guarded by reading again just before"
  }

  /// The most values that one assertion names.
  private static let values = 20

  private let scope: ExportScope
  private let immutableID: ImmutableID?
  private let offersAssertion: Bool
  private let key: ContentHashKey

  init(_ scope: ExportScope, _ partition: ImportScope, key: ContentHashKey) {
    self.scope = scope
    self.key = key
    immutableID = partition.immutableID
    offersAssertion = scope.offers(WellKnownOIDs.assertion)
  }

  /// Whether the entry must be read just before: no assertion can watch it, or the control does not go with the request.
  func needsReading(_ operation: PlannedOperation) -> Bool {
    guard operation.state != nil else { return false }
    return !offersAssertion || operation.kind == .password || operation.kind == .deleteTree
  }

  /// The assertion that goes with an operation (RFC 4528); nil where there is nothing to assert.
  ///
  /// - Parameter isRead: the entry was read and is as it was planned with, so that its version does not matter.
  func assertion(_ operation: PlannedOperation, isRead: Bool) -> Filter? {
    guard offersAssertion, [.modify, .rename, .delete].contains(operation.kind) else { return nil }
    var filters: [Filter] = []
    if let id = operation.id, let immutableID, immutableID.form == .text, !id.hasPrefix("dn:") {
      filters.append(immutableID.filter(for: id))
    }
    if let state = operation.state, !isRead { filters += version(state, operation) }
    return filters.count > 1 ? .and(filters) : filters.first
  }

  private func version(_ state: PlannedState, _ operation: PlannedOperation) -> [Filter] {
    guard let name = state.versionAttribute, let version = state.version else { return touched(operation) }
    let filter = Filter.equal(AttributeDescription(name), version)
    // Two changes of one second have the same time.
    return name.lowercased() == "modifytimestamp" ? [filter] + touched(operation) : [filter]
  }

  /// The values that go, as far as they can be compared.
  private func touched(_ operation: PlannedOperation) -> [Filter] {
    let filters = (operation.modifications ?? []).flatMap { step -> [Filter] in
      let attribute = AttributeDescription(step.attribute)
      guard scope.schema.attributeType(attribute.type)?.equality != nil else { return [] }
      let going = step.operation == .delete && !step.values.isEmpty ? step.values : step.before ?? []
      return going.map { .equal(attribute, $0.bytes) }
    }
    return Array(filters.prefix(Self.values))
  }

  /// Why an entry must not be written; nil where it is as it was planned with.
  func objection(_ operation: PlannedOperation, _ answer: ReadAnswer) -> String? {
    switch answer {
    case .failed(let error): return "it could not be read just before: \(error)"
    case .absent: return "it is not there any more"
    case .entry(let entry):
      if let id = operation.id, let immutableID, let found = immutableID.value(of: entry),
        found.lowercased() != id.lowercased()
      {
        return "another entry has its DN now"
      }
      guard let state = operation.state else { return nil }
      return scope.state(of: entry, key: key).fingerprint == state.fingerprint
        ? nil : "its attributes are not what they were"
    }
  }
}
