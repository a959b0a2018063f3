import ConnectorCore

extension ActiveDirectory {
  /// What the whole family says of writing.
  static let export: ExportFacts = {
    var facts = ExportFacts()
    facts.mustDeleteOldRDN = true
    facts.publishesPartOfSchema = true
    facts.versionAttribute = "uSNChanged"
    // The published schema has no flags for them.
    facts.keptByServer = [
      "canonicalName", "createTimeStamp", "distinguishedName", "dSCorePropagationData", "isDeleted", "memberOf",
      "modifyTimeStamp", "name", "objectGUID", "objectSid", "uSNChanged", "uSNCreated", "whenChanged", "whenCreated",
    ]
    facts.filledInByServer = ["instanceType", "nTSecurityDescriptor", "objectCategory", "objectSid", "sAMAccountName"]
    facts.password.encoding = .quotedUTF16
    facts.password.usesPasswordModify = false
    facts.password.change = .deleteAndAdd
    return facts
  }()

  /// The reason on the ports of a global catalog.
  static func catalogRefusal(_ evidence: ServerEvidence) -> String? {
    guard let port = evidence.port, catalogPorts.contains(port) else { return nil }
    return "port \(port) is the global catalog, which is read-only. Write to port 389, or 636 with TLS, of a domain "
      + "controller of the entry's own domain."
  }
}

extension ADLDS {
  static let export: ExportFacts = {
    var facts = ActiveDirectory.export
    facts.password.remark =
      "Passwords are taken over TLS or a sealed connection alone, unless the instance's dSHeuristics "
      + "(fAllowPasswordOperationsOverNonSecureConnection) allows it without."
    facts.accountState = AccountState(
      "msDS-UserAccountDisabled", disabled: "TRUE", enabled: "FALSE",
      proof: "A bind of a disabled account ends with invalidCredentials (49), data 533.",
      needs: "a valid password before an account can be enabled, where the machine's password policy asks for one")
    return facts
  }()
}

extension GlobalCatalog {
  static let export: ExportFacts = {
    var facts = ActiveDirectory.export
    facts.refusal = { _ in
      "the global catalog is read-only, and holds a part of each entry alone. Write to a domain controller of the entry's "
        + "own domain with your identity system's own connector for Active Directory."
    }
    return facts
  }()
}

extension Samba {
  static let export: ExportFacts = {
    var facts = ActiveDirectory.export
    facts.refusal = { ActiveDirectory.catalogRefusal($0) }
    facts.accountState = AccountState(
      "userAccountControl", disabled: "514", enabled: "512", disabledBit: 2,
      proof: "A bind of a disabled account ends with invalidCredentials (49).")
    return facts
  }()
}
