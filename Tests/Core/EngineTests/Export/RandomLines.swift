import ConnectorCore
import ConnectorTesting
import TestSupport

/// Makes up lines, and carries each out at once on a picture of its own, which is how the directory shall be.
struct RandomLines {
  private final class Node {
    var id: String?
    var rdn: String
    var parent: Node?
    var attributes: [String: Set<String>]
    /// Whether lines name it, or entries below it, by DN.
    var isBurnt = false
    var burntBelow: Set<String> = []
    init(_ rdn: String, _ parent: Node?, _ attributes: [String: Set<String>]) {
      (self.rdn, self.parent, self.attributes) = (rdn, parent, attributes)
    }
    var dn: String { parent.map { "\(rdn),\($0.dn)" } ?? rdn }
    func isBelow(_ other: Node) -> Bool { self === other || parent?.isBelow(other) ?? false }
  }

  private var random: SeededGenerator
  private let root = Node(PlanBench.suffix, nil, ["objectclass": ["domain"], "dc": ["example"]])
  private var nodes: [Node] = []
  private var serial = 0
  private var burnt: Set<String> = []
  private var renamed: Set<ObjectIdentifier> = []
  private var made: [DesiredChange] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// The entries with their attributes after the lines.
  var expected: [String: [String: Set<String>]] {
    Dictionary(([root] + nodes).map { ($0.dn, $0.attributes) }) { first, _ in first }
  }

  /// Fills the directory.
  mutating func seed(_ bench: PlanBench) throws {
    for _ in 0..<(4 + random.below(12)) {
      guard let node = makeNode(freshName: false) else { continue }
      let lines = node.attributes.sorted { $0.key < $1.key }.flatMap { name, values in
        values.sorted().map { "\(name): \($0)\n" }
      }
      try bench.directory.apply(ldif: "dn: \(node.dn)\n\(lines.joined())\n")
      node.id = bench.directory.entry(node.dn)?.attributes.string("entryUUID")
      nodes.append(node)
    }
    try bench.learn()
  }

  mutating func lines() -> [DesiredChange] {
    made = []
    for _ in 0..<(1 + random.below(14)) { step() }
    return made
  }

  private mutating func step() {
    switch random.below(100) {
    case ..<25: add()
    case ..<45: update()
    case ..<60: rename(toNewParent: false)
    case ..<75: rename(toNewParent: true)
    case ..<82: swap()
    case ..<90: delete()
    case ..<95: again()
    default: invert()
    }
  }

  // MARK: Names

  /// Lines name it by DN: nobody else may have it, or the name of an entry above, lest the lines mean somebody else when
  /// they are planned again.
  private mutating func burn(_ node: Node) {
    var next: Node? = node
    while let one = next, one !== root {
      burnt.insert(one.dn.lowercased())
      one.isBurnt = true
      one.parent?.burntBelow.insert(one.rdn.lowercased())
      next = one.parent
    }
  }

  private func isBurnt(_ node: Node) -> Bool { node.isBurnt || burnt.contains(node.dn.lowercased()) }

  private func isFree(_ rdn: String, below parent: Node, but node: Node? = nil) -> Bool {
    !burnt.contains("\(rdn),\(parent.dn)".lowercased()) && !parent.burntBelow.contains(rdn.lowercased())
      && !nodes.contains { $0 !== node && $0.parent === parent && $0.rdn.lowercased() == rdn.lowercased() }
  }

  private var units: [Node] { [root] + nodes.filter { $0.rdn.hasPrefix("ou=") } }

  /// A name of few, so that names come and go; a new entry that lines will name has one that was never used.
  private mutating func name(_ type: String, fresh: Bool) -> String {
    serial += 1
    return fresh ? "\(type)=n\(serial)" : "\(type)=\(random.pick(["a", "b", "c", "d", "B"]))"
  }

