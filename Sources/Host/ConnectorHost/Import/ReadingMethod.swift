import ConnectorCore

/// How a search for many entries asks for them: in pages, as a sorted list, or all in one operation.
struct ReadingMethod: Equatable {
  /// Entries a page; nil for one operation.
  var pageSize: Int?
  /// What the list is sorted by; nil for paged results.
  var sortKey: SortKey?
}

extension Configuration.Import {
  /// Paged results where they are on, else virtual list view where that is on, else one operation.
  func reading(_ adapter: VendorAdapter?) -> ReadingMethod {
    if pagedResults { return ReadingMethod(pageSize: pageSize) }
    guard virtualListView else { return ReadingMethod() }
    return ReadingMethod(pageSize: pageSize, sortKey: sortKey ?? .usual(for: adapter))
  }
}

extension SortKey {
  /// The product's immutable ID, which no two entries share; where there is none, the common name.
  static func usual(for adapter: VendorAdapter?) -> SortKey {
    SortKey(adapter?.immutableID?.attribute ?? "cn")
  }
}
