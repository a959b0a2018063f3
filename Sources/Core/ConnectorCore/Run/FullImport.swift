/// Full import: read everything, prove that it was everything, and only then think about what was not there.
extension PartitionImport {
  /// Runs a full import of the partition.
  /// - Throws: `DirectoryError` when the directory cannot be read; what was read until then is kept, nothing is deleted,
  ///   and the old watermark stays.
  package func importAll() async throws {
    let before = partition.watermark
    let watermark = await watermarkBeforeReading()
    var references: [String] = []
    for base in scope.searchBases { references += try await stream(base).references }
    try commitPages()
    report.isComplete = try provesComplete()
    try holdAttributeLosses()
    if report.isComplete { try holdExcessiveAbsences(references) }
    try await resolveAndDelete()
    if report.isComplete {
      try await settleAbsences(before: before, references: references)
      try await resolveAndDelete()
    }
    try finishFull(watermark)
  }

  /// The position of the log before the first entry is read; without one, only another full import can follow.
  private func watermarkBeforeReading() async -> Watermark? {
    guard let delta else { return nil }
    do {
      return try await delta.currentWatermark(of: scope.partition, reader)
    } catch {
      find(
        .warning, nil, "The log's position could not be read, so no delta import can follow: \(error)",
        remedy: "Run `check` to see what is missing.")
      return nil
    }
  }

  /// Streams one branch; the page being applied and the page being read overlap.
  private func stream(_ base: String) async throws -> SearchSummary {
    let pipeline = PagePipeline { page in try await self.apply(page) }
    let request = request(base: base)
    do {
      let summary = try await reader.search(request) { page in try await pipeline.submit(page) }
      try await pipeline.finish()
      return summary
    } catch {
      try? await pipeline.finish()
      try commitPages()
      throw (error as? DirectoryError).map(withCure) ?? error
    }
  }

  /// A limit of the server cuts the same import short every time, until somebody lifts it.
  private func withCure(_ error: DirectoryError) -> DirectoryError {
    guard error.code.isLimit else { return error }
    var error = error
    let cure = scope.limitsRemedy ?? "Free the account \(scope.account) from the server's size and time limits"
    let paging = scope.pageSize == nil ? ", or switch paged results or virtual list view on" : ""
    error.message +=
      (error.message.isEmpty ? "" : ". ")
      + "A limit of the server ended the search after \(report.counts.read) entries, and nothing was deleted. \(cure)"
      + paging
    return error
  }

  /// The completeness proof, after every search has ended with success: every object known before is a canary, and if
  /// not one of them was seen again, this is another directory or another account's view of it.
  private func provesComplete() throws -> Bool {
    let known = try store.count(partition: partition.number) - report.counts.added
    guard known > DeleteBudget.floor, !sawKnownObject else { return true }
    find(
      .error, nil, "The import is not trusted: none of the \(known) objects known before was returned.",
      remedy: "Check that it is the same directory, and that the account may still read it; nothing was deleted.")
    return false
  }

  private func reportNonObjects() {
    for (mark, count) in nonObjects.sorted(by: { $0.key.description < $1.key.description }) {
      find(.info, nil, "\(count) entries are no objects and were left out: they have \(mark).")
    }
  }

  private func reportWithoutID() {
    guard entriesWithoutID > 0, let attribute = scope.immutableID?.attribute else { return }
    find(
      .warning, nil, "\(entriesWithoutID) entries have no \(attribute); they are known by their DN.",
      remedy:
        "Only the log's record of a rename keeps such an object one; check that the account may read the attribute.")
  }

  /// Stores the watermark with the proof; without it the old one stays.
  private func finishFull(_ watermark: Watermark?) throws {
    reportNonObjects()
    reportWithoutID()
    if report.isComplete {
      partition.watermark = watermark
      partition.fingerprint = scope.fingerprint
      partition.lastFullImport = run
      try transaction { try store.save(partition) }
    }
    report.watermark = partition.watermark
    report.counts.pending = try unresolvedCount()
  }
}

/// Lets one page be applied while the next is read; at most two pages are in memory.
private actor PagePipeline {
  private let apply: @Sendable (EntryBatch) async throws -> Void
  private var running: Task<Void, any Error>?

  init(apply: @escaping @Sendable (EntryBatch) async throws -> Void) { self.apply = apply }

  func submit(_ page: EntryBatch) async throws {
    try await finish()
    let apply = apply
    running = Task { try await apply(page) }
  }

  func finish() async throws {
    let last = running
    running = nil
    try await last?.value
  }
}
