import ConnectorCore

/// The contexts of list views that one connection was given (draft-ietf-ldapext-ldapv3-vlv-09 §5.2).
///
/// Each part is cut from the list as it stands at that moment; the context only ties it to its search. As on slapd, a
/// connection can have few of them, and none is given up before it ends: a client that does not bring its context back
/// is soon refused.
struct ListViews: Sendable {
  /// The most lists of a connection, as slapd has it.
  static let most = 5
  private var searches: [[UInt8]: PageSequences.Search] = [:]

  /// Whether a client may come with this context; it may always come with none.
  func knows(_ context: [UInt8]?, for search: SearchOperation) -> Bool {
    guard let context else { return true }
    return searches[context] == PageSequences.Search(search)
  }

  /// The context that goes with a search; the one that the client brought stays. Nil where there are too many.
  mutating func context(_ old: [UInt8]?, for search: SearchOperation) -> [UInt8]? {
    if let old { return old }
    guard searches.count < Self.most else { return nil }
    let context = Array("list view \(searches.count + 1)".utf8)
    searches[context] = PageSequences.Search(search)
    return context
  }
}
