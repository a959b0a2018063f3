/// What an export needs of the host to reach the directory.
package protocol ExportTarget: Sendable {
  /// The session to write on: the open one, or a new one after the last was lost.
  func session() async throws -> any DirectoryReader & DirectoryWriter
  /// A session to read on while the other one writes; by default the same.
  func lookup() async throws -> any DirectoryReader
  /// The sessions are of no use any more.
  func lost() async
  /// Whether a bind of its own with this password succeeds.
  func binds(as dn: String, with password: Secret) async throws -> Bool
}

extension ExportTarget {
  package func lookup() async throws -> any DirectoryReader { try await session() }
}

/// How patiently an export tries again.
package struct ExportPatience: Sendable {
  /// The wait after the first failure; it doubles from one to the next.
  package var first: Duration = .milliseconds(200)
  /// The longest wait.
  package var most: Duration = .seconds(10)
  /// Tries without any progress.
  package var tries = 8

  package init() {}

  /// The wait after so many failures in a row, counted from 1.
  func wait(after failures: Int) -> Duration {
    min(most, first * (1 << min(max(failures - 1, 0), 16)))
  }
}

/// Keeps the sessions of an export: opens new ones, and forgets those that were lost.
actor ExportConnection {
  private let target: any ExportTarget
  private let patience: ExportPatience
  private var generation = 0
  private var wasOpen = false

  init(_ target: any ExportTarget, _ patience: ExportPatience) {
    self.target = target
    self.patience = patience
  }

  /// The session to write on, and what `lost` must be told of it.
  ///
  /// The first one is tried once: a wrong setting is told at once. One that was lost is opened again with patience.
  func writer() async throws -> (session: any DirectoryReader & DirectoryWriter, generation: Int) {
    let (target, generation) = (target, generation)
    return (try await opened { try await target.session() }, generation)
  }

  /// The session to read on.
  func reader() async throws -> (session: any DirectoryReader, generation: Int) {
    let (target, generation) = (target, generation)
    return (try await opened { try await target.lookup() }, generation)
  }

  /// Gives up the sessions, unless somebody did so already.
  func lost(_ lost: Int) async {
    guard lost == generation else { return }
    generation += 1
    await target.lost()
  }

  func binds(as dn: String, with password: Secret) async throws -> Bool {
    try await target.binds(as: dn, with: password)
  }

  private func opened<Session: Sendable>(_ open: @Sendable () async throws -> Session) async throws -> Session {
    var failures = 0
    while true {
      do {
        let session = try await open()
        wasOpen = true
        return session
      } catch let error where wasOpen && Self.mayPass(error) {
        failures += 1
        guard failures < patience.tries else { throw error }
        try await Task.sleep(for: patience.wait(after: failures))
      }
    }
  }

  /// Whether a new try may succeed; wrong credentials must not be tried again and again, for that locks accounts.
  private static func mayPass(_ error: any Error) -> Bool {
    if error is CancellationError { return false }
    return (error as? DirectoryError)?.isRetriable ?? true
  }

  /// Reads with the lookup session; where that is lost, with the next one.
  func reading<Value: Sendable>(
    _ body: @Sendable (any DirectoryReader) async throws -> Value
  ) async throws -> Value {
    var failures = 0
    while true {
      let (session, generation) = try await reader()
      do {
        return try await body(session)
      } catch let error as DirectoryError where error.isRetriable || error.endsSession {
        failures += 1
        guard failures < patience.tries else { throw error }
        if error.endsSession { await lost(generation) }
        try await Task.sleep(for: patience.wait(after: failures))
      }
    }
  }
}

extension DirectoryError {
  /// Whether the session that threw it is of no use any more.
  var endsSession: Bool { [.serverDown, .timeout, .connectError, .decodingError].contains(code) }
}
