import Synchronization

/// Names of a schema that somebody probably meant; each is looked for once, for a mistake stands in many lines.
final class NameHints: Sendable {
  private let names: [String]
  private let found = Mutex<[String: String?]>([:])
  /// A bound, for what is looked for comes from outside.
  private static let maximumNames = 1000

  init(_ names: [String]) { self.names = names }

  func nearest(to name: String) -> String? {
    if let known = found.withLock({ $0[name] }) { return known }
    let nearest = NearestName.to(String(name.prefix(64)), among: names)
    found.withLock { found in
      if found.count < Self.maximumNames { found[name] = .some(nearest) }
    }
    return nearest
  }
}
