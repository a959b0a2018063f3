import ConnectorCore

/// An entry with entries below it, and the containers among these.
package struct Container: Sendable, Encodable, Equatable {
  package var dn: String
  /// Entries directly below it, containers included.
  package var children: Int
  /// All entries below it.
  package var descendants: Int
  package var containers: [Container]

  /// The container down to a number of levels below it.
  func pruned(to levels: Int) -> Container {
    var pruned = self
    pruned.containers = levels == 0 ? [] : containers.map { $0.pruned(to: levels - 1) }
    return pruned
  }

  /// The tree, a container a line; below the top each by its own name alone.
  func lines(level: Int) -> [String] {
    let name = level == 0 ? dn : DN.components(of: dn).first.map(String.init) ?? dn
    let count = children == descendants ? "\(children)" : "\(children), \(descendants) with all below"
    return [String(repeating: "  ", count: level) + "\(name)  (\(count))"]
      + containers.flatMap { $0.lines(level: level + 1) }
  }
}
