/// Puts the requests of a plan into waves, and follows the names of entries while it does.
///
/// In a wave is all that waits for nothing more. Where everything waits for something else, the weakest link of each
/// circle is cut.
final class WaveOrder {
  private let making: PlanMaking
  private let graph: TaskGraph
  private let suffix: String
  private(set) var operations: [PlannedOperation] = []
  private var wave = 0
  private var ready: [PlanTask] = []
  private var left: Int
  /// The places that entries have in the course of the plan, where they are not the present ones.
  private var moved: [Int: (parent: PlanNode, rdn: String)] = [:]
  private var hasState: Set<Int> = []
  private var temporaryNames = 0

  /// - Parameter suffix: what makes temporary names that nobody else has.
  init(_ making: PlanMaking, suffix: String) {
    self.making = making
    self.suffix = suffix
    graph = TaskGraph(making)
    left = graph.tasks.count
    ready = graph.tasks.filter { $0.waiting == 0 }
  }

  func order() -> [PlannedOperation] {
    while left > 0 {
      if ready.isEmpty { cutCircles() } else { sendReady() }
    }
    return operations
  }

  private func sendReady() {
    let now = ready.filter { !$0.isDone }.sorted { $0.index < $1.index }
    ready = []
    guard !now.isEmpty else { return }
    wave += 1
    for task in now { operations.append(operation(task)) }
    for task in now { finish(task) }
  }

  private func finish(_ task: PlanTask) {
    task.isDone = true
    left -= 1
    if task.kind == .add || task.kind == .rename, let parent = task.node.parent {
      moved[task.node.number] = (parent, task.node.rdn.text)
    }
    for edge in task.outgoing where edge.isActive { release(edge) }
  }

  private func release(_ edge: TaskEdge) {
    edge.to.waiting -= 1
    if edge.to.waiting == 0, !edge.to.isDone { ready.append(edge.to) }
  }

  private func remove(_ edge: TaskEdge) {
    edge.isActive = false
    release(edge)
  }

  // MARK: Names in the course of the plan

  private func dn(_ node: PlanNode) -> String {
    if let place = moved[node.number] { return place.rdn + "," + dn(place.parent) }
    guard let parent = node.presentParent, let rdn = node.presentRDN else { return node.knownDN }
    return rdn.text + "," + dn(parent)
  }

  // MARK: Circles

  private func cutCircles() {
    var temporary: [PlanNode] = []
    for circle in circles() {
      let weakest = circle.min { Self.strength($0) < Self.strength($1) }
      guard let edge = weakest, edge.isActive else { continue }
      switch edge.kind {
      case .wish: remove(edge)
      case .above: turn(edge)
      case .reference where edge.to.kind == .add: deferValues(edge)
      case .reference: remove(edge)
      case .name: temporary.append(edge.from.node)
      case .needed, .apart: giveUp(edge.to, "it and others wait for each other")
      }
    }
    if !temporary.isEmpty { renameTemporarily(temporary) }
  }

  private static func strength(_ edge: TaskEdge) -> Int { edge.kind.rawValue }

  /// One circle after another, none of which shares a task with another.
  private func circles() -> [[TaskEdge]] {
    var walk: [Int: Int] = [:]
    var found: [[TaskEdge]] = []
    for start in graph.tasks where !start.isDone && walk[start.index] == nil {
      var path: [TaskEdge] = []
      var task = start
      while walk[task.index] == nil {
        walk[task.index] = start.index
        guard let edge = task.incoming.first(where: { $0.isActive && !$0.from.isDone }) else { break }
        path.append(edge)
        task = edge.from
      }
      guard walk[task.index] == start.index, let first = path.firstIndex(where: { $0.to === task }) else { continue }
      found.append(Array(path[first...]))
    }
    return found
  }

  /// Lets an entry leave before an entry above is renamed.
  private func turn(_ edge: TaskEdge) {
    let turned = TaskEdge(.apart, from: edge.to, to: edge.from)
    edge.to.outgoing.append(turned)
    edge.from.incoming.append(turned)
    edge.from.waiting += 1
    remove(edge)
  }

  /// Adds an entry without the values that wait, and puts them in later.
  private func deferValues(_ edge: TaskEdge) {
    let add = edge.to
    if edge.values.allSatisfy({ making.canWait($0.key, at: add.node) }) {
      let supplement = add.supplement ?? makeSupplement(add)
      for (key, value) in edge.values { add.deferred[key, default: []].append(value) }
      if let later = graph.connect(.reference, edge.from, supplement) { supplement.waiting += later.isActive ? 1 : 0 }
    }
    remove(edge)
  }

  private func makeSupplement(_ add: PlanTask) -> PlanTask {
    let task = graph.make(.modify, add.node, lines: add.lines)
    task.reason = "entries that refer to each other: the values follow when both are there"
    task.supplements = add
    add.supplement = task
    left += 1
    if graph.connect(.needed, add, task) != nil { task.waiting += 1 }
    return task
  }

