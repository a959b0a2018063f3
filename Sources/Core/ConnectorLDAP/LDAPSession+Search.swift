import CLDAP
package import ConnectorCore

extension LDAPSession: DirectoryReader {
  package func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    do {
      return try await run(request, each)
    } catch let error as DirectoryError where error.code == .controlNotFound {
      throw await cause(of: error, request)
    }
  }

  /// Why a page came without its control: 389 Directory Server ends the paged search of a base that is not there with
  /// success, and without entries and control, where others say noSuchObject (RFC 4511 §4.5.1).
  private func cause(of error: DirectoryError, _ request: SearchRequest) async -> DirectoryError {
    let base = try? await read(request.base, attributes: [SearchRequest.noAttributes])
    guard case .absent? = base else { return error }
    return DirectoryError(.noSuchObject, operation: request.operation, message: "the base of the search is not there")
  }

  private func run(
    _ request: SearchRequest, _ each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try await interruptible {
      let wire = try request.isOfList ? openListWire(request.operation) : wire(for: request.operation)
      defer { closeListWire(wire) }
      var search = RunningSearch(request, wire: wire, log: log)
      defer { search.abandon() }
      try search.sendPage()
      while let batch = try search.nextBatch() {
        if !batch.isEmpty { try await each(batch) }
        try Task.checkCancellation()
      }
      return search.summary
    }
  }
}

extension SearchRequest {
  /// Whether the entries come by virtual list view; one entry needs no list, and a root DSE cannot be sorted.
  var isOfList: Bool { sortKey != nil && pageSize != nil && scope != .base }

  /// What errors call this search.
  var operation: String {
    switch scope {
    case .base: "read of \(name)"
    case .oneLevel, .subtree: "search of \(name)"
    }
  }

  private var name: String { base.isEmpty ? "the root DSE" : base }
}

extension Wire {
  /// Sends a search (RFC 4511 §4.5.1), without limits but its own.
  func sendSearch(_ request: SearchRequest, controls: [Control]) throws -> Int32 {
    let scope =
      switch request.scope {
      case .base: LDAP_SCOPE_BASE
      case .oneLevel: LDAP_SCOPE_ONELEVEL
      case .subtree: LDAP_SCOPE_SUBTREE
      }
    let filter = request.filter.description
    try refuseNUL(request, filter)
    return try send(request.operation) { id in
      withControls(controls) { controls in
        withCStrings(request.attributes) { attributes in
          ldap_search_ext(
            handle, request.base, scope, filter, attributes, 0, controls, nil, nil,
            Int32(clamping: max(0, request.sizeLimit)), &id)
        }
      }
    }
  }

  /// libldap takes C strings, which a NUL would cut short.
  private func refuseNUL(_ request: SearchRequest, _ filter: String) throws {
    let key = request.sortKey.map { [$0.attribute.string, $0.rule ?? ""] } ?? []
    guard ([request.base, filter] + request.attributes + key).contains(where: { $0.utf8.contains(0) }) else { return }
    throw DirectoryError(
      .invalidDNSyntax, operation: request.operation,
      message: "base, filter, an attribute or the sort key holds a NUL character")
  }
}
