import CLDAP
import ConnectorCore
import Glibc

/// The most bytes that gather before a batch is handed over early.
private let batchBytes = 8 << 20
/// From how many entries on a search is worth waiting a moment for more bytes at a time.
private let bulkEntries = 64
/// The most entries of an unpaged search that gather.
private let batchEntries = 1000

/// One search on its way, page after page.
struct RunningSearch {
  private let request: SearchRequest
  private let wire: Wire
  private let log: OperationLog
  private let pageSize: Int?
  private var cookie: [UInt8] = []
  /// How often the request for the window under way was refused with busy.
  private var refusals = 0
  /// The list that is read, where the pages are those of a virtual list view.
  private var list: ListProgress?
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
    list = request.isOfList ? pageSize.map { ListProgress(pageSize: $0) } : nil
  }

  mutating func sendPage() throws {
    let controls = try pageControls()
    page += 1
    pageEntries = 0
    started = log.request(request, page: page)
    id = try wire.sendSearch(request, controls: request.controls + controls)
  }

  private func pageControls() throws -> [Control] {
    guard let size = pageSize else { return [] }
    guard let list, let key = request.sortKey else {
      return [try PagedResults.request(size: size, cookie: cookie, request.operation, wire.handle)]
    }
    return try VirtualList.request(
      list.window, contextID: list.contextID, by: key, request.operation, wire.handle)
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
    pageEntries += 1
    if list?.take(batch.lastDN) == false { return batch.abandonEntry() }
    summary.entries += 1
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
    do {
      if try hasMore(after: result) { try sendPage() }
    } catch let error as DirectoryError where result.code != .success {
      // Entries that came before are real: they are handed out first.
      ending = error
    }
  }

  /// Waits a moment before a refused window is asked for again; false after many tries.
  ///
  /// slapd lets go of a list only after it has sent the result: whoever asks for the next window at once finds it busy.
  private mutating func pauseBeforeRetry() -> Bool {
    guard pageEntries == 0, refusals < 9 else { return false }
    usleep(1000 << useconds_t(refusals))
    refusals += 1
    return true
  }

  /// Whether another page must be asked for.
  private mutating func hasMore(after result: WireResult) throws -> Bool {
    summary.controls = result.controls
    if list != nil, result.code == .busy, pauseBeforeRetry() { return true }
    refusals = 0
    if let key = request.sortKey, list != nil {
      let answer = try VirtualList.answer(result, by: key, request.operation, wire.handle)
      return try list?.advance(answer, request.operation) ?? false
    }
    guard result.code == .success else { throw result.error(request.operation) }
    guard pageSize != nil else { return false }
    cookie = try PagedResults.cookie(in: result.controls, request.operation, wire.handle)
    return !cookie.isEmpty
  }
}
