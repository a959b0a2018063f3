/// The read half of a session: all that an adapter may touch. Paging is the session's business.
public protocol DirectoryReader: Sendable {
  /// Runs a search and hands over its entries in batches; the search waits while `each` runs.
  ///
  /// Returns only when the server ended the search with success, page by page, to the last one.
  /// - Throws: `DirectoryError` for every other end, also for a size limit that cut the answer short, a referral, or a
  ///   page without its response control. Entries handed out before that were real, but are not all.
  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary

  /// Reads single entries by DN, many at a time, and answers in the order of `bases`.
  /// - Throws: `DirectoryError` only when the connection itself is lost.
  func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer]
}

extension DirectoryReader {
  /// Reads single entries one after the other.
  public func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    var answers: [ReadAnswer] = []
    for base in bases { answers.append(try await read(base, attributes: attributes)) }
    return answers
  }

  /// Reads one entry by DN.
  public func read(_ base: String, attributes: [String]) async throws -> ReadAnswer {
    let request = SearchRequest(base: base, scope: .base, attributes: attributes, pageSize: nil)
    do {
      let found = try await collect(request)
      return found.first.map { .entry($0) } ?? .absent
    } catch let error as DirectoryError where error.code == .noSuchObject {
      return .absent
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      return .failed(error)
    }
  }

  /// Runs a search whose answer is known to be small, and returns its entries at once.
  public func collect(_ request: SearchRequest) async throws -> [Entry] {
    let found = Collected()
    _ = try await search(request) { batch in await found.append(batch) }
    return await found.entries
  }
}

private actor Collected {
  var entries: [Entry] = []
  func append(_ batch: EntryBatch) { entries += batch }
}
