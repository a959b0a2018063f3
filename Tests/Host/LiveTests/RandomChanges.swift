@testable import TestSupport

/// Changes of every kind in a random but repeatable order, none of which a server can refuse.
struct RandomChanges {
  private enum Kind { case unit, person, group }

  private struct Node {
    var rdn: String
    var container: Int?
    let kind: Kind
    var isAlive = true
  }

  /// The containers that stay; everything happens below them.
  private let roots: [String]
  private var nodes: [Node] = []
  private var random: SeededGenerator
  private var counter = 0
  /// Change records written so far.
  private(set) var count = 0
  /// Keeps groups out of containers that move. slapd's overlay memberOf leaves the old DN of such a group in its members,
  /// and when the group then loses them, no record names them: whether they held it before is lost.
  private let keepsGroupsInPlace: Bool
  private let product: LiveProduct

  init(on product: LiveProduct, seed: UInt64, roots: [String], keepsGroupsInPlace: Bool) {
    self.product = product
    random = SeededGenerator(seed: seed)
    self.roots = roots
    self.keepsGroupsInPlace = keepsGroupsInPlace
    nodes = roots.map { Node(rdn: $0, container: nil, kind: .unit) }
  }

  /// Writes the entries to begin with.
  mutating func begin(_ records: inout LDIFText) {
    for _ in 0..<8 { add(.unit, &records) }
    for _ in 0..<40 { add(.person, &records) }
    for _ in 0..<4 { add(.group, &records) }
  }

  /// Writes the records of one step.
  mutating func next(_ records: inout LDIFText) {
    switch random.below(20) {
    case 0...2: add(.person, &records)
    case 3: add(random.below(2) == 0 ? .unit : .group, &records)
    case 4...7: modify(&records)
    case 8...10: rename(&records)
    case 11: swap(&records)
    case 12...13: move(&records)
    case 14...15: delete(&records)
    case 16: replaceByNewEntry(&records)
    case 17: product.renamesByCase ? changeCase(&records) : modify(&records)
    default: changeMembers(&records)
    }
  }

  // MARK: Steps

  private mutating func add(_ kind: Kind, _ records: inout LDIFText) {
    let container = random.pick(containers(for: kind))
    let dead = nodes.indices.filter { !nodes[$0].isAlive && nodes[$0].kind == kind }
    let rdn = !dead.isEmpty && random.below(3) == 0 ? nodes[random.pick(dead)].rdn : freshName(kind)
    let isTaken = nodes.contains { $0.isAlive && $0.container == container && $0.rdn.lowercased() == rdn.lowercased() }
    nodes.append(Node(rdn: isTaken ? freshName(kind) : rdn, container: container, kind: kind))
    write(nodes.count - 1, &records)
  }

  private mutating func modify(_ records: inout LDIFText) {
    guard let person = pick(.person) else { return add(.person, &records) }
    counter += 1
    switch random.below(5) {
    case 0:
      change(person, product.increments ? "increment" : "replace", "uidNumber", ["\(1 + random.below(9))"], &records)
    case 1: change(person, "replace", "description", [], &records)
    case 2: change(person, "add", "mail", ["m\(counter)@example.com"], &records)
    case 3: change(person, "replace", "sn;lang-de", ["Müller \(counter)", "zwei\nZeilen"], &records)
    default: change(person, "replace", "description", ["text \(counter)", " ", "ä\(counter)"], &records)
    }
  }

  private mutating func rename(_ records: inout LDIFText) {
    guard let node = pick(random.pick([.person, .unit, .group, .person])) else { return add(.unit, &records) }
    relocate(node, to: freshName(nodes[node].kind), in: nodes[node].container, random.below(3) > 0, &records)
  }

  private mutating func move(_ records: inout LDIFText) {
    guard let node = pick(random.pick([.person, .unit, .group, .unit])) else { return add(.unit, &records) }
    let places = containers(for: nodes[node].kind).filter { !isAtOrBelow($0, node) }
    let rdn = random.below(2) == 0 ? freshName(nodes[node].kind) : nodes[node].rdn
    let place = random.pick(places)
    let isTaken = nodes.indices.contains {
      ($0 != node || !product.renamesByCase) && nodes[$0].isAlive && nodes[$0].container == place
        && nodes[$0].rdn.lowercased() == rdn.lowercased()
    }
    relocate(node, to: isTaken ? freshName(nodes[node].kind) : rdn, in: place, true, &records)
  }

  private mutating func swap(_ records: inout LDIFText) {
    let kind = random.below(2) == 0 ? Kind.unit : .person
    guard let left = pick(kind), let right = pick(kind), left != right, nodes[left].container == nodes[right].container
    else { return rename(&records) }
    let (first, second) = (nodes[left].rdn, nodes[right].rdn)
    relocate(left, to: freshName(kind), in: nodes[left].container, true, &records)
    relocate(right, to: first, in: nodes[right].container, true, &records)
    relocate(left, to: second, in: nodes[left].container, true, &records)
  }

