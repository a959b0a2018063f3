/// Takes out of the plan what has an error, and what depends on it.
extension PlanMaking {
  /// Afterwards the tree as it shall be holds together: every entry has a parent and a name of its own.
  func settle() {
    repeat { undoFailures() } while findsConflict()
    dropUnneeded()
    tree.rebuild()
  }

  /// Says of every line of an entry with an error that it is not in the plan.
  func tellLines() {
    for node in tree.nodes {
      guard let failure = node.failure else { continue }
      let cause = failure.line.map { "because of line \($0)" } ?? "because of another change"
      for line in node.lines where !failedLines.contains(line) {
        fail(node, line: line, LineProblem("not in the plan, \(cause), which has an error"))
      }
    }
  }

  private func undoFailures() {
    var groups: [Int: [PlanNode]] = [:]
    for node in tree.nodes { if let root = node.deleteRoot { groups[root.number, default: []].append(node) } }
    for node in tree.nodes where node.failure != nil {
      if let root = node.deleteRoot {
        if root.failure == nil {
          fail(root, line: root.lines.last, LineProblem("\(node.knownDN) below it stays, so that it cannot be deleted"))
        }
        for one in groups[root.number] ?? [] { one.restore() }
      }
      if node.isNew { drop(node) } else { node.restore() }
    }
  }

  private func drop(_ node: PlanNode) {
    guard !node.isDropped else { return }
    node.isDropped = true
    guard let shadow = node.shadow, isInTheWay(shadow, of: node) else { return }
    for child in tree.nodes where child.parent === node && child.isAlive { child.parent = shadow }
  }

  private func findsConflict() -> Bool {
    var holders: [TreePlace: PlanNode] = [:]
    var isFound = false
    func fails(_ node: PlanNode, _ problem: LineProblem) {
      isFound = true
      fail(node, line: node.lines.last, problem)
    }
    let alive = tree.nodes.filter { $0.isAlive && $0.parent != nil }
    for node in alive.filter(\.isAtPresentPlace) + alive.filter({ !$0.isAtPresentPlace }) {
      guard let parent = node.parent else { continue }
      if parent.isDropped {
        fails(node, LineProblem("its parent \(parent.dn) is not made\(Self.because(parent))"))
      } else if parent.isDeleted, node.isAtPresentPlace, let root = parent.deleteRoot {
        if root.failure == nil {
          fails(root, LineProblem("\(node.knownDN) below it stays, so that it cannot be deleted"))
        }
      } else if parent.isDeleted {
        fails(node, LineProblem("its parent \(parent.knownDN) is deleted"))
      } else if isLoop(node) {
        fails(node, LineProblem("\(node.knownDN) would lie below itself"))
      } else if let holder = holders.updateValue(node, forKey: TreePlace(parent, node.rdn.key)) {
        holders[TreePlace(parent, node.rdn.key)] = holder
        fails(
          node,
          LineProblem(
            "there is another entry \(holder.dn), which does not move away\(Self.because(holder))",
            remedy: "Rename or delete that one first, or choose another name."))
      }
    }
    return isFound
  }

  private static func because(_ node: PlanNode) -> String {
    node.failure?.line.map { ", because line \($0) has an error" } ?? ""
  }

  private func isLoop(_ node: PlanNode) -> Bool {
    guard !node.isAtPresentPlace, !node.isNew else { return false }
    var above = node.parent
    var steps = 0
    while let one = above {
      steps += 1
      if one === node || steps > tree.nodes.count { return true }
      above = one.parent
    }
    return false
  }

  /// Parents that the plan makes on its own are made for somebody.
  private func dropUnneeded() {
    var children: [Int: Int] = [:]
    for node in tree.nodes where node.isAlive { if let parent = node.parent { children[parent.number, default: 0] += 1 } }
    for node in tree.nodes.reversed() where node.isAlive && node.isNew && node.reason != nil && node.lines.isEmpty {
      guard children[node.number, default: 0] == 0 else { continue }
      node.isDropped = true
      if let parent = node.parent { children[parent.number, default: 0] -= 1 }
    }
  }
}
