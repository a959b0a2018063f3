import ConnectorCore

extension ExportScope {
  /// The scope of a configuration on a server that an adapter serves.
  init(_ configuration: Configuration, adapter: VendorAdapter, evidence: ServerEvidence, isProtected: Bool) {
    self.init(
      partitions: configuration.partitions.map {
        ImportScope($0, of: configuration, adapter: adapter, schema: evidence.schema)
      }, facts: configuration.exportFacts(adapter), product: adapter.title, schema: evidence.schema,
      capabilities: adapter.capabilities(on: evidence.rootDSE))
    passwordAttribute = configuration.passwordAttribute(adapter)
    secretAttributes = configuration.secretAttributes(adapter)
    usesTreeDelete = configuration.export.treeDelete
    emptyGroupMember = configuration.export.emptyGroupMember
    hierarchy = configuration.export.provisioningHierarchy
    self.isProtected = isProtected
    allowsClearTextPasswords = configuration.export.allowClearTextPasswords
  }
}

extension Configuration {
  /// The adapter's facts; an attribute of the operator's own choice for passwords is written as text and as it is named.
  func exportFacts(_ adapter: VendorAdapter) -> ExportFacts {
    var facts = adapter.export
    guard let own = export.passwordAttribute, AttributeDescription(own) != adapter.passwordAttribute else {
      return facts
    }
    facts.password.encoding = .text
    facts.password.usesPasswordModify = false
    facts.password.change = .verifiedByBind
    return facts
  }
}
