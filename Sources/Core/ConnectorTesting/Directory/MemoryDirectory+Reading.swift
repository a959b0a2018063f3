public import ConnectorCore
import Synchronization

extension MemoryDirectory {
  /// Runs a search page by page; each page shows the directory as it stands at that moment.
  /// - Throws: `DirectoryError` as a session would, after the entries that came before it.
  public func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    state.withLock { $0.searches.append(request) }
    var last: UInt64?
    var (served, pages) = (0, 0)
    while true {
      try Task.checkCancellation()
      let (page, faults) = try next(request, after: last, served: served)
      if !page.entries.isEmpty { try await each(EntryBatch(page.entries)) }
      served += page.entries.count
      pages += 1
      guard page.hasMore else {
        state.withLock { $0.afterSearch }?(self)
        return SearchSummary(entries: served)
      }
      try Self.checkLimits(request, faults, served: served, pages: pages)
      last = page.last ?? last
      let hook = state.withLock { $0.betweenPages }
      hook?(self)
    }
  }

  /// The whole answer to a search, without pages and limits: for a server that does those itself.
  public func entries(for request: SearchRequest) throws(DirectoryError) -> [Entry] {
    let answer = state.withLock { state in
      Result { () throws(DirectoryError) in
        try state.model.page(request, state.faults, view: try flavour.view(of: request, in: state.model)).entries
      }
    }
    return try answer.get()
  }

  /// Whether a bind with this DN and password would succeed: `userPassword` in clear text, or the fixture's account.
  public func authenticate(_ dn: String, password: [UInt8]) -> Bool {
    state.withLock { state in
      guard let key = state.model.key(dn), !password.isEmpty else { return false }
      if let account = state.account, state.model.key(account.dn) == key { return account.password == password }
      return state.model.nodes[key]?.entry.attributes["userPassword"].contains(password) ?? false
    }
  }

  private func next(
    _ request: SearchRequest, after last: UInt64?, served: Int
  ) throws(DirectoryError) -> (DirectoryModel.Page, Faults) {
    let answer = state.withLock { state in
      Result { () throws(DirectoryError) in
        let limits = [state.faults.sizeLimit, state.faults.adminLimit, request.sizeLimit > 0 ? request.sizeLimit : nil]
        let left = limits.compactMap { $0 }.map { max(0, $0 - served) }.min() ?? .max
        let count = min(left, max(1, request.pageSize ?? .max))
        let view = try flavour.view(of: request, in: state.model)
        return (try state.model.page(request, state.faults, view: view, after: last, count: count), state.faults)
      }
    }
    return try answer.get()
  }

  private static func checkLimits(
    _ request: SearchRequest, _ faults: Faults, served: Int, pages: Int
  ) throws(DirectoryError) {
    let operation = "search of \(request.base)"
    let sizeLimit = min(faults.sizeLimit ?? .max, request.sizeLimit > 0 ? request.sizeLimit : .max)
    if served >= faults.adminLimit ?? .max { throw DirectoryError(.adminLimitExceeded, operation: operation) }
    if served >= sizeLimit { throw DirectoryError(.sizeLimitExceeded, operation: operation) }
    if let cut = faults.pageCut, pages >= cut {
      throw DirectoryError(
        .controlNotFound, operation: operation, message: "a page came without the control for paged results")
    }
  }
}
