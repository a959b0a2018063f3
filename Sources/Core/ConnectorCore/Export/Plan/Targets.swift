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
      if case .delete = change.kind, let dead = change.target.id ?? old.flatMap({ names.key($0) }) {
        deleted.insert(dead)
      }
      if case .delete = change.kind, let given = change.target.dn, let key = names.key(given) {
        aliases[key, default: []].append(Alias(dn: nil, line: change.line))
      }
      guard case .rename(let newName) = change.kind, let old, let new = Self.dn(newName, of: old) else { continue }
      want(new)
      if let newKey = names.key(new) {
        renamed[newKey] = old
        if let id = change.target.id { lastNames[id] = LastName(dn: new, line: change.line) }
        if let givenKey = names.key(change.target.dn ?? old) {
          aliases[givenKey, default: []].append(Alias(dn: new, line: change.line))
        }
      }
    }
    try await entries.fetch(wanted)
    try await entries.fetch(ids: idsToFind(changes))
  }

  /// IDs that are not where the connector space says.
  private func idsToFind(_ changes: [DesiredChange]) throws -> [String] {
    try changes.compactMap { change in
      guard let id = change.target.id, !isNameID(id) else { return nil }
      if case .add = change.kind { return nil }
      guard let known = try known(change.target), let name = try? names.name(known.object.dn) else { return id }
      return entries.knownID(name) == id ? nil : id
    }
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
  ///
  /// An ID that nobody has any more may be that of an entry which lines before make anew: it has the name then.
  func target(of change: DesiredChange) async throws -> Target {
    let found = try await identified(change)
    guard case .absent = found, let dn = change.target.dn, let name = try? names.name(dn),
      let node = try await find(name), node.isNew, !node.isCalledOtherwise
    else { return found }
    return .node(node)
  }

  private func identified(_ change: DesiredChange) async throws -> Target {
    let target = change.target
    guard target.id != nil || target.anchor != nil else {
      guard let dn = target.dn else { throw LineProblem("the line names no object") }
      return try await self.target(dn: dn, change.kind)
    }
    if let known = try known(target) {
      return try await self.target(known.object, partition: known.partition)
    }
    if let dn = nameOfUnknown(target) { return try await self.target(dn: dn, change.kind) }
    if let id = target.id, let node = try await node(id: id, partitions: Array(scope.partitions.indices)) {
      return .node(node)
    }
    let what = target.id.map { "the ID \($0)" } ?? "the anchor \(target.anchor ?? "")"
    let problem = LineProblem(
      "\(what) is not known",
      remedy: "Only objects of the connector space have one: import first, or name the entry by its DN.")
    return .absent(problem, isUnknown: true)
  }

  /// The DN that an ID or anchor is which the connector space does not know; nil where IDs and anchors are no names.
  private func nameOfUnknown(_ target: DesiredChange.Target) -> String? {
    if let id = target.id {
      let isName = isNameID(id) || scope.partitions.allSatisfy { $0.immutableID == nil }
      return isName ? target.dn : nil
    }
    return scope.partitions.allSatisfy { $0.anchor == .dn } ? target.dn ?? target.anchor : nil
  }

  private func target(dn: String, _ kind: DesiredChange.Kind) async throws -> Target {
    let name = try names.name(dn)
    guard let node = try await find(name, followsRenames: true) else {
      let remedy = "Add it before, or correct the name."
      return .absent(LineProblem("there is no entry \(dn)", remedy: remedy), isUnknown: false)
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
      if let node = tree.present(id: object.id, partition: partition), try await isRead(node) { return .node(node) }
      let name = try names.name(object.dn)
      if let present = try await entries.entry(name), present.id == object.id {
        return .node(try tree.add(present))
      }
      if let node = try await node(id: object.id, partitions: [partition]) { return .node(node) }
    } else {
      let name = try names.name(object.dn)
      if let node = tree.present(key: name.key), node.present?.entry != nil { return .node(node) }
      if let present = try await entries.entry(name) { return .node(try tree.add(present)) }
      if let node = try await find(name, followsRenames: true) { return .node(node) }
    }
    return .absent(LineProblem("there is no entry \(object.dn) any more"), isUnknown: false)
  }

  private func isNameID(_ id: String) -> Bool { id.hasPrefix("dn:") }

  /// The entry with this immutable ID, wherever it is now.
  private func node(id: String, partitions: [Int]) async throws -> PlanNode? {
    for partition in partitions where scope.partitions[partition].immutableID != nil {
      if let node = tree.present(id: id, partition: partition), try await isRead(node) { return node }
      guard let entry = try await entries.entry(id: id, partition: partition) else { continue }
      let name = try names.name(entry.dn)
      return try tree.add(entries.present(entry, key: name.key, partition: name.partition))
    }
    return nil
  }

  // MARK: Names

  /// The entry that has this DN after the lines so far; nil where there will be none.
  /// - Parameter followsRenames: where nothing has the name any more, takes an entry that has the new name of a rename in
  ///   a line to come: it was carried out before.
  func find(_ name: PlanName, followsRenames: Bool = false) async throws -> PlanNode? {
    if let node = try await walk(name) { return node }
    guard followsRenames, !aliases.isEmpty || !newNames.isEmpty else { return nil }
    guard case .node(let node) = try await follow(name) else { return nil }
    return node
  }

  /// What becomes of a name by the lines to come.
  enum Course {
    case node(PlanNode)
    /// The entry, or one above, is deleted by this line.
    case deleted(line: Int)
    case unknown
  }

  /// Tries the renames in their order, and leaves out one or the other: lines before have gone the first steps already.
  func follow(_ name: PlanName) async throws -> Course {
    var deleted: Course?
    var seen: Set<String> = [name.key]
    var next = [(name: name, line: currentLine)]
    while let (name, line) = next.popLast(), seen.count < Self.mostRenames {
      var more: [(name: PlanName, line: Int)] = []
      for (alias, depth) in steps(from: name, line) {
        guard let new = alias.dn else {
          deleted = deleted ?? .deleted(line: alias.line)
          continue
        }
        let text = (name.levels.suffix(depth).reversed().map(\.text) + [new]).joined(separator: ",")
        guard let here = try? names.name(text), seen.insert(here.key).inserted else { continue }
        if let node = try await walk(here) { return .node(node) }
        more.append((here, alias.line + 1))
      }
      next += more.reversed()
    }
    return deleted ?? .unknown
  }

  static let mostRenames = 64

  /// The renames and deletes of lines to come that change a DN, the first first: its own, or those of entries so many
  /// levels above.
  func steps(from name: PlanName, _ line: Int, withMade: Bool = true) -> [(Alias, depth: Int)] {
    var found: [(Alias, depth: Int)] = []
    var key = name.key
    for depth in 0..<name.levels.count {
      if withMade, let made = newNames[key] { found.append((Alias(dn: made, line: line - 1), depth)) }
      if let alias = aliases[key]?.first(where: { $0.line >= line }) { found.append((alias, depth)) }
      key = kinds.dns.parentKey(of: key) ?? ""
    }
    return found.sorted { $0.0.line < $1.0.line }
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
      return try tree.add(found)
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
    _ = try tree.add(found)
    return true
  }
}
