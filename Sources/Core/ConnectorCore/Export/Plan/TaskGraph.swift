/// The requests of a plan and what each waits for.
final class TaskGraph {
  private let making: PlanMaking
  private(set) var tasks: [PlanTask] = []
  /// By the entry's number: what puts it in its place, adds and renames.
  private var placing: [Int: PlanTask] = [:]
  /// By the entry's number: what takes it from the place that it has now, renames and deletes.
  private var leaving: [Int: PlanTask] = [:]
  private var places: [Int: PlanTask?] = [:]
  private var differences: [Int: Difference] = [:]
  private var pairs: Set<Pair> = []

  private struct Pair: Hashable {
    var from: Int
    var to: Int
  }

  init(_ making: PlanMaking) {
    self.making = making
    for node in making.tree.nodes where !node.isDropped { makeTasks(node) }
    for task in tasks { join(task) }
    for task in tasks { task.waiting = task.incoming.count }
  }

  // MARK: Tasks

  private func makeTasks(_ node: PlanNode) {
    if node.isDeleted { return makeDelete(node) }
    var last: PlanTask?
    if node.isNew {
      let task = make(.add, node, lines: node.lines)
      task.reason = node.reason
      placing[node.number] = task
      last = task
    } else {
      if node.isMoved {
        let task = make(.rename, node, lines: node.renameLines)
        task.deletesOldRDN = making.deletesOldRDN(node)
        placing[node.number] = task
        leaving[node.number] = task
      }
      last = node.touched.isEmpty ? nil : makeModify(node)
    }
    guard node.password != nil, !making.needsSecretInAdd(node) else { return }
    let task = make(.password, node, lines: [node.password?.line ?? 0])
    if let last { connect(.needed, last, task) }
  }

  private func makeModify(_ node: PlanNode) -> PlanTask? {
    let difference = making.difference(of: node)
    guard !difference.modifications.isEmpty else { return nil }
    let lines = difference.keys.reduce(into: Set<Int>()) { $0.formUnion(node.touched[$1] ?? []) }
    let task = make(.modify, node, lines: lines.sorted())
    task.modifications = difference.modifications
    task.reason = node.changeReason
    differences[task.index] = difference
    return task
  }

  private func makeDelete(_ node: PlanNode) {
    let usesTree = making.scope.usesTreeDelete && making.scope.offers(WellKnownOIDs.treeDelete)
    if usesTree, node.presentParent?.isDeleted ?? false { return }
    let below = usesTree ? making.goneBelow(node) : 0
    let task = make(below > 0 ? .deleteTree : .delete, node, lines: node.deleteRoot?.lines ?? node.lines)
    task.descendants = below
    if node.deleteRoot !== node { task.reason = "lies below \(node.deleteRoot?.knownDN ?? "")" }
    leaving[node.number] = task
  }

  func make(_ kind: PlanTask.Kind, _ node: PlanNode, lines: [Int]) -> PlanTask {
    let task = PlanTask(kind, node, index: tasks.count)
    task.lines = Array(Set(lines)).sorted()
    tasks.append(task)
    return task
  }

  /// What takes an entry from the place that it has now.
  func leaving(_ node: PlanNode) -> PlanTask? { leaving[node.number] }

  // MARK: Edges

  @discardableResult
  func connect(_ kind: TaskEdge.Kind, _ from: PlanTask?, _ to: PlanTask) -> TaskEdge? {
    guard let from, from !== to, pairs.insert(Pair(from: from.index, to: to.index)).inserted else { return nil }
    let edge = TaskEdge(kind, from: from, to: to)
    from.outgoing.append(edge)
    to.incoming.append(edge)
    return edge
  }

  private func join(_ task: PlanTask) {
    let node = task.node
    switch task.kind {
    case .add:
      joinPlace(task)
      joinReferences(task, node.attributes)
    case .rename:
      joinPlace(task)
      joinAbove(task)
    case .modify:
      connect(.needed, place(node), task)
      joinReferences(task)
    case .password: connect(.needed, place(node), task)
    case .delete:
      for child in node.presentChildren { connect(.needed, leaving[child.number], task) }
      joinAbove(task)
    case .deleteTree:
      var next = node.presentChildren
      while let one = next.popLast() {
        connect(.needed, leaving[one.number], task)
        next += one.presentChildren
      }
      joinAbove(task)
    }
  }

  /// The parent must be there, under its name, and the name below it free.
  private func joinPlace(_ task: PlanTask) {
    guard let parent = task.node.parent else { return }
    connect(.needed, place(parent), task)
    let holder = making.tree.present(at: TreePlace(parent, task.node.rdn.key))
    if let holder, holder !== task.node { connect(.name, leaving[holder.number], task) }
  }

  private func joinAbove(_ task: PlanTask) {
    var above = task.node.presentParent
    while let one = above {
      if one.isMoved { connect(.above, leaving[one.number], task) }
      above = one.presentParent
    }
  }

  /// What puts an entry under the DN that it shall have: its own task, or that of an entry above.
  private func place(_ node: PlanNode) -> PlanTask? {
    if let own = placing[node.number] { return own }
    if let known = places[node.number] { return known }
    let found = node.parent.flatMap { place($0) }
    places[node.number] = found
    return found
  }

  // MARK: References

  private func joinReferences(_ task: PlanTask, _ attributes: AttributeModel) {
    guard !placing.isEmpty else { return }
    for key in attributes.keys {
      guard let list = attributes.list(key: key), list.kind.isReference else { continue }
      if task.node.placeholders.contains(key) { continue }
      for value in list.values {
        guard let target = list.kind.reference(value).flatMap({ place(ofKey: $0) }), target !== task else { continue }
        let edge = connect(.reference, target, task) ?? target.outgoing.last { $0.to === task }
        if edge?.kind == .reference { edge?.values.append((key, value)) }
      }
    }
  }

  private func joinReferences(_ task: PlanTask) {
    guard let difference = differences[task.index] else { return }
    if !placing.isEmpty {
      for key in difference.references { connect(.reference, place(ofKey: key), task) }
    }
    guard !leaving.isEmpty else { return }
    // A server that keeps references whole takes them away with the entry, and finds nothing to delete afterwards.
    for key in difference.dropped {
      guard let node = making.tree.present(key: key), node.isDeleted, let delete = leaving[node.number] else { continue }
      connect(.wish, task, delete)
    }
  }

  private func place(ofKey key: String) -> PlanTask? {
    guard let found = making.names.partition(ofKey: key) else { return nil }
    var node = making.tree.roots[found.index]
    for level in found.levels {
      guard let child = node.children[level] else { break }
      node = child
    }
    return place(node)
  }
}
