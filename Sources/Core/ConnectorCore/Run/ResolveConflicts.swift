/// Keeps two live objects from sharing a DN: whoever cannot have its DN yet is tried again.
extension PartitionImport {
  /// The items that can be committed together; the others are marked as failed, to be read again in this run.
  func withoutConflicts(_ items: [ResolveItem]) throws -> [ResolveItem] {
    var items = items
    for index in rivals(items) { postpone(&items[index], "another entry took its DN while it was read") }
    while true {
      let blocked = try blocked(items)
      if blocked.isEmpty { return items }
      for index in blocked { postpone(&items[index], "its DN is still held by another object") }
    }
  }

  /// Items that were read at one DN at different moments: one of them has moved since.
  private func rivals(_ items: [ResolveItem]) -> [Int] {
    let byKey = Dictionary(grouping: items.indices.filter { items[$0].present != nil }) { items[$0].present?.key ?? "" }
    return byKey.values.filter { $0.count > 1 }.flatMap(\.self)
  }

  /// Items whose new DN, or that of a descendant, is held by an object that does not give it up in this batch, and
  /// items with a descendant whose new DN another has, while nobody knows where that descendant is.
  private func blocked(_ items: [ResolveItem]) throws -> [Int] {
    let moves = try branchMoves(items)
    let wanted = items.compactMap { $0.present?.key } + moves.map(\.key)
    let leavers = items.filter { $0.stored != nil && ($0.isAbsent || $0.isOutOfScope) && !isWithheld($0) }
    let movers = items.filter { $0.present != nil && $0.stored != nil && $0.stored?.object.key != $0.present?.key }
    let vacating = Set((leavers + movers).compactMap { $0.stored?.row } + moves.map(\.name.row))
    guard !wanted.isEmpty else { return [] }
    let gone = Set(leavers.compactMap { $0.stored?.row })
    let lost = Set(moves.filter { $0.isTaken && !gone.contains($0.name.row) }.map(\.root))
    let keysByRoot = Dictionary(grouping: moves, by: \.root).mapValues { $0.map(\.key) }
    var result: [Int] = []
    for index in items.indices {
      let row = items[index].stored?.row
      let keys = [items[index].present?.key].compactMap(\.self) + (row.flatMap { keysByRoot[$0] } ?? [])
      let isBlocked =
        try row.map(lost.contains) ?? false
        || keys.contains { key in
          try store.holders(key: key, partition: partition.number).contains { $0 != row && !vacating.contains($0) }
        }
      if isBlocked { result.append(index) }
    }
    return result
  }

  private func postpone(_ item: inout ResolveItem, _ problem: String) {
    item.answer = .failed(problem)
    retries.formUnion(item.numbers)
  }
}
