/// What an export may touch and how, as configuration and detection say.
package struct ExportScope: Sendable {
  /// The selected partitions and containers, as imports have them.
  package var partitions: [ImportScope]
  package var facts: ExportFacts
  /// The product's name as its maker writes it.
  package var product: String
  package var schema: Schema
  /// OIDs of controls, extended operations and features that may be used here.
  package var capabilities: Set<String>
  /// The attribute that holds the password.
  package var passwordAttribute: AttributeDescription = "userPassword"
  /// Attributes that hold secrets, the password's own included; never in a plan.
  package var secretAttributes: [AttributeDescription] = ["userPassword"]
  /// Whether one tree delete takes the place of many deletes, where the server does it.
  package var usesTreeDelete = false
  /// What a group holds that must have a member and shall have none; nil for the group's own DN.
  package var emptyGroupMember: DN?
  /// The class of a missing parent by the type of its RDN.
  package var hierarchy: [ProvisioningRule] = ProvisioningRule.usual
  /// Whether the connection is protected, so that passwords may travel.
  package var isProtected = false
  /// Whether passwords may travel in clear all the same.
  package var allowsClearTextPasswords = false
  /// Deletes that the operator allows beyond the budget, for each partition; nil leaves it to the budget.
  package var allowedDeletes: Int?

  package init(
    partitions: [ImportScope], facts: ExportFacts, product: String, schema: Schema, capabilities: Set<String>
  ) {
    self.partitions = partitions
    self.facts = facts
    self.product = product
    self.schema = schema
    self.capabilities = capabilities
  }

  /// Whether the server takes the control, extended operation or feature.
  package func offers(_ oid: String) -> Bool { capabilities.contains(oid) }
}

/// Which class an entry of the provisioning hierarchy gets, by the type of its RDN.
package struct ProvisioningRule: Hashable, Sendable {
  /// Such as `ou`.
  package var type: String
  /// Such as `organizationalUnit`.
  package var objectClass: String

  package init(_ type: String, _ objectClass: String) {
    self.type = type
    self.objectClass = objectClass
  }

  /// The classes that RFC 4519 §3 and RFC 2247 §5.1 have for them; `dc` gets RFC 4524's domain.
  package static let usual: [ProvisioningRule] = [
    ProvisioningRule("ou", "organizationalUnit"), ProvisioningRule("o", "organization"),
    ProvisioningRule("c", "country"), ProvisioningRule("l", "locality"), ProvisioningRule("st", "locality"),
    ProvisioningRule("dc", "domain"),
  ]
}
