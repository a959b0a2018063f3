import ConnectorCore
import ConnectorTesting
import TestSupport
import Testing

/// A directory in memory, a connector space with what it holds, and a planner.
final class PlanBench {
  static let suffix = "dc=example,dc=com"
  let directory: MemoryDirectory
  var store: any ConnectorSpaceStore = InMemoryStore()
  var scope: ExportScope
  /// What the directory refuses: nothing where a plan is good.
  var executor = PlanExecutor()

  init(_ ldif: String = "", immutableID: ImmutableID? = .entryUUID) throws {
    directory = MemoryDirectory(partitions: [Self.suffix], flavour: .timestamp(), schemaEntry: PlanSchema.entry)
    var partition = ImportScope(partition: try DN(Self.suffix), schema: PlanSchema.schema)
    partition.immutableID = immutableID
    partition.budget = DeleteBudget(count: 100_000, percent: 100)
    scope = ExportScope(
      partitions: [partition], facts: ExportFacts(), product: "MemoryDirectory", schema: PlanSchema.schema,
      capabilities: [])
    scope.isProtected = true
    try directory.apply(ldif: "dn: \(Self.suffix)\nobjectClass: domain\ndc: example\n\n" + ldif)
    try learn()
  }

  // MARK: The directory

  static func dn(_ name: String) -> String { name.isEmpty ? suffix : "\(name),\(suffix)" }

  func unit(_ names: String...) throws {
    for name in names {
      try directory.apply(ldif: "dn: \(Self.dn(name))\nobjectClass: top\nobjectClass: organizationalUnit\n\n")
    }
    try learn()
  }

  func person(_ names: String..., more: String = "") throws {
    for name in names {
      try directory.apply(
        ldif: "dn: \(Self.dn(name))\nobjectClass: top\nobjectClass: inetOrgPerson\nsn: Smith\ncn: Ann\n\(more)\n")
    }
    try learn()
  }

  func group(_ name: String, _ members: String...) throws {
    let lines = members.map { "member: \(Self.dn($0))\n" }.joined()
    try directory.apply(ldif: "dn: \(Self.dn(name))\nobjectClass: top\nobjectClass: groupOfNames\n\(lines)\n")
    try learn()
  }

  func id(_ name: String) -> String { directory.entry(Self.dn(name))?.attributes.string("entryUUID") ?? "" }
  func values(_ name: String, _ attribute: AttributeDescription) -> [String] {
    directory.entry(Self.dn(name))?.attributes.strings(attribute) ?? []
  }
  func exists(_ name: String) -> Bool { directory.entry(Self.dn(name)) != nil }

  /// Makes a connector space of what the directory holds now.
  func learn() throws {
    let new = InMemoryStore(hashKey: store.hashKey)
    for scope in scope.partitions {
      let normalizer = ObjectNormalizer(
        schema: scope.schema, selection: scope.selection, immutableID: scope.immutableID, anchor: scope.anchor,
        linked: [], key: new.hashKey)
      let key = try normalizer.dns.key(of: scope.partition.string)
      let number = try new.partition(key: key, dn: scope.partition.string).number
      try new.begin()
      for entry in directory.entries where (try? normalizer.dns.key(of: entry.dn).hasPrefix(key)) ?? false {
        guard let identity = normalizer.identity(of: entry.entry),
          let object = try? normalizer.object(of: entry.entry, identity)
        else { continue }
        _ = try new.add(object, partition: number, reason: ChangeReason(run: 1))
      }
      try new.commit()
    }
    store = new
  }

  // MARK: Plans

  func plan(_ changes: [DesiredChange]) async throws -> ExportPlan {
    let planner = ExportPlanner(
      scope, store: store, reader: directory, secretHash: { "hash of line \($0.line)" },
      holdsPassword: { [directory] dn, secret in
        secret.withBytes { directory.authenticate(dn, password: $0) }
      })
    let empty = ExportPlan(
      plan: "0a1b2c3d-0000", created: "2026-11-28T00:00:00Z", feed: "feed", adapter: "memory", server: "ldap://memory",
      input: "input")
    return try await planner.plan(ExportInput(changes: changes, errors: []), into: empty)
  }

