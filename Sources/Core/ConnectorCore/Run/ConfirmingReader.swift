/// Reads for the confirmation of an export: what came back with the answer to the change is not read again.
actor ConfirmingReader: DirectoryReader {
  private let connection: ExportConnection
  private var known: [String: Entry] = [:]

  init(_ connection: ExportConnection) { self.connection = connection }

  /// Keeps an entry for the next read of this DN.
  func remember(_ entry: Entry, as base: String) { known[base] = entry }

  /// What was kept is not the latest any more.
  func forget() { known = [:] }

  func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    var answers = bases.map { base in known.removeValue(forKey: base).map { ReadAnswer.entry($0) } }
    let open = answers.indices.filter { answers[$0] == nil }
    guard !open.isEmpty else { return answers.compactMap(\.self) }
    let missing = open.map { bases[$0] }
    let read = try await connection.reading { try await $0.read(missing, attributes: attributes) }
    for (index, answer) in zip(open, read) { answers[index] = answer }
    return answers.map { $0 ?? .absent }
  }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    // Entries that were handed out once may be handed out again: all who read here take that.
    try await connection.reading { try await $0.search(request, each: each) }
  }
}
