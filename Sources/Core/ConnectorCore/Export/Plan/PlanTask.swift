/// One request to come, and what it waits for.
final class PlanTask {
  enum Kind { case add, rename, modify, password, delete, deleteTree }

  let kind: Kind
  let node: PlanNode
  /// In the order of making.
  let index: Int
  var incoming: [TaskEdge] = []
  var outgoing: [TaskEdge] = []
  /// How many of the edges that come in still hold it back.
  var waiting = 0
  /// In the plan, or given up.
  var isDone = false
  /// The number in the plan; 0 before, and for one that was given up.
  var number = 0

  var lines: [Int] = []
  var reason: String?
  var modifications: [PlannedModification] = []
  /// Of an add: values that a modify puts in later, by the key of the attribute.
  var deferred: [String: [[UInt8]]] = [:]
  /// Of such a modify: the add.
  weak var supplements: PlanTask?
  /// The modify that puts in what an add leaves out.
  weak var supplement: PlanTask?
  var deletesOldRDN = true
  var descendants = 0
  /// Numbers of temporary renames that freed the name.
  var freed: [Int] = []

  init(_ kind: Kind, _ node: PlanNode, index: Int) {
    self.kind = kind
    self.node = node
    self.index = index
  }
}

/// One task holds another back.
final class TaskEdge {
  enum Kind: Int {
    /// The later one is better sent after the other, and need not.
    case wish
    /// An entry's own rename, or delete, after that of an entry above; the other order does as well.
    case above
    /// Values name an entry that must be there first.
    case reference
    /// A name must be freed first.
    case name
    /// The later one does not work without the other.
    case needed
    /// The later one works without the other, but not at the same time.
    case apart
  }

  let kind: Kind
  unowned let from: PlanTask
  unowned let to: PlanTask
  var isActive = true
  /// The values that wait, by the key of the attribute.
  var values: [(key: String, value: [UInt8])] = []

  init(_ kind: Kind, from: PlanTask, to: PlanTask) {
    self.kind = kind
    self.from = from
    self.to = to
  }

  /// Whether the plan names the one as needed by the other.
  var isNeed: Bool { kind != .wish && kind != .apart }
}
