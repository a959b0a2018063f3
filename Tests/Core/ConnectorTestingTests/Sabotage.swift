import ConnectorCore
import Synchronization

/// A strategy that does as the correct one does, but for what is replaced.
struct Sabotage: DeltaStrategy {
  typealias Sink = @Sendable (HintBatch) async throws -> Void

  let base: ReferenceStrategy
  /// What the correct strategy reads hints through.
  var reader: @Sendable (any DirectoryReader) -> any DirectoryReader = { $0 }
  var readiness: (@Sendable (Sabotage, DN, any DirectoryReader) async throws -> Readiness)?
  var current: (@Sendable (Sabotage, DN, any DirectoryReader) async throws -> Watermark)?
  var reach: (@Sendable (Sabotage, Watermark, DN, any DirectoryReader) async throws -> Continuity)?
  var hand: (@Sendable (Sabotage, Watermark, DN, any DirectoryReader, Sink) async throws -> Void)?

  var method: DeltaMethod { base.method }

  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    if let readiness { return try await readiness(self, partition, reader) }
    return try await base.readiness(of: partition, reader)
  }

  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    if let current { return try await current(self, partition, reader) }
    return try await base.currentWatermark(of: partition, reader)
  }

  func continuity(of mark: Watermark, in partition: DN, _ reader: any DirectoryReader) async throws -> Continuity {
    if let reach { return try await reach(self, mark, partition, reader) }
    return try await base.continuity(of: mark, in: partition, reader)
  }

  func hints(
    since mark: Watermark, in partition: DN, _ reader: any DirectoryReader, to sink: Sink
  ) async throws {
    if let hand { return try await hand(self, mark, partition, reader, sink) }
    try await base.hints(since: mark, in: partition, self.reader(reader), to: sink)
  }

  /// All batches of the correct strategy.
  func batches(
    since mark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> [HintBatch] {
    let batches = Mutex<[HintBatch]>([])
    try await base.hints(since: mark, in: partition, self.reader(reader)) { batch in
      batches.withLock { $0.append(batch) }
    }
    return batches.withLock { $0 }
  }

  /// The watermark with its position changed.
  func moved(_ mark: Watermark, _ change: (inout ReferenceStrategy.Position) -> Void) throws -> Watermark {
    var position = try base.position(of: mark)
    change(&position)
    return try base.watermark(position, mark.server)
  }
}

extension VendorAdapter {
  /// The made-up product's adapter with a strategy that is wrong in one thing.
  static func acme(_ break: @escaping @Sendable (inout Sabotage) -> Void) -> VendorAdapter {
    var adapter = Acme.adapter
    adapter.delta = { settings in
      var sabotage = Sabotage(base: ReferenceStrategy(settings: settings))
      `break`(&sabotage)
      return sabotage
    }
    return adapter
  }

  /// One whose reader passes over records.
  static func acme(passingOver drop: @escaping @Sendable (Entry) -> Bool) -> VendorAdapter {
    acme { $0.reader = { EditingReader(base: $0) { entries, _ in entries.filter { !drop($0) } } } }
  }

  /// One that changes the hints before they are handed over.
  static func acme(hints change: @escaping @Sendable ([Hint], DN) -> [Hint]) -> VendorAdapter {
    acme { sabotage in
      sabotage.hand = { sabotage, mark, partition, reader, sink in
        let batches = try await sabotage.batches(since: mark, in: partition, reader)
        try await sink(
          HintBatch(hints: change(batches.flatMap(\.hints), partition), checkpoint: batches.last?.checkpoint))
      }
    }
  }
}

/// A reader that changes what comes back from the log.
struct EditingReader: DirectoryReader {
  let base: any DirectoryReader
  /// Takes the entries of a page, and its number from zero.
  let edit: @Sendable ([Entry], Int) -> [Entry]
  /// Errors that it takes for the end.
  var forgives: [ResultCode] = []

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    guard request.scope == .oneLevel else { return try await base.search(request, each: each) }
    let page = Mutex(0)
    do {
      return try await base.search(request) { batch in
        let number = page.withLock { page in
          defer { page += 1 }
          return page
        }
        try await each(EntryBatch(edit(Array(batch), number)))
      }
    } catch let error as DirectoryError where forgives.contains(error.code) {
      return SearchSummary()
    }
  }
}
