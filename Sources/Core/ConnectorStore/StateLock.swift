import Glibc

/// The one run at a time that a state file takes: an flock(2) on `<state>.lock` that dies with the process.
///
/// The lock file stays when the lock goes: removing it would let two processes hold locks on two files of one name.
package final class StateLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or throws `StateLocked` at once; `StoreError` when the lock file cannot be made.
  package init(statePath: String) throws {
    let path = statePath + ".lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    // Every property is set, so that `deinit` closes the descriptor when this throws.
    guard descriptor >= 0 else {
      throw StateFile.failure(path, "cannot open the lock file: \(StateFile.reason())")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw StateFile.failure(path, "cannot lock: \(StateFile.reason())") }
      throw StateLocked(path: path, holder: Self.holder(descriptor))
    }
    writeHolder()
  }

  /// Takes the lock as soon as it is free; throws `StateLocked` when that takes longer than `patience`, and
  /// `CancellationError`.
  package static func waiting(statePath: String, patience: Duration) async throws -> StateLock {
    let deadline = ContinuousClock.now + patience
    while true {
      do {
        return try StateLock(statePath: statePath)
      } catch let error as StateLocked {
        guard ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Tells others who holds the lock; only a courtesy, so that nothing depends on its success.
  private func writeHolder() {
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
  }
}

/// Another process is at work on the state file.
package struct StateLocked: Error, Hashable, Sendable, CustomStringConvertible {
  /// The lock file.
  package var path: String
  /// The process that holds the lock, where that can be read.
  package var holder: Int32?

  package var description: String {
    let who = holder.map { "process \($0)" } ?? "another process"
    return "\(path): \(who) is running on this state file. Wait for it to end, or use --wait."
  }
}
