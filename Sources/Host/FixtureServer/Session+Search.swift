import ConnectorCore
import ConnectorTesting

extension Session {
  /// Searches (RFC 4511 §4.5), in pages, sorted and as a list view where a control asks for it.
  mutating func search(_ search: SearchOperation, _ request: RequestMessage) throws -> Answer {
    try checkAssertion(of: request, on: search.base)
    if let control = request.control(Control.pagedResultsOID), supported.honours(control.oid) {
      let paging = try PagedResultsControl(decoding: control.value ?? [])
      // A page that holds all that is wanted needs no paging (RFC 2696 §3).
      if search.sizeLimit == 0 || paging.size < search.sizeLimit { return try page(paging, of: search, request) }
    }
    let (found, sorting, controls) = try sorted(search, request)
    guard let found else { return .unsorted(request.id, controls) }
    if let control = request.control(WellKnownOIDs.virtualListView), supported.honours(control.oid) {
      return listView(try VirtualListView(decoding: control.value ?? []), found, sorting, search, request, controls)
    }
    return Answer(request.id, found, of: search, controls: controls)
  }

  /// One page; its result carries the cookie for the next (RFC 2696 §3).
  private mutating func page(
    _ paging: PagedResultsControl, of search: SearchOperation, _ request: RequestMessage
  ) throws -> Answer {
    let number = pages.page(of: paging.cookie)
    var controls: [Control] = []
    var entries: ArraySlice<Entry>
    if paging.cookie.isEmpty {
      let sorted = try sorted(search, request)
      controls = sorted.controls
      guard let found = sorted.entries else { return .unsorted(request.id, controls) }
      entries = found[...]
    } else {
      guard let rest = pages.take(paging.cookie, for: search) else {
        let result = LDAPResult(.unwillingToPerform, "the paged results cookie is not of this search and connection")
        return Answer(request.id, .result(result, of: .search))
      }
      entries = rest
    }
    // A size of zero ends the sequence (RFC 2696 §3).
    let page = entries.prefix(paging.size)
    let rest = paging.size == 0 ? [] : entries.dropFirst(paging.size)
    let cookie = pages.keep(rest, of: search, page: number + 1)
    // A slice keeps its place in the whole, so its end is the size of the whole.
    controls.append(PagedResultsControl(size: entries.endIndex, cookie: cookie).control)
    return Answer(request.id, Array(page), of: search, controls: controls)
  }

  /// The whole answer, in order where the client asked for one and got it (RFC 2891 §2).
  ///
  /// No entries at all where sorting was critical and failed; unsorted ones where it failed and was not.
  private func sorted(
    _ search: SearchOperation, _ request: RequestMessage
  ) throws -> (entries: [Entry]?, sorting: Sorting?, controls: [Control]) {
    let found = try directory.entries(for: SearchRequest(search, controls: request.controls))
    guard let control = request.control(WellKnownOIDs.sort), supported.honours(control.oid) else {
      return (found, nil, [])
    }
    do {
      let keys = try SortControlKey.list(decoding: control.value ?? [])
      var request = SearchRequest(search, controls: request.controls)
      request.attributes = ["*", "+"] + keys.map(\.attribute.string)
      let sorting = try Sorting(keys, schema: directory.evidence.schema, try directory.entries(for: request))
      return (sorting.sorted(found), sorting, [SortOutcome(code: .success).control])
    } catch let failure as SortFailure {
      return (control.isCritical ? nil : found, nil, [failure.outcome.control])
    }
  }

  /// One part of a sorted list (draft-ietf-ldapext-ldapv3-vlv-09 §6).
  private mutating func listView(
    _ view: VirtualListView, _ entries: [Entry], _ sorting: Sorting?, _ search: SearchOperation,
    _ request: RequestMessage, _ controls: [Control]
  ) -> Answer {
    func refused(_ code: ResultCode, _ message: String) -> Answer {
      let outcome = VirtualListViewOutcome(count: entries.count, code: code)
      return Answer(
        request.id, .result(LDAPResult(.virtualListViewError, message), of: .search),
        controls: controls + [outcome.control])
    }
    guard let sorting else { return refused(.sortControlMissing, "a list view needs the sort control") }
    guard listViews.knows(view.context, for: search) else {
      return refused(.unwillingToPerform, "the context is not of this search and connection")
    }
    guard let context = listViews.context(view.context, for: search) else {
      let result = LDAPResult(
        .busy, "this connection has \(ListViews.most) lists already; bring the context of one back")
      return Answer(request.id, .result(result, of: .search))
    }
    let position = view.position(in: entries.count) { sorting.position(of: $0, in: entries) }
    guard let position else { return refused(.offsetRangeError, "an offset is 1 or more") }
    let outcome = VirtualListViewOutcome(
      position: position, count: entries.count, code: .success, context: context)
    let part = Array(entries[view.range(around: position, in: entries.count)])
    return Answer(request.id, part, of: search, controls: controls + [outcome.control])
  }
}

extension Answer {
  /// The end of a search that had to be sorted and could not be; the control says why (RFC 2891 §2).
  fileprivate static func unsorted(_ id: Int, _ controls: [Control]) -> Answer {
    let result = LDAPResult(.unavailableCriticalExtension, "the entries cannot be sorted by these keys")
    return Answer(id, .result(result, of: .search), controls: controls)
  }

  /// Entries in the form that the client asked for, up to its size limit (RFC 4511 §4.5.1.4 and §4.5.1.6).
  fileprivate init(_ id: Int, _ found: [Entry], of search: SearchOperation, controls: [Control]) {
    let isTooMuch = search.sizeLimit > 0 && found.count > search.sizeLimit
    self.init(id, .result(isTooMuch ? LDAPResult(.sizeLimitExceeded) : .success, of: .search), controls: controls)
    let wanted = isTooMuch ? Array(found.prefix(search.sizeLimit)) : found
    entries = search.typesOnly ? wanted.map(\.withoutValues) : wanted
  }
}

extension Entry {
  fileprivate var withoutValues: Entry { Entry(dn: dn, attributes: attributes.map { ($0.0, []) }) }
}

extension SearchRequest {
  init(_ search: SearchOperation, controls: [Control] = []) {
    // Every entry has an object class, also the root DSE of the many servers that do not show it there.
    let isOfRoot = search.base.isEmpty && search.scope == .base && search.filter == .all
    self.init(
      base: search.base, scope: search.scope, filter: isOfRoot ? .and([]) : search.filter,
      attributes: search.attributes, pageSize: nil, controls: controls)
  }
}
