/// Which attributes the connector space holds, and what a search must ask for to get them.
package struct AttributeSelection: Hashable, Sendable {
  /// Attribute descriptions from configuration; empty means all user attributes.
  package var attributes: [AttributeDescription]
  /// Descriptions with options that the schema does not show (RFC 4522), such as `userCertificate;binary`.
  package var aliases: [AttributeDescription]
  /// Whether operational attributes are held too.
  package var includesOperational: Bool
  /// Attributes that are never held unless `attributes` names them: passwords and their histories.
  package var secrets: [AttributeDescription]
  /// Attributes that the server makes up when it is asked, and that change without a record; never held unless
  /// `attributes` names them.
  package var computed: [AttributeDescription] = []

  package init(
    attributes: [AttributeDescription] = [], aliases: [AttributeDescription] = [], includesOperational: Bool = false,
    secrets: [AttributeDescription] = ["userPassword", "authPassword"]
  ) {
    self.attributes = attributes
    self.aliases = aliases
    self.includesOperational = includesOperational
    self.secrets = secrets
  }

  /// The attribute list of a search that also needs `identity`, the attributes of ID and anchor.
  package func request(identity: [AttributeDescription]) -> [String] {
    var list = attributes.isEmpty ? ["*"] : ["objectClass"] + attributes.map(\.string)
    if includesOperational { list.append("+") }
    var seen = Set<String>()
    return (list + (aliases + identity).map(\.string)).filter { seen.insert($0.lowercased()).inserted }
  }

  /// Whether a returned attribute is held; `identity` attributes are asked for but held only when selected.
  package func holds(_ name: AttributeDescription, identity: [AttributeDescription]) -> Bool {
    let type = AttributeDescription(name.type)
    if attributes.contains(name) || attributes.contains(type) { return true }
    if secrets.contains(type) || computed.contains(type) { return false }
    if identity.contains(name) { return includesOperational }
    return attributes.isEmpty || includesOperational || aliases.contains(name) || type == "objectClass"
  }
}