  private func giveUp(_ task: PlanTask, _ why: String) {
    var next = [task]
    while let one = next.popLast() {
      guard !one.isDone else { continue }
      one.isDone = true
      left -= 1
      making.fail(
        one.node, line: one.lines.first,
        LineProblem("\(one.node.knownDN) cannot be put in an order: \(why)", remedy: "Split the input in two."))
      for edge in one.outgoing where edge.isActive {
        if edge.isNeed { next.append(edge.to) } else { release(edge) }
      }
    }
  }

  /// Frees names by names that nobody has; entries of which one lies above another get waves of their own.
  private func renameTemporarily(_ nodes: [PlanNode]) {
    let all = Set(nodes.map(\.number))
    let isBelow = { [self] (node: PlanNode) in above(node).contains { all.contains($0) } }
    let together = nodes.filter { !isBelow($0) }
    for part in [together] + nodes.filter(isBelow).map({ [$0] }) where !part.isEmpty {
      wave += 1
      var names: [(PlanNode, PlanNode, String)] = []
      for node in part { if let name = renameTemporarily(node) { names.append(name) } }
      for (node, parent, rdn) in names { moved[node.number] = (parent, rdn) }
    }
  }

  private func above(_ node: PlanNode) -> [Int] {
    var found: [Int] = []
    var next = moved[node.number]?.parent ?? node.presentParent
    while let one = next {
      found.append(one.number)
      next = moved[one.number]?.parent ?? one.presentParent
    }
    return found
  }

  private func renameTemporarily(_ node: PlanNode) -> (PlanNode, PlanNode, String)? {
    guard let parent = node.presentParent, let assertion = node.presentRDN?.assertions.first,
      let leave = graph.leaving(node)
    else { return nil }
    temporaryNames += 1
    let value = assertion.value + Array("-\(suffix)-\(temporaryNames)".utf8)
    let rdn = RDN(RDN.Assertion(type: assertion.type, value: value)).description
    var operation = planned(.rename, node, lines: leave.lines)
    operation.reason = "a temporary name, because another entry gets \(node.knownDN)"
    operation.rename = PlannedRename(
      newRDN: rdn, deleteOldRDN: leave.deletesOldRDN, newSuperior: nil, dn: rdn + "," + dn(parent))
    operation.after = after(leave)
    operations.append(operation)
    leave.deletesOldRDN = true
    leave.freed.append(operation.number)
    for edge in leave.outgoing where edge.kind == .name && edge.isActive {
      edge.to.freed.append(operation.number)
      remove(edge)
    }
    return (node, parent, rdn)
  }

  // MARK: Operations

  private func after(_ task: PlanTask) -> [Int] {
    let needed = task.incoming.filter { $0.isActive && $0.isNeed && $0.from.number > 0 }.map(\.from.number)
    return Set(needed + task.freed).sorted()
  }

  private func planned(_ kind: PlannedOperation.Kind, _ node: PlanNode, lines: [Int]) -> PlannedOperation {
    var operation = PlannedOperation(
      number: operations.count + 1, kind: kind, wave: wave, partition: node.partition, dn: dn(node))
    operation.lines = lines
    operation.id = node.present?.id
    if let entry = node.present?.entry, hasState.insert(node.number).inserted {
      operation.state = making.scope.state(of: entry, key: making.planner.store.hashKey)
    }
    return operation
  }

  private func operation(_ task: PlanTask) -> PlannedOperation {
    let node = task.node
    var operation = planned(Self.kind(task.kind), node, lines: task.lines)
    operation.after = after(task)
    operation.reason = task.reason
    switch task.kind {
    case .add:
      if let parent = node.parent { operation.dn = node.rdn.text + "," + dn(parent) }
      operation.attributes = making.attributes(of: node, without: task.deferred)
      if making.needsSecretInAdd(node) { set(node.password, in: &operation) }
    case .rename: operation.rename = rename(task)
    case .modify: operation.modifications = task.supplements.map { making.supplement($0) } ?? task.modifications
    case .password: set(node.password, in: &operation)
    case .delete: break
    case .deleteTree: operation.descendants = task.descendants
    }
    task.number = operation.number
    return operation
  }

  private func rename(_ task: PlanTask) -> PlannedRename? {
    let node = task.node
    guard let parent = node.parent else { return nil }
    let now = moved[node.number]?.parent ?? node.presentParent
    let parentDN = dn(parent)
    return PlannedRename(
      newRDN: node.rdn.text, deleteOldRDN: task.deletesOldRDN, newSuperior: now === parent ? nil : parentDN,
      dn: node.rdn.text + "," + parentDN)
  }

  private func set(_ password: DesiredPassword?, in operation: inout PlannedOperation) {
    guard let password else { return }
    operation.secret = SecretReference(line: password.line, hash: making.planner.secretHash(password))
    if password.isHashed { operation.isHashedSecret = true }
  }

  private static func kind(_ kind: PlanTask.Kind) -> PlannedOperation.Kind {
    switch kind {
    case .add: .add
    case .rename: .rename
    case .modify: .modify
    case .password: .password
    case .delete: .delete
    case .deleteTree: .deleteTree
    }
  }
}
