import ConnectorCore

extension DirectoryModel {
  /// The entry with all steps of a modification made, in order (RFC 4511 §4.6).
  /// - Parameter isPermissive: whether values that are there may be added, and missing ones deleted.
  func modified(
    _ entry: MemoryEntry, _ steps: [LDIFModification], isPermissive: Bool = false
  ) throws(DirectoryError) -> MemoryEntry {
    var entry = entry
    let operation = "modify of \(entry.dn)"
    for step in steps {
      switch step.operation {
      case .add: try add(isPermissive ? missing(step, entry) : step, to: &entry, operation)
      case .delete where isPermissive && present(step, entry).values.isEmpty && !step.values.isEmpty: break
      case .delete where isPermissive && entry.attributes[step.attribute].isEmpty: break
      case .delete: try delete(isPermissive ? present(step, entry) : step, from: &entry, operation)
      case .replace: entry.attributes[step.attribute] = step.values
      case .increment: try increment(step, in: &entry, operation)
      }
    }
    guard !entry.attributes["objectClass"].isEmpty else {
      throw failure(.init(rawValue: 65), operation, "no objectClass would be left")
    }
    for assertion in (try? DN(entry.dn))?.rdns.first?.assertions ?? [] {
      let name = AttributeDescription(assertion.type)
      guard !entry.attributes[name].contains(where: { matching.areEqual($0, assertion.value, name) }) else { continue }
      throw failure(.init(rawValue: 67), operation, "the value of \(name) names the entry")
    }
    return entry
  }

  /// The values of the step that the entry lacks.
  private func missing(_ step: LDIFModification, _ entry: MemoryEntry) -> LDIFModification {
    var step = step
    step.values.removeAll { value in
      entry.attributes[step.attribute].contains { matching.areEqual($0, value, step.attribute) }
    }
    return step
  }

  /// The values of the step that the entry has.
  private func present(_ step: LDIFModification, _ entry: MemoryEntry) -> LDIFModification {
    var step = step
    step.values.removeAll { value in
      !entry.attributes[step.attribute].contains { matching.areEqual($0, value, step.attribute) }
    }
    return step
  }

  private func add(
    _ step: LDIFModification, to entry: inout MemoryEntry, _ operation: String
  ) throws(DirectoryError) {
    for value in step.values {
      if entry.attributes[step.attribute].contains(where: { matching.areEqual($0, value, step.attribute) }) {
        throw failure(.init(rawValue: 20), operation, "\(step.attribute) has this value already")
      }
      entry.attributes[step.attribute].append(value)
    }
  }

  private func delete(
    _ step: LDIFModification, from entry: inout MemoryEntry, _ operation: String
  ) throws(DirectoryError) {
    let missing = failure(.noSuchAttribute, operation, "\(step.attribute) has no such value")
    guard !entry.attributes[step.attribute].isEmpty else { throw missing }
    if step.values.isEmpty { entry.attributes[step.attribute] = [] }
    for value in step.values {
      let index = entry.attributes[step.attribute].firstIndex { matching.areEqual($0, value, step.attribute) }
      guard let index else { throw missing }
      entry.attributes[step.attribute].remove(at: index)
    }
  }

  /// Adds a number to every value (RFC 4525).
  private func increment(
    _ step: LDIFModification, in entry: inout MemoryEntry, _ operation: String
  ) throws(DirectoryError) {
    func number(_ value: [UInt8]) -> Int64? { Int64(String(decoding: value, as: UTF8.self)) }
    guard let by = step.values.first.flatMap(number), step.values.count == 1 else {
      throw failure(.protocolError, operation, "an increment needs one number")
    }
    guard !entry.attributes[step.attribute].isEmpty else {
      throw failure(.noSuchAttribute, operation, "there is no \(step.attribute)")
    }
    let sums = entry.attributes[step.attribute].map { number($0).map { $0.addingReportingOverflow(by) } }
    guard sums.allSatisfy({ $0.map { !$0.overflow } ?? false }) else {
      throw failure(.constraintViolation, operation, "\(step.attribute) cannot be incremented by \(by)")
    }
    entry.attributes[step.attribute] = sums.compactMap { $0.map { Array(String($0.partialValue).utf8) } }
  }
}
