/// A place in the tree: a name below an entry, whatever that entry is called.
struct TreePlace: Hashable {
  let parent: Int
  let key: String

  init(_ parent: PlanNode, _ key: String) {
    self.parent = parent.number
    self.key = key
  }
}

/// The entries that a plan deals with, as they are and as they shall be.
final class FutureTree {
  private(set) var nodes: [PlanNode] = []
  /// The top entries of the partitions.
  private(set) var roots: [PlanNode] = []
  private var byPresentKey: [String: PlanNode] = [:]
  private var byPresentPlace: [TreePlace: PlanNode] = [:]
  private var byID: [String: PlanNode] = [:]
  private let names: PlanNames
  private let kinds: AttributeKinds

  init(_ scopes: [ImportScope], _ names: PlanNames, _ kinds: AttributeKinds) {
    self.names = names
    self.kinds = kinds
    for (index, scope) in scopes.enumerated() {
      let key = names.key(scope.partition.string) ?? scope.partition.key
      let rdn = PlanRDN(
        text: scope.partition.string, key: key, assertions: scope.partition.rdns.first?.assertions ?? [])
      let present = PresentEntry(dn: scope.partition.string, key: key, id: nil)
      roots.append(keep(PlanNode(number: nodes.count, partition: index, present: present, parent: nil, rdn: rdn)))
    }
  }

  /// The entry with this tree key now, as far as known.
  func present(key: String) -> PlanNode? { byPresentKey[key] }

  /// The entry that has this place now, as far as known.
  func present(at place: TreePlace) -> PlanNode? { byPresentPlace[place] }

  func present(id: String, partition: Int) -> PlanNode? { byID["\(partition) \(id)"] }

  /// Takes in an entry of the directory, and with it the entries above.
  func add(_ present: PresentEntry, _ name: PlanName) throws(LineProblem) -> PlanNode {
    if let known = byPresentKey[present.key] {
      if known.present?.entry == nil, present.entry != nil { take(present, into: known) }
      return known
    }
    var parent = roots[name.partition]
    var key = roots[name.partition].present?.key ?? ""
    var node = parent
    for (index, level) in name.levels.enumerated() {
      key += "," + level.key
      if let known = byPresentKey[key] {
        node = known
      } else {
        let isLast = index == name.levels.count - 1
        let dn = name.levels[...index].reversed().map(\.text).joined(separator: ",") + "," + name.root
        let here = isLast ? present : PresentEntry(dn: dn, key: key, id: nil)
        node = PlanNode(
          number: nodes.count, partition: name.partition, present: here, parent: parent, rdn: try names.rdn(level.text))
        keep(node)
        parent.presentChildren.append(node)
        byPresentPlace[TreePlace(parent, level.key)] = node
        if parent.isDeleted { node.isDeleted = true }
        if parent.children[level.key] == nil { parent.children[level.key] = node }
      }
      parent = node
    }
    return node
  }

  /// Makes an entry that the directory does not have.
  func make(below parent: PlanNode, _ rdn: PlanRDN) -> PlanNode {
    let node = PlanNode(
      number: nodes.count, partition: parent.partition, present: nil, parent: parent, rdn: rdn)
    nodes.append(node)
    place(node)
    return node
  }

  /// Gives a node the name that it asks for, and remembers who had it.
  func place(_ node: PlanNode) {
    guard let parent = node.parent else { return }
    let holder = parent.children.updateValue(node, forKey: node.rdn.key)
    node.shadow = holder === node ? nil : holder
  }

  /// Frees the name that a node has.
  func unplace(_ node: PlanNode) {
    guard let parent = node.parent, parent.children[node.rdn.key] === node else { return }
    parent.children[node.rdn.key] = node.shadow
  }

  /// Every node that shall lie below, parents before children.
  func below(_ node: PlanNode) -> [PlanNode] {
    var found: [PlanNode] = []
    var next = node.children.values.sorted { $0.number < $1.number }
    while let one = next.popLast() {
      found.append(one)
      next += one.children.values.sorted { $0.number < $1.number }
    }
    return found
  }

  /// Writes down anew who lies where, from the places that the nodes have.
  func rebuild() {
    for node in nodes { node.children = [:] }
    for node in nodes where node.isAlive { node.parent?.children[node.rdn.key] = node }
  }

  /// What was read of a node that was known by name alone.
  private func take(_ present: PresentEntry, into node: PlanNode) {
    node.present = present
    node.attributes = present.attributes
    if let id = present.id { byID["\(node.partition) \(id)"] = node }
  }

  @discardableResult
  private func keep(_ node: PlanNode) -> PlanNode {
    nodes.append(node)
    guard let present = node.present else { return node }
    byPresentKey[present.key] = node
    if let id = present.id { byID["\(node.partition) \(id)"] = node }
    return node
  }
}
