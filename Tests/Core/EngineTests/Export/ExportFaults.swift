import ConnectorCore
import ConnectorLDAP
import Synchronization

/// What goes wrong on the way to the directory, as a test wants it; calls are counted from 1.
final class ExportFaults: Sendable {
  struct State {
    /// Requests that are still sent before the process is as good as dead: calls to the directory never return then.
    var requestsToLive: Int?
    /// Calls that read before the process is as good as dead.
    var readsToLive: Int?
    /// What answers a request in place of the server.
    var answer: (@Sendable (WriteRequest) -> WriteAnswer?)?
    /// Called before each write.
    var beforeWrite: (@Sendable ([WriteRequest]) async throws -> Void)?
    /// Turns what came back into what the run sees.
    var afterWrite: (@Sendable ([WriteRequest], [WriteAnswer]) -> [WriteAnswer])?
    var isDead = false
    var requests = 0
    var sessions = 0
    var lost = 0
  }

  let state = Mutex(State())

  func set(_ change: (inout sending State) -> Void) { state.withLock { change(&$0) } }
  var isDead: Bool { state.withLock { $0.isDead } }
  var sessions: Int { state.withLock { $0.sessions } }
  var requests: Int { state.withLock { $0.requests } }

  func die() async -> Never {
    state.withLock { $0.isDead = true }
    while true { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
  }
}

/// A session whose calls fail as the test wants.
struct FaultySession: DirectoryReader, DirectoryWriter {
  let session: LDAPSession
  let faults: ExportFaults

  func write(_ requests: [WriteRequest]) async throws -> [WriteAnswer] {
    let (before, after, answer) = faults.state.withLock { state in
      (state.beforeWrite, state.afterWrite, state.answer)
    }
    try await before?(requests)
    let left = faults.state.withLock { state -> Int? in
      defer { state.requests += requests.count }
      guard let left = state.requestsToLive else { return nil }
      state.requestsToLive = max(0, left - requests.count)
      return left
    }
    if let left, left < requests.count {
      if left > 0 { _ = try await session.write(Array(requests.prefix(left))) }
      await faults.die()
    }
    let given = requests.map { answer?($0) }
    let sent = requests.indices.filter { given[$0] == nil }
    var answers = given
    for (index, answer) in zip(sent, try await session.write(sent.map { requests[$0] })) { answers[index] = answer }
    let all = answers.compactMap { $0 }
    return after?(requests, all) ?? all
  }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try await session.search(request, each: each)
  }

  func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    let isOver = faults.state.withLock { state -> Bool in
      guard let left = state.readsToLive else { return false }
      state.readsToLive = left - 1
      return left <= 0
    }
    if isOver { await faults.die() }
    return try await session.read(bases, attributes: attributes)
  }
}

/// The way from a run to a real server.
actor LiveTarget: ExportTarget {
  private let settings: ConnectionSettings
  private let faults: ExportFaults
  private var open: LDAPSession?

  init(_ settings: ConnectionSettings, _ faults: ExportFaults) {
    self.settings = settings
    self.faults = faults
  }

  func session() async throws -> any DirectoryReader & DirectoryWriter {
    if let open { return FaultySession(session: open, faults: faults) }
    let session = try await LDAPSession.connect(to: settings)
    faults.set { $0.sessions += 1 }
    open = session
    return FaultySession(session: session, faults: faults)
  }

  func lost() async {
    faults.set { $0.lost += 1 }
    await open?.close()
    open = nil
  }

  func binds(as dn: String, with password: Secret) async throws -> Bool {
    var settings = settings
    settings.bind = .simple(dn: dn, password: password)
    do {
      try await LDAPSession.connect(to: settings).close()
      return true
    } catch let error as DirectoryError where error.code == .invalidCredentials {
      return false
    }
  }
}
