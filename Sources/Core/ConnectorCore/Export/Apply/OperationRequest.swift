/// Makes requests out of planned operations.
struct OperationRequests {
  let scope: ExportScope
  let passwords: PasswordRequest
  let secrets: @Sendable (SecretReference) -> Secret?

  init(_ scope: ExportScope, secrets: @escaping @Sendable (SecretReference) -> Secret?) {
    self.scope = scope
    self.secrets = secrets
    passwords = PasswordRequest(scope)
  }

  /// The request without guard and post-read.
  /// - Throws: `OperationProblem` for an operation that cannot be sent as it stands.
  func request(_ operation: PlannedOperation) throws(OperationProblem) -> WriteRequest {
    let secret = try secret(of: operation)
    switch operation.kind {
    case .add: return add(operation, secret)
    case .modify:
      let steps = operation.modifications ?? []
      let controls = scope.offers(WellKnownOIDs.permissiveModify) ? [Self.permissiveModify] : []
      return .modify(operation.dn, steps.map(\.step), controls: controls)
    case .rename:
      guard let rename = operation.rename else { throw OperationProblem("the plan does not say how to rename it") }
      return .rename(
        operation.dn, to: rename.newRDN, deleteOldRDN: rename.deleteOldRDN, newSuperior: rename.newSuperior)
    case .delete: return .delete(operation.dn)
    case .deleteTree:
      return .delete(operation.dn, controls: [Control(WellKnownOIDs.treeDelete, isCritical: true)])
    case .password:
      guard let secret else { throw OperationProblem("the plan does not say which password") }
      return passwords.set(operation.dn, to: secret, isHashed: operation.isHashedSecret ?? false)
    }
  }

  /// Critical, because a step that is not permitted otherwise would fail anyhow.
  private static let permissiveModify = Control(WellKnownOIDs.permissiveModify, isCritical: true)

  private func add(_ operation: PlannedOperation, _ secret: Secret?) -> WriteRequest {
    var attributes = (operation.attributes ?? []).map { (AttributeDescription($0.name), $0.values.map(\.bytes)) }
    if let secret { attributes.append(passwords.attribute(for: secret, isHashed: operation.isHashedSecret ?? false)) }
    return .add(operation.dn, attributes)
  }

  private func secret(of operation: PlannedOperation) throws(OperationProblem) -> Secret? {
    guard let reference = operation.secret else { return nil }
    if let secret = secrets(reference) { return secret }
    throw OperationProblem("its password is not at hand: line \(reference.line) of the input no longer has it")
  }
}

/// Why an operation cannot be sent.
struct OperationProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension PlannedModification {
  var step: LDIFModification {
    let kind: LDIFModification.Operation =
      switch operation {
      case .add: .add
      case .delete: .delete
      case .replace: .replace
      }
    return LDIFModification(kind, AttributeDescription(attribute), values.map(\.bytes))
  }
}
