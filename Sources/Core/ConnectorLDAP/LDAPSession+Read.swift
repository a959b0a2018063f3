import CLDAP
package import ConnectorCore

extension LDAPSession {
  package func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    try await interruptible {
      var reads = RunningReads(bases, attributes, wire: try wire(for: "read of \(bases.count) entries"), log: log)
      defer { reads.abandon() }
      return try reads.run()
    }
  }
}

/// Base searches in flight together, their answers sorted back into the order of the questions.
private struct RunningReads {
  /// Enough to hide the way to the server and back; few enough that no socket buffer fills.
  private static let window = 64
  private static let batchBytes = 8 << 20

  private struct Read {
    let index: Int
    let started: Int64
    /// Where its entry lies in the batch.
    var position: Int?
    var problem: DirectoryError?
  }

  private let bases: [String]
  private let attributes: [String]
  private let wire: Wire
  private let log: OperationLog
  private var next = 0
  private var inFlight: [Int32: Read] = [:]
  private var answers: [ReadAnswer]
  private var batch = EntryBatch.Builder()
  private var positions: [(answer: Int, position: Int)] = []

  init(_ bases: [String], _ attributes: [String], wire: Wire, log: OperationLog) {
    self.bases = bases
    self.attributes = attributes
    self.wire = wire
    self.log = log
    answers = Array(repeating: .absent, count: bases.count)
  }

  mutating func run() throws -> [ReadAnswer] {
    while true {
      while next < bases.count && inFlight.count < Self.window && batch.byteCount < Self.batchBytes { try send() }
      if inFlight.isEmpty { handOver() } else { try receive() }
      if inFlight.isEmpty && next == bases.count { break }
    }
    handOver()
    return answers
  }

  mutating func abandon() {
    wire.abandon(inFlight.keys)
    inFlight = [:]
  }

  private func request(_ index: Int) -> SearchRequest {
    SearchRequest(base: bases[index], scope: .base, attributes: attributes, pageSize: nil)
  }

  private mutating func send() throws {
    let index = next
    next += 1
    let started = log.request(request(index), page: 0)
    do {
      let id = try wire.sendSearch(request(index), controls: [])
      inFlight[id] = Read(index: index, started: started)
    } catch let error as DirectoryError where !wire.isOver {
      answers[index] = .failed(error)
    }
  }

  private mutating func receive() throws {
    let message = try wire.receive(.whileBytesMove(bulk: false), "read of entries") { inFlight[$0] != nil }
    let id = message.id
    guard var read = inFlight[id] else { return }
    let operation = request(read.index).operation
    if message.kind == LDAP_RES_SEARCH_RESULT {
      inFlight[id] = nil
      wire.finish(id)
      let result = try wire.result(message, operation)
      log.result("search", id, result.code, entries: read.position == nil ? 0 : 1, since: read.started)
      end(read, result, operation)
      return
    }
    if message.kind == LDAP_RES_SEARCH_ENTRY {
      let position = batch.count
      if message.decodeEntry(of: wire.handle, into: &batch) {
        read.position = position
      } else {
        read.problem = DirectoryError(
          .decodingError, operation: operation, message: "the server sent a malformed entry; nothing of it was used")
      }
    } else if message.kind == LDAP_RES_SEARCH_REFERENCE {
      let urls = message.references(of: wire.handle) ?? []
      read.problem = DirectoryError(.referral, operation: operation, referrals: urls)
    }
    inFlight[id] = read
  }

  private mutating func end(_ read: Read, _ result: WireResult, _ operation: String) {
    if let problem = read.problem {
      answers[read.index] = .failed(problem)
    } else if result.code == .success {
      if let position = read.position { positions.append((read.index, position)) }
    } else if result.code != .noSuchObject {
      answers[read.index] = .failed(result.error(operation))
    }
  }

  /// Turns the batch so far into answers, when nothing is in flight.
  private mutating func handOver() {
    let entries = batch.finish()
    for (answer, position) in positions { answers[answer] = .entry(entries[position]) }
    positions = []
  }
}
