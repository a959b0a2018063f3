/// A transaction of a change feed holds as a whole, in whatever order its records stand: they are put into one in which
/// they can be followed one by one.
extension ExportInput {
  /// Deletes first, the deepest before what is above; then what gets a name, parents before children, and renames before
  /// adds, for they free names; then the rest. Other lines stay where they are.
  static func inOrder(_ changes: [DesiredChange]) -> [DesiredChange] {
    var ordered: [DesiredChange] = []
    ordered.reserveCapacity(changes.count)
    var start = 0
    while start < changes.count {
      let transaction = changes[start].transaction
      var end = start + 1
      if transaction != nil { while end < changes.count, changes[end].transaction == transaction { end += 1 } }
      ordered += end == start + 1 ? changes[start..<end] : ArraySlice(inOrder(ofOne: changes[start..<end]))
      start = end
    }
    return ordered
  }

  private static func inOrder(ofOne transaction: ArraySlice<DesiredChange>) -> [DesiredChange] {
    let keyed = transaction.map { (change: $0, place: place(of: $0)) }
    return keyed.sorted { ($0.place, $0.change.line) < ($1.place, $1.change.line) }.map(\.change)
  }

  private static func place(of change: DesiredChange) -> Int {
    switch change.kind {
    case .delete: -depth(change.target.dn)
    case .rename(.dn(let new)): 2 * depth(new) + 1
    case .add: 2 * depth(change.target.dn) + 2
    case .rename, .update, .enable, .disable: .max
    }
  }

  private static func depth(_ dn: String?) -> Int { dn.map { DN.components(of: $0).count } ?? 0 }
}
