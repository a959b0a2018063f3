import ConnectorCore

/// What really changes in a partition from a moment on, as the directory itself knows it.
struct Truth: Sendable {
  /// An object that changed.
  private struct Changed {
    /// The DN when the connector last looked; nil for an object that is new to it.
    var known: String?
    /// The DN now; nil for an object that is gone from the partition.
    var now: String?
    var id: String?
  }

  private let directory: MemoryDirectory
  private let partition: DN
  private let immutableID: ImmutableID?
  private let first: Int
  private let start: [MemoryEntry]

  init(_ directory: MemoryDirectory, _ partition: DN, _ immutableID: ImmutableID?) {
    self.directory = directory
    self.partition = partition
    self.immutableID = immutableID
    first = directory.history.count
    start = directory.entries
  }

  /// Expects each changed object to be found by the engine: by its ID, by the DN that the connector knows, or by the DN
  /// that it has now.
  ///
  /// - Parameter only: looks at the object with this DN alone.
  func expectCovered(by hints: [Hint], only dn: String? = nil) throws {
    let ids = Set(hints.compactMap(\.id))
    let all = Set(hints.flatMap(Self.names))
    let nameless = Set(hints.filter { $0.id == nil }.flatMap(Self.names))
    let missing = changed().filter { object in
      guard dn == nil || object.now == dn else { return false }
      if let id = object.id, ids.contains(id) { return false }
      // A hint with an ID is about the object with that ID, whoever has its DN now.
      let dns = object.id == nil ? all : nameless
      return ![object.known, object.now].compactMap { $0.flatMap { try? DN($0) } }.contains { dns.contains($0) }
    }
    guard let object = missing.first else { return }
    let name = object.now ?? object.known ?? "?"
    let fate = object.known == nil ? "was added" : object.now == nil ? "was deleted or moved away" : "was changed"
    throw BrokenPromise(
      "\(name) \(fate) and was not hinted (\(missing.count) of \(changed().count) changed objects were not)")
  }

  private static func names(_ hint: Hint) -> [DN] {
    [hint.dn, hint.newDN].compactMap { $0.flatMap { try? DN($0) } }
  }

  /// Follows every object through the changes.
  private func changed() -> [Changed] {
    var places: [DN: Int] = [:]
    var objects: [Changed] = []
    var touched: Set<Int> = []
    for entry in start {
      guard let dn = try? DN(entry.dn) else { continue }
      places[dn] = objects.count
      objects.append(Changed(known: inside(entry.dn), now: entry.dn, id: id(entry)))
    }
    for change in directory.history.dropFirst(first) where change.result == .success {
      if let before = change.before.flatMap({ try? DN($0.dn) }), let object = places[before] {
        touched.insert(object)
        move(before, change, &places, &objects)
      } else if let after = change.after, let dn = try? DN(after.dn) {
        touched.insert(objects.count)
        places[dn] = objects.count
        objects.append(Changed(known: nil, now: after.dn, id: id(after)))
      }
    }
    return touched.sorted().map { index in
      var object = objects[index]
      object.now = object.now.flatMap(inside)
      return object
    }
    .filter { $0.known != nil || $0.now != nil }
  }

  private func move(_ dn: DN, _ change: DirectoryChange, _ places: inout [DN: Int], _ objects: inout [Changed]) {
    guard let after = change.after.flatMap({ try? DN($0.dn) }) else {
      if let object = places.removeValue(forKey: dn) { objects[object].now = nil }
      return
    }
    guard after.string != dn.string else { return }
    for (place, object) in places where place.isEqualOrDescendant(of: dn) {
      let own = DN.components(of: place.string).dropLast(dn.rdns.count).map(String.init)
      let moved = (own + [after.string]).joined(separator: ",")
      places[place] = nil
      if let newPlace = try? DN(moved) { places[newPlace] = object }
      objects[object].now = moved
    }
  }

  private func inside(_ dn: String) -> String? {
    (try? DN(dn)).flatMap { $0.isEqualOrDescendant(of: partition) ? dn : nil }
  }

  private func id(_ entry: MemoryEntry) -> String? { immutableID?.value(of: entry.entry) }
}
