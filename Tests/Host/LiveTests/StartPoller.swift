import Synchronization

@testable import TestSupport

/// What a connector would find whose only watermark is the largest `reqStart` that it has seen.
///
/// A record appears when its operation ends, and carries the time when it began: one that began earlier and ended later
/// than another is passed by.
final class StartPoller: Sendable {
  private struct Found {
    var last = ""
    var records: Set<String> = []
    var targets: Set<String> = []
    var polls = 0
  }

  private let server: SlapdServer
  private let found = Mutex(Found())

  /// Starts after the newest record of now.
  init(on server: SlapdServer) async throws {
    self.server = server
    let starts = try await server.connector.search(SlapdServer.logBase, scope: .one, attributes: ["reqStart"])
    found.withLock { $0.last = starts.flatMap { $0.strings("reqStart") }.max() ?? "19700101000000.000000Z" }
  }

  /// DNs of the entries whose records were found.
  var targets: Set<String> { found.withLock { $0.targets } }
  var summary: String { found.withLock { "\($0.records.count) records in \($0.polls) polls" } }

  /// Reads what is new, by its own idea of new.
  func poll() async throws {
    let last = found.withLock { $0.last }
    let records = try await server.connector.search(
      SlapdServer.logBase, scope: .one, filter: "(&(objectClass=auditWriteObject)(reqStart>=\(last)))",
      attributes: ["reqStart", "reqDN"])
    found.withLock { found in
      found.polls += 1
      for record in records {
        found.records.insert(record.dn)
        found.targets.formUnion(record.strings("reqDN"))
        found.last = max(found.last, record.strings("reqStart").first ?? "")
      }
    }
  }

  /// Polls without a pause until the task is cancelled, and once more.
  func pollUntilCancelled() async throws {
    while !Task.isCancelled { try await poll() }
    try await poll()
  }
}
