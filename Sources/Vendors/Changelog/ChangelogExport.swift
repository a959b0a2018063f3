import ConnectorCore

/// What families of code say of writing.
extension CodeBase {
  /// Servers made of Netscape's code.
  static let netscapeExport: ExportFacts = {
    var facts = ExportFacts()
    facts.keepsStructuralClass = false
    facts.accountState = AccountState(
      "nsAccountLock", disabled: "TRUE", enabled: nil,
      proof: "A bind of an inactivated account ends with unwillingToPerform (53), “Account inactivated”.")
    return facts
  }()

  /// Servers made of OpenDS's code, and PingDirectory, which took its account flags.
  static let openDSExport: ExportFacts = {
    var facts = ExportFacts()
    facts.password.remark =
      "To set passwords of others the connector's account needs the privilege password-reset "
      + "(`ds-privilege-name: password-reset`)."
    facts.accountState = AccountState(
      "ds-pwp-account-disabled", disabled: "true", enabled: nil,
      proof: "A bind of a disabled account ends with invalidCredentials (49).")
    return facts
  }()
}

extension DirectoryServer389 {
  static let export: ExportFacts = {
    var facts = CodeBase.netscapeExport
    facts.password.passwordModifyNeedsTLS = true
    facts.password.remark = "The password modify operation works over TLS alone; else the attribute is written."
    return facts
  }()
}

extension SunDirectory {
  var export: ExportFacts {
    var facts = CodeBase.netscapeExport
    switch self {
    case .sunONE:
      facts.moveRefusal = "this release renames entries where they are, and cannot move them below another parent"
    case .enterpriseEdition: break
    }
    return facts
  }
}

extension IBMDirectory {
  static let export: ExportFacts = {
    var facts = ExportFacts()
    facts.accountState = AccountState(
      "ibm-pwdAccountLocked", disabled: "TRUE", enabled: "FALSE", proof: "A bind of a locked account is refused.",
      needs: "password policies switched on, and write access to attributes of the class critical")
    return facts
  }()
}

extension RadiantOne {
  static let export: ExportFacts = {
    var facts = ExportFacts()
    // What may be written, the back end of each context says.
    facts.publishesPartOfSchema = true
    facts.password.remark = "Whether and how a password can be set depends on the back end of the context."
    return facts
  }()
}