  private mutating func makeNode(freshName: Bool) -> Node? {
    let parent = random.pick(units)
    let kind = random.below(10)
    let type = kind < 3 ? "ou" : kind < 8 ? "uid" : "cn"
    let rdn = name(type, fresh: freshName)
    guard isFree(rdn, below: parent) else { return nil }
    var attributes: [String: Set<String>] = [type: [String(rdn.dropFirst(type.count + 1))]]
    switch type {
    case "ou": attributes["objectclass"] = ["organizationalUnit"]
    case "uid":
      attributes["objectclass"] = ["inetOrgPerson"]
      attributes["sn"] = ["\(serial)"]
      attributes["cn"] = ["Ann"]
      if random.below(3) == 0, let other = nodes.randomElement(using: &random) { attributes["manager"] = [other.dn] }
    default:
      attributes["objectclass"] = ["groupOfNames"]
      attributes["member"] = members()
    }
    return Node(rdn, parent, attributes)
  }

  private mutating func members() -> Set<String> {
    var found: Set<String> = []
    for _ in 0..<(1 + random.below(3)) { found.insert((nodes.randomElement(using: &random) ?? root).dn) }
    return found
  }

  // MARK: Lines

  private mutating func target(_ node: Node) -> DesiredChange.Target {
    if node.id == nil { burn(node) }
    return DesiredChange.Target(id: node.id, dn: node.dn)
  }

  private mutating func emit(_ target: DesiredChange.Target, _ kind: DesiredChange.Kind, _ edits: [AttributeEdit] = [])
  {
    if case .rename(.dn(let dn)) = kind, let parent = nodes.first(where: { $0.dn == dn })?.parent { burn(parent) }
    made.append(DesiredChange(line: made.count + 1, target: target, kind: kind, edits: edits))
  }

  private mutating func add() {
    guard let node = makeNode(freshName: random.below(3) > 0) else { return }
    emitAdd(node)
    nodes.append(node)
    // Two that refer to each other.
    guard random.below(4) == 0, node.rdn.hasPrefix("uid=n"), let other = makeNode(freshName: true),
      other.rdn.hasPrefix("uid")
    else { return }
    other.attributes["manager"] = [node.dn]
    emitAdd(other)
    nodes.append(other)
    node.attributes["manager"] = [other.dn]
    emit(target(node), .update, [AttributeEdit("manager", .replace([Array(other.dn.utf8)], expected: nil))])
  }

  private mutating func emitAdd(_ node: Node) {
    let edits = node.attributes.sorted { $0.key < $1.key }.map { name, values in
      AttributeEdit(AttributeDescription(name), .replace(values.sorted().map { Array($0.utf8) }, expected: nil))
    }
    burn(node)
    emit(DesiredChange.Target(dn: node.dn), .add, edits)
  }

  /// Entries that a line can name without doubt, later too.
  private var namable: [Node] { nodes.filter { $0.id != nil || $0.rdn.contains("=n") } }

  private mutating func update() {
    guard let node = namable.randomElement(using: &random) else { return }
    serial += 1
    if node.rdn.hasPrefix("cn"), random.below(2) == 0 {
      var members = members()
      // A group that holds itself alone has no members.
      members.remove(node.dn)
      if members.isEmpty { members = [root.dn] }
      node.attributes["member"] = members
      return emit(
        target(node), .update,
        [AttributeEdit("member", .replace(members.sorted().map { Array($0.utf8) }, expected: nil))])
    }
    if random.below(3) == 0, let old = node.attributes["description"]?.first {
      node.attributes["description"]?.remove(old)
      node.attributes["description"]?.insert("\(serial)")
      return emit(
        target(node), .update,
        [AttributeEdit("description", .change(add: [Array("\(serial)".utf8)], remove: [Array(old.utf8)]))])
    }
    node.attributes["description"] = ["\(serial)", "x"]
    emit(
      target(node), .update,
      [AttributeEdit("description", .replace([Array("x".utf8), Array("\(serial)".utf8)], expected: nil))])
  }

  private func give(_ node: Node, _ rdn: String) {
    let type = String(node.rdn.prefix { $0 != "=" })
    let old = node.rdn.dropFirst(type.count + 1).lowercased()
    node.attributes[type] = node.attributes[type]?.filter { $0.lowercased() != old }
    let new = String(rdn.dropFirst(type.count + 1))
    // A value that is there in another letter case stays as it is.
    let isThere = node.attributes[type]?.contains { $0.lowercased() == new.lowercased() } ?? false
    if !isThere { node.attributes[type, default: []].insert(new) }
    node.rdn = rdn
  }

