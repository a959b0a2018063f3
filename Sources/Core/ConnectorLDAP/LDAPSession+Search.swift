import CLDAP
package import ConnectorCore

/// The most bytes that gather before a batch is handed over early.
private let batchBytes = 8 << 20
/// From how many entries on a search is worth waiting a moment for more bytes at a time.
private let bulkEntries = 64
/// The most entries of an unpaged search that gather.
private let batchEntries = 1000

extension LDAPSession: DirectoryReader {
  package func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try await interruptible {
      var search = RunningSearch(request, wire: try wire(for: request.operation), log: log)
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

/// One search on its way, page after page.
private struct RunningSearch {
  private let request: SearchRequest
  private let wire: Wire
  private let log: OperationLog
  private let pageSize: Int?
  private var cookie: [UInt8] = []
  private var page = 0
  private var pageEntries = 0
  private var id: Int32?
  private var started: Int64 = 0
  private var batch = EntryBatch.Builder()
  private var ending: DirectoryError?
  private(set) var summary = SearchSummary()

  init(_ request: SearchRequest, wire: Wire, log: OperationLog) {
    self.request = request
    self.wire = wire
    self.log = log
    // One entry needs no pages, and a root DSE cannot be paged.
    pageSize = request.scope == .base ? nil : request.pageSize
  }

  mutating func sendPage() throws {
    var controls = request.controls
    if let size = pageSize {
      controls.append(try PagedResults.request(size: size, cookie: cookie, request.operation, wire.handle))
    }
    page += 1
    pageEntries = 0
    started = log.request(request, page: page)
    id = try wire.sendSearch(request, controls: controls)
  }

  /// The next entries, perhaps none; nil when the search has ended with success.
  mutating func nextBatch() throws -> EntryBatch? {
    if let ending { throw ending }
    guard let id else { return nil }
    while true {
      let patience = Wire.Patience.whileBytesMove(bulk: summary.entries >= bulkEntries)
      let message = try wire.receive(patience, request.operation) { $0 == id }
      if message.kind == LDAP_RES_SEARCH_ENTRY {
        try add(message)
        if batch.byteCount > batchBytes || pageSize == nil && batch.count == batchEntries { break }
      } else if message.kind == LDAP_RES_SEARCH_REFERENCE {
        try addReference(message)
      } else if message.kind == LDAP_RES_SEARCH_RESULT {
        try endPage(message, id)
        break
      } else if message.kind != LDAP_RES_INTERMEDIATE {
        throw wire.fail(
          .decodingError, "the server answered a search with another operation's response", request.operation)
      }
    }
    return batch.finish()
  }

  /// Abandons the page that is under way, if any.
  mutating func abandon() {
    if let id { wire.abandon(CollectionOfOne(id)) }
    id = nil
  }

  private mutating func add(_ message: borrowing WireMessage) throws {
    guard message.decodeEntry(of: wire.handle, into: &batch) else {
      throw DirectoryError(
        .decodingError, operation: request.operation,
        message: "the server sent a malformed entry; nothing of it was used"
      )
    }
    summary.entries += 1
    pageEntries += 1
  }

  private mutating func addReference(_ message: borrowing WireMessage) throws {
    guard let urls = message.references(of: wire.handle) else {
      throw DirectoryError(
        .decodingError, operation: request.operation, message: "the server sent a malformed search reference")
    }
    summary.references += urls
  }

  /// Takes the result of a page and asks for the next one at once, so that the server works while we do.
  private mutating func endPage(_ message: borrowing WireMessage, _ finished: Int32) throws {
    wire.finish(finished)
    id = nil
    let result = try wire.result(message, request.operation)
    log.result("search", finished, result.code, entries: pageEntries, since: started)
    guard result.code == .success else {
      // Entries that came before are real: they are handed out first.
      ending = result.error(request.operation)
      return
    }
    summary.controls = result.controls
    guard pageSize != nil else { return }
    cookie = try PagedResults.cookie(in: result.controls, request.operation, wire.handle)
    if !cookie.isEmpty { try sendPage() }
  }
}

extension SearchRequest {
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
    guard ([request.base, filter] + request.attributes).contains(where: { $0.utf8.contains(0) }) else { return }
    throw DirectoryError(
      .invalidDNSyntax, operation: request.operation, message: "base, filter or an attribute holds a NUL character")
  }
}
