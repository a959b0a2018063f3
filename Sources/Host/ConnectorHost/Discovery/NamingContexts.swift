import ConnectorCore

/// The naming contexts of a server, sorted into those that hold entries to import and the others.
package struct NamingContexts: Sendable, Equatable {
  /// Contexts that can be partitions, in the server's order.
  package var partitions: [String] = []
  /// Contexts that the product keeps for itself, such as logs.
  package var withoutEntries: [String] = []
  /// Whether the server names the whole tree instead of contexts; somebody must say where to begin.
  package var needsBase = false

  /// Sorts; `excluded` are compared as DNs, not as text.
  package init(_ contexts: [String], without excluded: [String] = []) {
    let excludedDNs = Set(excluded.compactMap { try? DN($0) })
    for context in contexts {
      if context.allSatisfy({ $0 == "\0" || $0 == " " }) {
        needsBase = true
      } else if let dn = try? DN(context), excludedDNs.contains(dn) {
        withoutEntries.append(context)
      } else {
        partitions.append(context)
      }
    }
    if partitions.isEmpty { needsBase = true }
  }
}
