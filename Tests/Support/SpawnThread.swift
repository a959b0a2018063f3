import Dispatch
import Foundation

/// The one thread that starts children.
///
/// `PR_SET_PDEATHSIG` fires when the *thread* that spawned the child ends (prctl(2)), and both the cooperative pool and
/// Dispatch end threads at will; so every child comes from this thread, which lives as long as the process.
final class SpawnThread: @unchecked Sendable {
  static let shared = SpawnThread()

  private let condition = NSCondition()
  private var jobs: [@Sendable () -> Void] = []

  private init() {
    let thread = Thread { [self] in serve() }
    thread.name = "spawn"
    thread.start()
  }

  /// Runs `body` on the spawn thread and returns what it returns or throws.
  func perform<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
    let box = ResultBox<Value>()
    condition.lock()
    jobs.append { box.fill(Result(catching: body)) }
    condition.signal()
    condition.unlock()
    return try box.wait().get()
  }

  private func serve() {
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let job = jobs.removeFirst()
      condition.unlock()
      job()
    }
  }
}

private final class ResultBox<Value: Sendable>: @unchecked Sendable {
  private let filled = NSCondition()
  private var result: Result<Value, any Error>?

  func fill(_ value: Result<Value, any Error>) {
    filled.lock()
    result = value
    filled.signal()
    filled.unlock()
  }

  func wait() -> Result<Value, any Error> {
    filled.lock()
    defer { filled.unlock() }
    while true {
      if let result { return result }
      filled.wait()
    }
  }
}

/// Runs a blocking `body` on a thread of its own, so that nothing blocks the cooperative pool.
package func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
  }
}
