/// An entry as it is in the directory now.
struct PresentEntry {
  let dn: String
  let key: String
  let id: String?
  /// Nil for one that was listed, or is known by those below it, and not read.
  var entry: Entry?
  var attributes = AttributeModel()
}

/// One entry, in the directory now or to be made: what it is and what it shall be.
final class PlanNode {
  /// In the order of making.
  let number: Int
  let partition: Int
  /// Nil for an entry that is to be made.
  var present: PresentEntry?
  /// The place now; nil for the partition's top, and for new entries.
  unowned let presentParent: PlanNode?
  let presentRDN: PlanRDN?
  /// Known entries whose place now is below this one.
  var presentChildren: [PlanNode] = []

  /// The place that it shall have; no parent for the partition's top.
  unowned var parent: PlanNode?
  var rdn: PlanRDN
  /// By the key of the RDN: what shall be below it, as far as known.
  var children: [String: PlanNode] = [:]
  /// The RDN that lines so far give an entry which has the one of the last line already.
  var nameOnTheWay: PlanRDN?
  /// Whether its line calls it otherwise, because a parent has the name of a line to come already.
  var isCalledOtherwise = false
  /// The entry that had the name when this one took it.
  unowned var shadow: PlanNode?

  /// The attributes that it shall have.
  var attributes = AttributeModel()
  /// Keys of attributes that lines touched, with the lines.
  var touched: [String: Set<Int>] = [:]
  var password: DesiredPassword?
  /// Whether the plan deletes it.
  var isDeleted = false
  /// The entry whose delete takes this one along; itself where a line names it.
  unowned var deleteRoot: PlanNode?
  /// Whether everything below it was listed.
  var isListed = false
  /// A new entry that is not made after all: nobody needs it, it is one that is there already, or it has an error.
  var isDropped = false
  /// The line with the error that takes all changes of this entry out; nil inside for none of the lines.
  var failure: Failure?

  var lines: [Int] = []
  var renameLines: [Int] = []
  /// Why the plan makes it, where no line asks for it.
  var reason: String?
  /// Whether it is made because something lies below it, and no line has said yet what it is.
  var isProvisioned = false
  /// Why attributes are changed, where no line asks for it.
  var changeReason: String?
  /// Keys of attributes that hold nothing now but the stand-in for a member.
  var hadStandIn: Set<String> = []
  /// Keys of attributes that shall hold nothing else.
  var hasStandIn: Set<String> = []

  struct Failure {
    var line: Int?
  }

  init(number: Int, partition: Int, present: PresentEntry?, parent: PlanNode?, rdn: PlanRDN) {
    self.number = number
    self.partition = partition
    self.present = present
    self.parent = parent
    self.rdn = rdn
    presentParent = present == nil ? nil : parent
    presentRDN = present == nil ? nil : rdn
    attributes = present?.attributes ?? AttributeModel()
  }

  var isNew: Bool { present == nil }
  /// Whether there shall be such an entry.
  var isAlive: Bool { !isDeleted && !isDropped }
  /// Whether it is in the directory, and its place is to be another.
  var isMoved: Bool {
    guard let presentRDN, isAlive else { return false }
    return parent !== presentParent || !rdn.isSpelled(like: presentRDN)
  }
  /// Whether it keeps its name in the tree, whatever the spelling.
  var isAtPresentPlace: Bool {
    guard let presentRDN else { return false }
    return parent === presentParent && rdn.key.hasBytes(of: presentRDN.key)
  }

  /// The DN that it shall have.
  var dn: String {
    guard let parent else { return rdn.text }
    return rdn.text + "," + parent.dn
  }
  /// The tree key that it shall have.
  var key: String {
    guard let parent else { return present?.key ?? rdn.key }
    return parent.key + "," + rdn.key
  }
  /// How many entries shall be above it.
  var depth: Int {
    var depth = 0
    var above = parent
    while let one = above {
      depth += 1
      above = one.parent
    }
    return depth
  }
  /// The DN that it has, or shall have.
  var knownDN: String { present?.dn ?? dn }

  /// Takes everything back that lines asked for.
  func restore() {
    guard let present, let presentRDN else { return }
    parent = presentParent
    rdn = presentRDN
    attributes = present.attributes
    isDeleted = false
    deleteRoot = nil
    password = nil
    touched = [:]
    changeReason = nil
    nameOnTheWay = nil
    hadStandIn = []
    hasStandIn = []
  }
}
