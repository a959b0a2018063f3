/// Makes a plan of what somebody wants in the directory: reads what is there, and writes nothing.
///
/// A plan that was carried out leaves nothing to do: the same input gives an empty plan then.
package struct ExportPlanner: Sendable {
  let scope: ExportScope
  let store: any ConnectorSpaceStore
  let reader: any DirectoryReader
  let secretHash: @Sendable (DesiredPassword) -> String
  let holdsPassword: @Sendable (_ dn: String, Secret) async throws -> Bool

  /// Prepares a plan: `store` tells which entry an ID or anchor means, and its key is in the fingerprints of entries;
  /// `secretHash` makes the keyed hash that finds a password in the input again, and `holdsPassword` says whether an
  /// account has this password already.
  package init(
    _ scope: ExportScope, store: any ConnectorSpaceStore, reader: any DirectoryReader,
    secretHash: @escaping @Sendable (DesiredPassword) -> String,
    holdsPassword: @escaping @Sendable (_ dn: String, Secret) async throws -> Bool
  ) {
    self.scope = scope
    self.store = store
    self.reader = reader
    self.secretHash = secretHash
    self.holdsPassword = holdsPassword
  }

  /// Plans the changes of an input, in the order of its lines.
  ///
  /// What cannot be done is a finding, and the rest is planned all the same; `empty` is the plan's header.
  /// - Throws: `DirectoryError` when the connection is lost, and what the store throws.
  package func plan(_ input: ExportInput, into empty: ExportPlan) async throws -> ExportPlan {
    let making = PlanMaking(self, edited: input.changes.flatMap { $0.edits.map(\.attribute) })
    for error in input.errors { making.findings.append(PlanFinding(.error, line: error.line, error.reason)) }
    making.noteAdds(input.changes)
    try await making.readAhead(input.changes)
    for change in input.changes { try await making.fold(change) }
    try await making.meetShadows()
    making.settle()
    making.fillEmptyGroups()
    try await making.keepInStep()
    making.validate()
    making.settle()
    try await making.settlePasswords()
    making.settle()
    return try await making.finish(empty, lines: input.changes.map(\.line))
  }
}

/// A plan on its way, see the files beside: reading, folding, settling, ordering.
final class PlanMaking {
  let planner: ExportPlanner
  let scope: ExportScope
  let kinds: AttributeKinds
  let names: PlanNames
  let tree: FutureTree
  let entries: PresentEntries
  let rules: EntryRules
  var findings: [PlanFinding] = []
  /// Lines that have an error already.
  var failedLines: Set<Int> = []
  /// What lines call entries that they rename or delete, by tree key.
  var aliases: [String: [Alias]] = [:]
  /// Entries to be made whose lines call them otherwise, because a rename of a line to come was carried out before: by the
  /// tree key of the line's DN.
  var newNames: [String: String] = [:]
  /// By ID: the last name that lines give an object.
  var lastNames: [String: LastName] = [:]
  /// IDs of what lines delete, and tree keys where they name none.
  var deleted: Set<String> = []
  /// The last lines that add entries, by the tree keys of their DNs: children may come before their parents.
  var adds: [String: Int] = [:]
  /// The line that is being followed.
  var currentLine = 0

  /// A new name that a line gives; nil where it deletes.
  struct Alias {
    var dn: String?
    var line: Int
  }

  /// Numbers of the partitions in the connector space.
  var storePartitions: [Int64] = []

  init(_ planner: ExportPlanner, edited: [AttributeDescription]) {
    self.planner = planner
    scope = planner.scope
    kinds = AttributeKinds(schema: scope.schema)
    names = PlanNames(scope.partitions, dns: kinds.dns)
    tree = FutureTree(scope.partitions, names, kinds)
    entries = PresentEntries(scope, reader: planner.reader, kinds: kinds, edited: edited)
    rules = EntryRules(schema: scope.schema, facts: scope.facts)
  }

  /// Notes that a line cannot be carried out, and takes all that is planned for its entry out of the plan.
  func fail(_ node: PlanNode?, line: Int?, _ problem: LineProblem, object: String? = nil) {
    if let node, node.failure == nil { node.failure = PlanNode.Failure(line: line) }
    if let line, !failedLines.insert(line).inserted { return }
    findings.append(
      PlanFinding(.error, line: line, object: node?.knownDN ?? object, problem.summary, remedy: problem.remedy))
  }

  func note(_ severity: PlanFinding.Severity, _ line: Int?, _ object: String?, _ summary: String, remedy: String? = nil)
  {
    findings.append(PlanFinding(severity, line: line, object: object, summary, remedy: remedy))
  }
}
