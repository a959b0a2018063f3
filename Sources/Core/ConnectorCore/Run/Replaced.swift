/// The DNs that a batch gives to entries found there.
struct GivenNames {
  private let keys: Set<String>
  private let displacedRows: Set<Int64>

  init(_ items: [ResolveItem], _ moves: [BranchMove]) {
    keys = Set(items.compactMap { $0.present?.key } + moves.map(\.key))
    displacedRows = Set(moves.filter(\.isTaken).map(\.name.row))
  }

  /// Whether another entry gets the DN that the object has, or would have after its branch moved.
  func displace(_ stored: StoredObject) -> Bool {
    keys.contains(stored.object.key) || displacedRows.contains(stored.row)
  }
}

/// Objects that cannot wait for the budget, because other entries have their DNs.
extension PartitionImport {
  /// Holds all of a batch where the budget does not allow their deletes; the newcomers wait then.
  /// - Returns: whether any was held.
  func holdReplaced(_ items: [ResolveItem]) throws -> Bool {
    let names = GivenNames(items, try branchMoves(items))
    let replaced = items.compactMap { $0.isAbsent || $0.isOutOfScope ? $0.stored : nil }.filter {
      names.displace($0) && !withheld.contains($0.row) && !released.contains($0.row)
    }
    guard !replaced.isEmpty else { return false }
    let allowance = try allowance()
    guard deletes + leaving.count + replaced.count > allowance else { return false }
    try hold(replaced.map { Leaving(name: ObjectName($0), reason: "another entry has its DN") }, allowance)
    return true
  }

  /// Whether only the operator may let an item's object go.
  func isWithheld(_ item: ResolveItem) -> Bool { item.stored.map { withheld.contains($0.row) } ?? false }
}
