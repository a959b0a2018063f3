import ConnectorCore

extension DetectReport {
  /// What can be written to the server, and how.
  package struct Export: Sendable, Encodable, Equatable {
    package struct Account: Sendable, Encodable, Equatable {
      package var attribute: String
      package var disabled: String
      /// Nil where the attribute is then not there.
      package var enabled: String?
      /// Set for a bit of a number.
      package var bit: Int?
      package var proof: String
      package var needs: String?
    }

    package var writable: Bool
    /// Why nothing can be written, and where to write instead.
    package var refusal: String?
    /// How a password is set.
    package var passwordSet: String
    /// How a password is changed by somebody who knows the old one.
    package var passwordChange: String
    package var passwordRemark: String?
    /// Nil where no way is known.
    package var account: Account?
    /// Why entries cannot get a new parent; nil where they can.
    package var moveRefusal: String?
  }
}

extension DetectReport.Export {
  /// - Returns: nil where no adapter serves.
  init?(_ description: ServerDescription) {
    guard let adapter = description.adapter else { return nil }
    let (facts, attribute) = (adapter.export, adapter.passwordAttribute.string)
    let offers = description.offers(extendedOperation: WellKnownOIDs.passwordModify)
    refusal = facts.refusal(description.evidence)
    writable = refusal == nil
    passwordSet = facts.password.set(attribute, offers)
    passwordChange = facts.password.changed(attribute, offers)
    passwordRemark = facts.password.remark
    moveRefusal = facts.moveRefusal
    account = facts.accountState.map { state in
      Account(
        attribute: state.attribute.string, disabled: state.disabled, enabled: state.enabled, bit: state.disabledBit,
        proof: state.proof, needs: state.needs)
    }
  }

  /// The facts for a person.
  var lines: [String] {
    if let refusal { return ["Export: none. \(refusal.prefix(1).uppercased() + refusal.dropFirst())"] }
    let remarks = [passwordRemark, moveRefusal.map { "No moves: \($0)" }].compactMap(\.self)
    return [
      "Export: entries can be written", "  Password set by: \(passwordSet)", "  Password changed by: \(passwordChange)",
    ]
      + [account?.line ?? "  Account state: no attribute is known"] + (account?.details ?? [])
      + remarks.map { "  \($0)" }
  }
}

extension DetectReport.Export.Account {
  fileprivate var line: String {
    if let bit { return "  Account state: \(attribute), bit \(bit) set means disabled" }
    return "  Account state: \(attribute), disabled \(disabled), enabled \(enabled ?? "where it is not there")"
  }

  fileprivate var details: [String] { ["    \(proof)"] + (needs.map { ["    Needs \($0)."] } ?? []) }
}

extension PasswordFacts {
  private static let operation = "the password modify operation (RFC 3062)"

  fileprivate func set(_ attribute: String, _ offersOperation: Bool) -> String {
    guard usesPasswordModify, offersOperation else { return "writing \(attribute)" }
    return passwordModifyNeedsTLS ? "\(Self.operation) over TLS, else writing \(attribute)" : Self.operation
  }

  fileprivate func changed(_ attribute: String, _ offersOperation: Bool) -> String {
    switch change {
    case .deleteAndAdd: "deleting the old value of \(attribute) and adding the new one"
    case .passwordModify where offersOperation: Self.operation
    case .passwordModify, .verifiedByBind: "a bind with the old password, then setting the new one"
    }
  }
}
