import ConnectorCore
import ConnectorLDAP

/// A second session for re-reads, opened when the first one is needed: a delta with nothing to do never pays for it.
actor LookupSession: DirectoryReader {
  private let open: @Sendable () async throws -> Connection
  private var opening: Task<Connection, any Error>?

  init(_ open: @escaping @Sendable () async throws -> Connection) { self.open = open }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try await connection().reader.search(request, each: each)
  }

  func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    try await connection().reader.read(bases, attributes: attributes)
  }

  func close() async {
    if let connection = try? await opening?.value { await connection.close() }
    opening = nil
  }

  private func connection() async throws -> Connection {
    if let opening { return try await opening.value }
    let open = open
    let task = Task { try await open() }
    opening = task
    return try await task.value
  }
}
