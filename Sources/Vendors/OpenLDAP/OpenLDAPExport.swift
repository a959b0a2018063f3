import ConnectorCore

/// What slapd says of writing.
enum OpenLDAPExport {
  /// Each change gives an entry another entryCSN; what the overlays memberof and refint write does not.
  static let facts: ExportFacts = {
    var facts = ExportFacts()
    facts.versionAttribute = "entryCSN"
    facts.password.remark =
      "A password written into userPassword is stored as it was sent, unless ppolicy_hash_cleartext is on; by the password "
      + "modify operation, which is used where the server lists it, it is hashed."
    facts.accountState = AccountState(
      "pwdAccountLockedTime", disabled: "000001010000Z", enabled: nil,
      proof: "A bind of a locked account ends with invalidCredentials (49).",
      needs:
        "the overlay ppolicy on the partition's database, and a password policy with pwdLockout TRUE for the account; without "
        + "it the value has no effect")
    return facts
  }()
}
