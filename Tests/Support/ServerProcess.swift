import Glibc
import Synchronization

/// The process of a private server: started until it answers, ended for certain. It dies with the test process.
final class ServerProcess: Sendable {
  private let name: String
  private let child = Mutex<ChildProcess?>(nil)

  /// - Parameter name: the server's name in errors.
  init(name: String) { self.name = name }

  deinit { child.withLock { $0?.send(SIGKILL) } }

  var isRunning: Bool { child.withLock { $0?.isRunning ?? false } }

  /// What the server has written to its standard error since its last start.
  var standardError: String { text { $0.standardError } }

  /// What the server has written to its standard output since its last start.
  var standardOutput: String { text { $0.standardOutput } }

  /// Starts `program`, and returns when `answers` says so; blocks the calling thread.
  /// - Parameters:
  ///   - seconds: how long a start may take.
  ///   - answers: asked every 10 ms while the process lives.
  /// - Throws: `SupportError` with the end of the server's standard error, when it ends or does not answer.
  func launch(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], seconds: Int = 30,
    until answers: () -> Bool
  ) throws {
    let started = try ChildProcess(program, arguments, environment: environment)
    child.withLock { $0 = started }
    for _ in 0..<(seconds * 100) {
      guard started.isRunning else { throw SupportError("\(name) did not start:\n\(standardError.suffix(2000))") }
      if answers() { return }
      usleep(10_000)
    }
    throw SupportError("\(name) does not answer after \(seconds) s:\n\(standardError.suffix(2000))")
  }

  /// Ends the process with `signal`, or after 20 seconds with SIGKILL; harmless when it does not run.
  func end(with signal: Int32) throws {
    guard let child = child.withLock({ $0 }) else { return }
    child.send(signal)
    child.send(SIGCONT)
    if child.waitUntilEnd(timeout: 20) != nil { return }
    child.send(SIGKILL)
    guard child.waitUntilEnd(timeout: 10) != nil else { throw SupportError("\(name) \(child.pid) does not end") }
  }

  /// Freezes the process (SIGSTOP): connections open and requests go unanswered.
  func suspend() { child.withLock { $0?.send(SIGSTOP) } }

  /// Ends ``suspend()``.
  func resume() { child.withLock { $0?.send(SIGCONT) } }

  private func text(_ stream: (ChildProcess) -> AnonymousFile) -> String {
    String(decoding: child.withLock { $0.map { stream($0).contents() } ?? [] }, as: UTF8.self)
  }
}

/// Runs `body` with a fresh server, and ends and removes that afterwards, whatever happens.
package func usingServer<Server: DirectoryUnderTest, Value>(
  _ server: Server, _ body: (Server) async throws -> Value
) async throws -> Value {
  let result: Result<Value, any Error>
  do { result = .success(try await body(server)) } catch { result = .failure(error) }
  try await server.dispose()
  return try result.get()
}
