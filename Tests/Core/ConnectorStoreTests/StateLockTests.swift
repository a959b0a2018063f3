import ConnectorStore
import Foundation
import Testing

@Suite struct StateLockTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.file("state.db") }

  @Test("A second run is told which process is running")
  func locked() throws {
    let first = try StateLock(statePath: path)
    let error = try #require(throws: StateLocked.self) { _ = try StateLock(statePath: path) }
    #expect(error.holder == ProcessInfo.processInfo.processIdentifier)
    #expect(error.description.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
    #expect(error.description.contains("--wait"))
    withExtendedLifetime(first) {}
  }

  @Test("The lock goes with its value, and is no secret of other users")
  func released() throws {
    do { _ = try StateLock(statePath: path) }
    _ = try StateLock(statePath: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path + ".lock")[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("A waiting run gets the lock when the first one ends")
  func waiting() async throws {
    let first = LockBox(try StateLock(statePath: path))
    let path = path
    async let second = StateLock.waiting(statePath: path, patience: .seconds(60))
    try await Task.sleep(for: .milliseconds(120))
    #expect(throws: StateLocked.self) { _ = try StateLock(statePath: path) }
    await first.release()
    _ = try await second
  }

  @Test("A waiting run gives up when its patience ends")
  func givingUp() async throws {
    let first = try StateLock(statePath: path)
    let start = ContinuousClock.now
    await #expect(throws: StateLocked.self) {
      try await StateLock.waiting(statePath: path, patience: .milliseconds(200))
    }
    #expect(ContinuousClock.now - start >= .milliseconds(200))
    withExtendedLifetime(first) {}
  }

  @Test("A lock file in a folder that is not there is an error that names the folder's remedy")
  func noFolder() throws {
    let error = try #require(throws: StoreError.self) { _ = try StateLock(statePath: folder.file("no/state.db")) }
    #expect(error.kind == .permission)
  }
}

/// Holds a lock until it is told to let go.
private actor LockBox {
  private var lock: StateLock?

  init(_ lock: StateLock) { self.lock = lock }

  func release() { lock = nil }
}
