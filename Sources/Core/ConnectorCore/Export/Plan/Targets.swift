/// Which entry a line means.
extension PlanMaking {
  /// What a line names.
  enum Target {
    case node(PlanNode)
    /// No such entry, for this reason.
    case absent(LineProblem, isUnknown: Bool)
  }

  /// Reads in batches what the lines are about, as far as it can be told before they are followed one by one.
  func readAhead(_ changes: [DesiredChange]) async throws {
    for scope in scope.partitions {
      let key = names.key(scope.partition.string) ?? scope.partition.key
      storePartitions.append(try planner.store.partition(key: key, dn: scope.partition.string).number)
    }
    var wanted: [(dn: String, key: String)] = []
    var renamed: [String: String] = [:]
    func want(_ dn: String?) {
      guard let dn, let key = names.key(dn), names.partition(ofKey: key) != nil else { return }
      wanted.append((dn, key))
      if let old = Self.name(dn, before: renamed, names) { wanted.append(old) }
    }
    for change in changes {
      let old = try knownDN(change) ?? change.target.dn
      want(old)
      guard case .rename(let newName) = change.kind, let old, let new = Self.dn(newName, of: old) else { continue }
      want(new)
      if let newKey = names.key(new), let oldKey = names.key(old), !newKey.hasBytes(of: oldKey) {
        renamed[newKey] = old
        if change.target.id == nil, change.target.anchor == nil { aliases[oldKey] = new }
      }
    }
    try await entries.fetch(wanted)
  }

  /// Follows renames back: what an entry is called now that will have this DN.
  private static func name(
    _ dn: String, before renamed: [String: String], _ names: PlanNames
  ) -> (dn: String, key: String)? {
    guard !renamed.isEmpty else { return nil }
    var parts = DN.components(of: dn).map(String.init)
    var isChanged = false
    var steps = 0
    search: while steps < 8 {
      for start in parts.indices {
        let suffix = parts[start...].joined(separator: ",")
        guard let key = names.key(suffix), let old = renamed[key] else { continue }
        parts = parts[..<start] + DN.components(of: old).map(String.init)
        isChanged = true
        steps += 1
        continue search
      }
      break
    }
    let text = parts.joined(separator: ",")
    return isChanged ? names.key(text).map { (text, $0) } : nil
  }

  static func dn(_ name: DesiredChange.NewName, of old: String) -> String? {
    switch name {
    case .dn(let dn): return dn
    case .request(let rdn, _, let superior):
      let parent = superior ?? DN.components(of: old).dropFirst().joined(separator: ",")
      return parent.isEmpty ? rdn : rdn + "," + parent
    }
  }

  /// The DN of an object by its ID or anchor, as the connector space knows it.
  private func knownDN(_ change: DesiredChange) throws -> String? {
    if case .add = change.kind { return nil }
    return try known(change.target)?.object.dn
  }

  private func known(_ target: DesiredChange.Target) throws -> (object: ConnectorObject, partition: Int)? {
    for (index, partition) in storePartitions.enumerated() {
      var rows: [Int64] = []
      if let id = target.id {
        rows = try planner.store.version(id: id, partition: partition).map { [$0.row] } ?? []
      } else if let anchor = target.anchor {
        rows = try planner.store.rows(anchor: anchor, partition: partition)
        if rows.isEmpty, scope.partitions[index].anchor == .dn, let key = names.key(anchor) {
          rows = try planner.store.holders(key: key, partition: partition)
        }
      }
      if let row = rows.first, let found = try planner.store.object(row: row) { return (found.object, index) }
    }
    return nil
  }

  /// The entry that a line means, under the name that it has after the lines before.
  func target(of change: DesiredChange) async throws -> Target {
    let target = change.target
    guard target.id != nil || target.anchor != nil else {
      guard let dn = target.dn else { throw LineProblem("the line names no object") }
      return try await self.target(dn: dn, change.kind)
    }
    if let known = try known(target) {
      return try await self.target(known.object, partition: known.partition)
    }
    if let anchor = target.anchor, target.id == nil, scope.partitions.allSatisfy({ $0.anchor == .dn }) {
      return try await self.target(dn: anchor, change.kind)
    }
    if let id = target.id, let node = try await node(id: id, partitions: Array(scope.partitions.indices)) {
      return .node(node)
    }
    let what = target.id.map { "the ID \($0)" } ?? "the anchor \(target.anchor ?? "")"
    let problem = LineProblem(
      "\(what) is not known",
      remedy: "Only objects of the connector space have one: import first, or name the entry by its DN.")
    return .absent(problem, isUnknown: true)
  }