  private mutating func rename(toNewParent: Bool) {
    guard let node = namable.randomElement(using: &random), let parent = node.parent else { return }
    let type = String(node.rdn.prefix { $0 != "=" })
    let isFresh = node.id == nil
    // Names alone tell only so much: one that is new and renamed again and again is nobody's to recognise.
    if isFresh { guard renamed.insert(ObjectIdentifier(node)).inserted else { return } }
    let rdn = toNewParent && random.below(2) == 0 ? node.rdn : name(type, fresh: isFresh)
    let newParent = toNewParent ? random.pick(units) : parent
    guard !newParent.isBelow(node), isFree(rdn, below: newParent, but: node) else { return }
    guard rdn != node.rdn || newParent !== parent else { return }
    let target = target(node)
    let old = String(node.rdn.dropFirst(type.count + 1))
    let keepsOld = node.id != nil && random.below(3) == 0 && rdn.lowercased() != node.rdn.lowercased()
    give(node, rdn)
    node.parent = newParent
    guard keepsOld else { return emit(target, .rename(.dn(node.dn))) }
    node.attributes[type]?.insert(old)
    emit(target, .rename(.request(newRDN: rdn, deleteOldRDN: false, newSuperior: newParent.dn)))
    burn(newParent)
  }

  /// Three renames by way of a name of their own, so that two entries have each other's.
  private mutating func swap() {
    let known = nodes.filter { $0.id != nil }
    guard let left = known.randomElement(using: &random), let right = known.randomElement(using: &random),
      left !== right, !isBurnt(left), !isBurnt(right), left.rdn.prefix(2) == right.rdn.prefix(2),
      let leftParent = left.parent,
      let rightParent = right.parent, !leftParent.isBelow(right), !rightParent.isBelow(left)
    else { return }
    let (first, second) = (left.rdn, right.rdn)
    serial += 1
    let type = String(first.prefix { $0 != "=" })
    for (node, rdn, parent) in [
      (left, "\(type)=between\(serial)", leftParent), (right, first, leftParent), (left, second, rightParent),
    ] {
      let target = target(node)
      give(node, rdn)
      node.parent = parent
      emit(target, .rename(.dn(node.dn)))
    }
  }

  private mutating func delete() {
    guard let node = nodes.filter({ $0.id != nil }).randomElement(using: &random) else { return }
    emit(target(node), .delete)
    nodes.removeAll { $0.isBelow(node) }
  }

  /// Deletes an entry, and makes one of its name.
  private mutating func again() {
    guard let node = nodes.filter({ $0.id != nil && !isBurnt($0) }).randomElement(using: &random) else { return }
    emit(target(node), .delete)
    nodes.removeAll { $0.isBelow(node) }
    let new = Node(node.rdn, node.parent, node.attributes)
    if random.below(2) == 0 {
      serial += 1
      new.attributes["description"] = ["again \(serial)"]
    }
    emitAdd(new)
    // Nobody knows its ID where it is the old one after all.
    nodes.append(new)
  }

  /// A unit and one below it change places.
  private mutating func invert() {
    let pairs = nodes.filter { $0.id != nil && $0.rdn.hasPrefix("ou=") && $0.parent?.id != nil }
    guard let child = pairs.randomElement(using: &random), let parent = child.parent, let above = parent.parent,
      isFree(child.rdn, below: above, but: parent), !isBurnt(child), !isBurnt(parent)
    else { return }
    let between = "ou=between\(made.count)x\(serial)"
    let childRDN = child.rdn
    var target = target(child)
    give(child, between)
    child.parent = above
    emit(target, .rename(.dn(child.dn)))
    guard isFree(parent.rdn, below: child), isFree(childRDN, below: above, but: parent) else { return }
    target = self.target(parent)
    parent.parent = child
    emit(target, .rename(.dn(parent.dn)))
    target = self.target(child)
    give(child, childRDN)
    emit(target, .rename(.dn(child.dn)))
  }
}
