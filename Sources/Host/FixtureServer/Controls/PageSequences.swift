import ConnectorCore

/// What is left of the paged searches of one connection; a cookie means nothing on any other (RFC 2696 §3).
///
/// A sequence is a snapshot: its entries are those of the moment when its first page was asked for.
struct PageSequences: Sendable {
  private var sequences: [[UInt8]: Rest] = [:]
  private var lastNumber = 0

  private struct Rest {
    let search: Search
    let page: Int
    let entries: ArraySlice<Entry>
  }

  /// What must not change from page to page.
  struct Search: Hashable, Sendable {
    let base: String
    let scope: SearchRequest.Scope
    let filter: Filter
    let attributes: [String]

    init(_ search: SearchOperation) {
      (base, scope, filter, attributes) = (search.base, search.scope, search.filter, search.attributes)
    }
  }

  /// The number of the page that a cookie asks for; 1 for an empty cookie and for one that is not known.
  func page(of cookie: [UInt8]) -> Int { sequences[cookie]?.page ?? 1 }

  /// Takes the entries that belong to a cookie, which is used up by that; nil where it is not of this search.
  mutating func take(_ cookie: [UInt8], for search: SearchOperation) -> ArraySlice<Entry>? {
    guard let rest = sequences[cookie], rest.search == Search(search) else { return nil }
    sequences[cookie] = nil
    return rest.entries
  }

  /// Keeps the entries of the pages to come, and makes the cookie for the next of them; empty where nothing is left.
  mutating func keep(_ entries: ArraySlice<Entry>, of search: SearchOperation, page: Int) -> [UInt8] {
    guard !entries.isEmpty else { return [] }
    lastNumber += 1
    let cookie = Array("page \(page) of sequence \(lastNumber)".utf8)
    sequences[cookie] = Rest(search: Search(search), page: page, entries: entries)
    return cookie
  }
}
