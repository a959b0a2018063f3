import ConnectorCore
import ConnectorTesting
import TestSupport

/// Carries a plan out request by request, each wave in an order of chance, as a server that takes nothing wrong.
struct PlanExecutor {
  var random = SeededGenerator(seed: 1)
  /// Whether a value that names an entry must find it, where the entry will be there in the end.
  var final: Set<String>?

  struct Refusal: Error, CustomStringConvertible {
    var operation: PlannedOperation
    var reason: String
    var description: String { "\(operation.number) \(operation.kind) \(operation.dn): \(reason)" }
  }

  mutating func carryOut(_ plan: ExportPlan, in directory: MemoryDirectory, _ changes: [DesiredChange]) throws {
    let secrets = Dictionary(changes.compactMap(\.password).map { ($0.line, $0.secret) }) { first, _ in first }
    for (index, operation) in plan.operations.enumerated() {
      guard operation.number == index + 1 else { throw Refusal(operation: operation, reason: "the number is wrong") }
      let isLater = operation.after.allSatisfy { plan.operations[$0 - 1].wave < operation.wave }
      guard isLater else { throw Refusal(operation: operation, reason: "needs one of its own wave") }
    }
    for wave in Set(plan.operations.map(\.wave)).sorted() {
      for operation in plan.operations.filter({ $0.wave == wave }).shuffled(using: &random) {
        do {
          try carryOut(operation, in: directory, secrets)
        } catch let error as DirectoryError {
          throw Refusal(operation: operation, reason: error.description)
        }
      }
    }
  }

  private func carryOut(
    _ operation: PlannedOperation, in directory: MemoryDirectory, _ secrets: [Int: Secret]
  ) throws {
    if operation.state != nil, operation.id != nil,
      directory.entry(operation.dn)?.attributes.string("entryUUID") != operation.id
    {
      throw Refusal(operation: operation, reason: "another entry is there")
    }
    try requireReferences(operation, directory)
    switch operation.kind {
    case .password:
      guard var entry = directory.entry(operation.dn), let line = operation.secret?.line, let secret = secrets[line]
      else { throw Refusal(operation: operation, reason: "no entry, or no password") }
      entry.attributes["userPassword"] = [secret.withBytes { $0 }]
      directory.change { $0.put(entry) }
    default: try directory.apply(record(operation, secrets))
    }
    try requireMembers(operation, directory)
  }

  private func record(_ operation: PlannedOperation, _ secrets: [Int: Secret]) -> LDIFRecord {
    var record = LDIFRecord(dn: operation.dn)
    switch operation.kind {
    case .add:
      record.change = .add
      record.attributes = (operation.attributes ?? []).flatMap { attribute in
        attribute.values.map { (AttributeDescription(attribute.name), $0.bytes) }
      }
      if let line = operation.secret?.line, let secret = secrets[line] {
        record.attributes.append(("userPassword", secret.withBytes { $0 }))
      }
    case .modify:
      record.change = .modify(
        (operation.modifications ?? []).map { step in
          LDIFModification(
            LDIFModification.Operation(rawValue: step.operation.rawValue) ?? .replace,
            AttributeDescription(step.attribute), step.values.map(\.bytes))
        })
    case .rename:
      guard let rename = operation.rename else { break }
      record.change = .rename(
        newRDN: rename.newRDN, deleteOldRDN: rename.deleteOldRDN, newSuperior: rename.newSuperior)
    case .delete, .password: record.change = .delete
    case .deleteTree:
      record.change = .delete
      record.controls = [Control(WellKnownOIDs.treeDelete, isCritical: true)]
    }
    return record
  }

  /// Like a server that keeps references whole: what is named must be there.
  private func requireReferences(_ operation: PlannedOperation, _ directory: MemoryDirectory) throws {
    guard let final else { return }
    let dns = DNNormalizer(schema: PlanSchema.schema)
    let added =
      (operation.attributes ?? []).map { ($0.name, $0.values) }
      + (operation.modifications ?? []).filter { $0.operation != .delete }.map { ($0.attribute, $0.values) }
    for (name, values) in added where PlanSchema.schema.attributeType(name)?.isDNValued ?? false {
      for dn in values.compactMap(\.text) {
        guard let key = try? dns.key(of: dn), final.contains(key), dn != operation.dn else { continue }
        guard directory.entry(dn) == nil else { continue }
        throw Refusal(operation: operation, reason: "\(name) names \(dn), which is not there yet")
      }
    }
  }

  private func requireMembers(_ operation: PlannedOperation, _ directory: MemoryDirectory) throws {
    guard let entry = directory.entry(operation.dnAfter), operation.kind != .delete else { return }
    if entry.attributes.strings("objectClass").contains("groupOfNames"), entry.attributes["member"].isEmpty {
      throw Refusal(operation: operation, reason: "a group without members")
    }
    for value in ["employeeNumber", "manager"] where entry.attributes[AttributeDescription(value)].count > 1 {
      throw Refusal(operation: operation, reason: "\(value) has two values")
    }
  }
}