  private func target(dn: String, _ kind: DesiredChange.Kind) async throws -> Target {
    let name = try names.name(dn)
    guard let node = try await find(name, followsRenames: true) else {
      return .absent(LineProblem("there is no entry \(dn)"), isUnknown: false)
    }
    // Two entries share a name while lines change names about: who goes is the one that had it before.
    switch kind {
    case .rename, .delete:
      if !node.isNew, let shadow = node.shadow, isInTheWay(shadow, of: node) { return .node(shadow) }
    default: break
    }
    return .node(node)
  }

  func isInTheWay(_ shadow: PlanNode, of node: PlanNode) -> Bool {
    shadow.isAlive && shadow.parent === node.parent && shadow.rdn.key.hasBytes(of: node.rdn.key)
  }

  private func target(_ object: ConnectorObject, partition: Int) async throws -> Target {
    let hasID = scope.partitions[partition].immutableID != nil && !isNameID(object.id)
    if hasID {
      if let node = tree.present(id: object.id, partition: partition) { return .node(node) }
      let name = try names.name(object.dn)
      if let present = try await entries.entry(name), present.id == object.id {
        return .node(try tree.add(present, name))
      }
      if let node = try await node(id: object.id, partitions: [partition]) { return .node(node) }
    } else {
      let name = try names.name(object.dn)
      if let node = tree.present(key: name.key), node.present?.entry != nil { return .node(node) }
      if let present = try await entries.entry(name) { return .node(try tree.add(present, name)) }
      if let node = try await find(name, followsRenames: true) { return .node(node) }
    }
    return .absent(LineProblem("there is no entry \(object.dn) any more"), isUnknown: false)
  }

  private func isNameID(_ id: String) -> Bool { id.hasPrefix("dn:") }

  /// The entry with this immutable ID, wherever it is now.
  private func node(id: String, partitions: [Int]) async throws -> PlanNode? {
    for partition in partitions where scope.partitions[partition].immutableID != nil {
      if let node = tree.present(id: id, partition: partition) { return node }
      guard let entry = try await entries.entry(id: id, partition: partition) else { continue }
      let name = try names.name(entry.dn)
      return try tree.add(entries.present(entry, key: name.key, partition: name.partition), name)
    }
    return nil
  }

  // MARK: Names

  /// The entry that has this DN after the lines so far; nil where there will be none.
  /// - Parameter followsRenames: takes an entry that has the new name of a rename for the one with the old name, where
  ///   nothing has that any more.
  func find(_ name: PlanName, followsRenames: Bool = false) async throws -> PlanNode? {
    if let node = try await walk(name) { return node }
    guard followsRenames, let new = renamed(name), let newName = try? names.name(new) else { return nil }
    guard let node = try await walk(newName), let present = node.present, present.key.hasBytes(of: newName.key) else {
      return nil
    }
    return node
  }

  private func walk(_ name: PlanName) async throws -> PlanNode? {
    var node = tree.roots[name.partition]
    for (depth, level) in name.levels.enumerated() {
      if let child = child(of: node, level.key) {
        node = child
        continue
      }
      guard let parent = node.isNew ? shadowAlive(of: node) : node, !parent.isDeleted, let present = parent.present,
        tree.present(at: TreePlace(parent, level.key)) == nil
      else { return nil }
      let rest = name.levels[depth...]
      let text = rest.reversed().map(\.text).joined(separator: ",") + "," + present.dn
      let now = try names.name(text)
      guard let found = try await entries.entry(now) else { return nil }
      return try tree.add(found, now)
    }
    return try await isRead(node) ? node : nil
  }

  private func child(of node: PlanNode, _ key: String) -> PlanNode? {
    if let child = node.children[key] { return child }
    return node.isNew ? shadowAlive(of: node)?.children[key] : nil
  }

  private func shadowAlive(of node: PlanNode) -> PlanNode? {
    node.shadow.flatMap { isInTheWay($0, of: node) ? $0 : nil }
  }

  /// Reads an entry that was known by name alone; false where it is not there.
  func isRead(_ node: PlanNode) async throws -> Bool {
    guard let present = node.present, present.entry == nil else { return true }
    let name = try names.name(present.dn)
    guard let found = try await entries.entry(name) else { return false }
    _ = try tree.add(found, name)
    return true
  }

  /// The DN with old names of renames replaced by the new ones; nil where there are none in it.
  private func renamed(_ name: PlanName) -> String? {
    guard !aliases.isEmpty else { return nil }
    var key = name.key
    for depth in 0..<name.levels.count {
      if let new = aliases[key] {
        let own = name.levels.suffix(depth).reversed().map(\.text)
        return (own + [new]).joined(separator: ",")
      }
      key = kinds.dns.parentKey(of: key) ?? ""
    }
    return nil
  }
}
