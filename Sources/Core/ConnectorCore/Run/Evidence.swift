/// What a log says of objects that cannot be seen any more.
extension PartitionImport {
  /// Whether a record explains an absence: a delete does, and a move below another parent, where the account may see
  /// nothing. A rename in its place does not: who saw the old name should see the new one.
  func explainsAbsence(_ hint: Hint) -> Bool {
    switch hint.kind {
    case .changed: return false
    case .deleted: return true
    case .renamed:
      guard let old = parentKey(of: hint.dn), let new = parentKey(of: hint.newDN) else { return true }
      return old != new
    }
  }

  /// The record that explains why an object is gone: its delete, or a move to where it cannot be seen.
  func recordOfLeaving(_ item: ResolveItem) -> String? {
    let hints = item.hints.filter { isCertain($0, item) }
    let records = hints.map(\.hint).filter(explainsAbsence)
    let last = records.last { $0.kind == .deleted } ?? records.last
    return last.map { "\($0.kind == .deleted ? "delete" : "move") recorded in \($0.record)" }
      ?? hints.last { $0.hint.kind == .renamed }.flatMap { destination(of: $0)?.departure }
  }

  /// Whether a record is about this very object. One that names it by DN alone is not always: another entry may have had
  /// the DN by then.
  private func isCertain(_ pending: PendingHint, _ item: ResolveItem) -> Bool {
    if let row = pending.object { return row == item.stored?.row }
    return !isNameless(pending) && pending.hint.id != nil
  }

  private func parentKey(of dn: String?) -> String? {
    dn.flatMap { try? normalizer.dns.key(of: $0) }.flatMap { normalizer.dns.parentKey(of: $0) }
  }
}
