import ConnectorCore

extension EDirectory {
  /// A membership stands in four attributes, and whoever writes one of them writes all.
  static let export: ExportFacts = {
    var facts = ExportFacts()
    facts.keptInStep = [
      CompanionAttribute(of: "member", companion: "equivalentToMe", isAtTarget: false),
      CompanionAttribute(of: "member", companion: "groupMembership", isAtTarget: true),
      CompanionAttribute(of: "member", companion: "securityEquals", isAtTarget: true),
    ]
    facts.password.remark =
      "The password policy of the account's container decides whether a password is taken; passwords want TLS unless the "
      + "LDAP group object allows clear text."
    facts.accountState = AccountState(
      "loginDisabled", disabled: "TRUE", enabled: "FALSE",
      proof: "A bind of a disabled account with the right password ends with unwillingToPerform (53), NDS error -220.")
    return facts
  }()
}
