import ConnectorCore

extension ImportScope {
  /// The scope of a configured partition on a server that an adapter serves.
  init(
    _ partition: Configuration.Partition, of configuration: Configuration, adapter: VendorAdapter, schema: Schema
  ) {
    self.init(partition: partition.dn, schema: schema)
    include = partition.include
    exclude = partition.exclude
    searchesOnlyContainers = partition.searchOnlySelectedContainers
    objectClasses = configuration.schema.objectClasses
    selection = AttributeSelection(
      attributes: configuration.schema.attributes.map { AttributeDescription($0) },
      aliases: configuration.schema.attributeAliases.map { AttributeDescription($0) },
      includesOperational: configuration.schema.includeOperationalAttributes,
      secrets: configuration.secretAttributes(adapter))
    selection.computed = adapter.computedAttributes
    anchor = configuration.anchorPolicy(adapter: adapter, schema: schema)
    immutableID = adapter.immutableID
    nonObjects = adapter.nonObjects
    linked = adapter.linkedAttributes
    let reading = configuration.import.reading(adapter)
    (pageSize, sortKey) = (reading.pageSize, reading.sortKey)
    budget = DeleteBudget(count: configuration.deleteBudget.count, percent: configuration.deleteBudget.percent)
    attributeLossShare = configuration.import.attributeLossShare
    limitsRemedy = adapter.limitsRemedy
    account = configuration.bind.dn?.string ?? "anonymous"
  }
}

extension Configuration {
  /// The attribute that holds the password.
  func passwordAttribute(_ adapter: VendorAdapter) -> AttributeDescription {
    export.passwordAttribute.map { AttributeDescription($0) } ?? adapter.passwordAttribute
  }

  /// Attributes that hold secrets, the password's own included.
  func secretAttributes(_ adapter: VendorAdapter) -> [AttributeDescription] {
    [passwordAttribute(adapter), adapter.passwordAttribute, "userPassword", "authPassword"] + adapter.secretAttributes
  }

  /// The anchor that the configuration asks for, or else the adapter's.
  func anchorPolicy(adapter: VendorAdapter, schema: ConnectorCore.Schema) -> AnchorPolicy {
    guard let anchor = self.import.anchor else { return adapter.anchor }
    if anchor.lowercased() == "dn" { return .dn }
    let attribute = AttributeDescription(anchor)
    if let id = adapter.immutableID, id.attribute == attribute { return .attribute(id) }
    let isBinary = schema.attributeType(attribute.type)?.isBinary ?? false
    return .attribute(ImmutableID(attribute, form: isBinary ? .hexadecimal : .text))
  }

  /// What the configuration decides against detection, or in its place.
  func forcedChoices(against description: ServerDescription) -> [String] {
    var choices: [String] = []
    if let adapter, description.detected != adapter { choices.append("adapter: \(adapter)") }
    if let method = self.import.deltaMethod { choices.append("import.deltaMethod: \(method)") }
    if let log = self.import.changeLogDN { choices.append("import.changeLogDN: \(log)") }
    if let anchor = self.import.anchor { choices.append("import.anchor: \(anchor)") }
    return choices
  }
}