  /// Plans, carries out, and plans again: that plan must be empty.
  @discardableResult
  func export(_ changes: DesiredChange..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> ExportPlan
  {
    try await export(changes, sourceLocation: sourceLocation)
  }

  @discardableResult
  func export(_ changes: [DesiredChange], sourceLocation: SourceLocation = #_sourceLocation) async throws -> ExportPlan
  {
    let plan = try await plan(changes)
    try executor.carryOut(plan, in: directory, changes)
    let stale = try await self.plan(changes)
    #expect(stale.operations.isEmpty, "with the old connector space: \(stale.short)", sourceLocation: sourceLocation)
    try learn()
    let again = try await self.plan(changes)
    #expect(again.operations.isEmpty, "\(again.short)", sourceLocation: sourceLocation)
    return plan
  }
}

extension ExportPlan {
  /// The operations in short, wave by wave.
  var short: [String] {
    operations.map { operation in
      let name = operation.dn.replacing(",\(PlanBench.suffix)", with: "")
      let detail =
        operation.rename.map { " -> " + $0.dn.replacing(",\(PlanBench.suffix)", with: "") }
        ?? operation.modifications.map { " " + $0.map(\.short).joined(separator: " ") } ?? ""
      return "\(operation.wave) \(operation.kind.rawValue) \(name)\(detail)"
    }
  }

  var errors: [PlanFinding] { findings.filter { $0.severity == .error } }
  var warnings: [PlanFinding] { findings.filter { $0.severity == .warning } }
}

extension PlannedModification {
  /// Such as `+description=new`.
  var short: String {
    let sign = ["add": "+", "delete": "-", "replace": "="][operation.rawValue] ?? ""
    let text = values.map { ($0.text ?? "?").replacing(",\(PlanBench.suffix)", with: "") }.joined(separator: "|")
    return "\(sign)\(attribute):\(text)"
  }
}

// MARK: Lines

extension DesiredChange {
  static func add(_ name: String, line: Int = 1, password: String? = nil, _ attributes: [String: [String]])
    -> DesiredChange
  {
    var change = DesiredChange(line: line, target: Target(dn: PlanBench.dn(name)), kind: .add)
    change.edits = attributes.sorted { $0.key < $1.key }.map {
      AttributeEdit(
        AttributeDescription($0.key), .replace($0.value.map { Array($0.utf8) }, expected: nil))
    }
    change.password = password.map { DesiredPassword(line: line, secret: Secret($0), isHashed: false) }
    return change
  }

  static func person(
    _ name: String, line: Int = 1, password: String? = nil, _ more: [String: [String]] = [:]
  ) -> DesiredChange {
    let person = ["objectClass": ["top", "inetOrgPerson"], "sn": ["Smith"], "cn": ["Ann"]]
    return add(name, line: line, password: password, person.merging(more) { _, new in new })
  }

  static func unit(_ name: String, line: Int = 1) -> DesiredChange {
    add(name, line: line, ["objectClass": ["top", "organizationalUnit"]])
  }

  static func group(_ name: String, line: Int = 1, _ members: String...) -> DesiredChange {
    add(
      name, line: line,
      ["objectClass": ["top", "groupOfNames"], "member": members.map(PlanBench.dn)].filter { !$0.value.isEmpty })
  }

  static func update(_ name: String, line: Int = 1, _ edits: AttributeEdit...) -> DesiredChange {
    DesiredChange(line: line, target: Target(dn: PlanBench.dn(name)), kind: .update, edits: edits)
  }

  static func update(id: String, line: Int = 1, _ edits: AttributeEdit...) -> DesiredChange {
    DesiredChange(line: line, target: Target(id: id), kind: .update, edits: edits)
  }

  static func rename(_ name: String, to new: String, line: Int = 1, _ edits: AttributeEdit...) -> DesiredChange {
    DesiredChange(
      line: line, target: Target(dn: PlanBench.dn(name)), kind: .rename(.dn(PlanBench.dn(new))), edits: edits)
  }

  static func rename(id: String, to new: String, line: Int = 1) -> DesiredChange {
    DesiredChange(line: line, target: Target(id: id), kind: .rename(.dn(PlanBench.dn(new))))
  }

  static func request(
    _ name: String, _ rdn: String, deletesOld: Bool = true, to parent: String? = nil, line: Int = 1
  ) -> DesiredChange {
    DesiredChange(
      line: line, target: Target(dn: PlanBench.dn(name)),
      kind: .rename(.request(newRDN: rdn, deleteOldRDN: deletesOld, newSuperior: parent.map(PlanBench.dn))))
  }

  static func delete(_ name: String, line: Int = 1) -> DesiredChange {
    DesiredChange(line: line, target: Target(dn: PlanBench.dn(name)), kind: .delete)
  }

  static func delete(id: String, line: Int = 1) -> DesiredChange {
    DesiredChange(line: line, target: Target(id: id), kind: .delete)
  }

  func with(password: String, isHashed: Bool = false) -> DesiredChange {
    var change = self
    change.password = DesiredPassword(line: line, secret: Secret(password), isHashed: isHashed)
    return change
  }
}

extension AttributeEdit {
  static func set(_ name: AttributeDescription, _ values: String..., expecting old: [String]? = nil) -> AttributeEdit {
    AttributeEdit(
      name, .replace(values.map { Array($0.utf8) }, expected: old.map { $0.map { Array($0.utf8) } }))
  }
  static func put(_ name: AttributeDescription, _ values: String...) -> AttributeEdit {
    AttributeEdit(name, .change(add: values.map { Array($0.utf8) }, remove: []))
  }
  static func take(_ name: AttributeDescription, _ values: String...) -> AttributeEdit {
    AttributeEdit(name, .change(add: [], remove: values.map { Array($0.utf8) }))
  }
}