  private mutating func changeCase(_ records: inout LDIFText) {
    guard let node = pick(random.pick([.person, .unit])) else { return }
    let upper = nodes[node].rdn.uppercased()
    relocate(
      node, to: upper == nodes[node].rdn ? upper.lowercased() : upper, in: nodes[node].container, true, &records)
  }

  /// Deletes an entry with all below it, deepest first.
  private mutating func delete(_ records: inout LDIFText) {
    guard let top = pick(random.pick([.person, .person, .group, .unit])) else { return add(.person, &records) }
    let branch = nodes.indices.filter { nodes[$0].isAlive && isAtOrBelow($0, top) }.sorted { depth($0) > depth($1) }
    for node in branch {
      if nodes[node].kind == .unit {
        records.delete("cn=resident,\(dn(node))")
        count += 1
      }
      records.delete(dn(node))
      nodes[node].isAlive = false
      count += 1
    }
  }

  private mutating func replaceByNewEntry(_ records: inout LDIFText) {
    guard let person = pick(.person) else { return add(.person, &records) }
    records.delete(dn(person))
    count += 1
    write(person, &records)
  }

  private mutating func changeMembers(_ records: inout LDIFText) {
    guard let group = pick(.group) else { return add(.group, &records) }
    change(group, "replace", "member", members(), &records)
  }

  // MARK: Records

  private mutating func change(
    _ node: Int, _ operation: String, _ attribute: String, _ values: [String], _ records: inout LDIFText
  ) {
    records.modify(dn(node), operation, attribute, values)
    count += 1
  }

  private mutating func relocate(
    _ node: Int, to rdn: String, in container: Int?, _ deletingOldRDN: Bool, _ records: inout LDIFText
  ) {
    let isMove = container != nodes[node].container
    records.rename(
      dn(node), to: rdn, deletingOldRDN: deletingOldRDN, newSuperior: isMove ? container.map { dn($0) } : nil)
    (nodes[node].rdn, nodes[node].container) = (rdn, container)
    count += 1
  }

  private mutating func write(_ node: Int, _ records: inout LDIFText) {
    counter += 1
    count += 1
    switch nodes[node].kind {
    case .unit:
      records.add(dn(node), classes: ["organizationalUnit"], [])
      // slapd 2.5 refuses to rename a container whose only children were moved there.
      records.add("cn=resident,\(dn(node))", classes: ["organizationalRole"], [])
      count += 1
    case .group: records.add(dn(node), classes: ["groupOfNames"], members().map { ("member", $0) })
    case .person:
      records.add(
        dn(node), classes: ["inetOrgPerson", "posixAccount"],
        [
          ("cn", "Person \(counter)"), ("sn", "Person"), ("uid", "account\(counter)"), ("uidNumber", "\(counter)"),
          ("gidNumber", "1"), ("homeDirectory", "/home/\(counter)"),
        ])
    }
  }

  /// The account in front keeps a group from ever being empty.
  private mutating func members() -> [String] {
    let people = living { $0.kind == .person }
    let chosen = Set((0..<random.below(5)).compactMap { _ in people.isEmpty ? nil : random.pick(people) })
    return [TestDirectory.nobodyDN] + chosen.sorted().map { dn($0) }
  }

  // MARK: The tree

  private mutating func freshName(_ kind: Kind) -> String {
    counter += 1
    switch kind {
    case .unit: return random.pick(["ou=unit \(counter)", "ou=Büro\\, \(counter)", "ou=営業\(counter)"])
    case .group: return random.pick(["cn=group \(counter)", "cn=\\#group \(counter)\\20"])
    case .person:
      return random.pick([
        "uid=p\(counter)", "cn=Zoë \(counter)", "cn=Doe\\, Jane \(counter)", "cn=a\\+b \(counter)+uid=x\(counter)",
      ])
    }
  }

  private func containers(for kind: Kind) -> [Int] {
    kind == .group && keepsGroupsInPlace ? Array(roots.indices) : living { $0.kind == .unit }
  }

  private func living(_ condition: (Node) -> Bool) -> [Int] {
    nodes.indices.filter { nodes[$0].isAlive && condition(nodes[$0]) }
  }

  /// A living entry that may change.
  private mutating func pick(_ kind: Kind) -> Int? {
    let found = living { $0.kind == kind }.filter { $0 >= roots.count }
    return found.isEmpty ? nil : random.pick(found)
  }

  private func isAtOrBelow(_ node: Int, _ other: Int) -> Bool {
    node == other || nodes[node].container.map { isAtOrBelow($0, other) } ?? false
  }

  private func depth(_ node: Int) -> Int { nodes[node].container.map { depth($0) + 1 } ?? 0 }

  private func dn(_ node: Int) -> String {
    nodes[node].container.map { "\(nodes[node].rdn),\(dn($0))" } ?? nodes[node].rdn
  }
}
