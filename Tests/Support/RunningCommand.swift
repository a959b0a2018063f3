import Foundation
import Glibc

/// A child process under way, with what it has written so far.
package final class RunningCommand: Sendable {
  private let child: ChildProcess
  private let memory: PeakMemory?
  private let name: String
  private let start = ContinuousClock.now

  /// Starts `program` with `arguments`.
  /// - Parameter followsMemory: whether ``CommandResult/peakRSSBytes`` is wanted (it costs a thread).
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: ChildProcess.Input = .empty,
    directory: String? = nil, followsMemory: Bool = false
  ) throws {
    child = try ChildProcess(
      program, arguments, environment: environment, input: input, directory: directory)
    memory = followsMemory ? PeakMemory(following: child) : nil
    name = "\(program) \(arguments.prefix(3).joined(separator: " "))"
  }

  package var isRunning: Bool { child.isRunning }
  package var pid: Int32 { child.pid }

  /// The complete lines written to the standard output so far.
  package var linesSoFar: [String] {
    let bytes = child.standardOutput.contents()
    let complete = bytes.lastIndex(of: 0x0a).map { bytes[...$0] } ?? []
    return complete.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Sends a signal; does nothing when the child has ended.
  package func send(_ signal: Int32) { child.send(signal) }

  /// Kills the child (SIGKILL) in `milliseconds` from now, unless it has ended by then; returns at once.
  package func kill(afterMilliseconds milliseconds: Int) {
    let child = child
    Thread.detachNewThread {
      usleep(UInt32(clamping: milliseconds) &* 1000)
      child.send(SIGKILL)
    }
  }

  /// Waits for the end; the task's thread stays free.
  /// - Throws: `SupportError` when `timeout` seconds pass: the child is killed then.
  package func wait(timeout: Double = 120) async throws -> CommandResult {
    try await offPool { try self.waitBlocking(timeout: timeout) }
  }

  func waitBlocking(timeout: Double) throws -> CommandResult {
    guard let ending = child.waitUntilEnd(timeout: timeout) else {
      child.send(SIGKILL)
      _ = child.waitUntilEnd(timeout: 10)
      let errors = String(decoding: child.standardError.contents().suffix(2000), as: UTF8.self)
      throw SupportError("\(name): not done after \(timeout) s, killed. Its standard error:\n\(errors)")
    }
    let elapsed = start.duration(to: .now).components
    return CommandResult(
      exitCode: ending.exitCode, signal: ending.signal, standardOutputBytes: child.standardOutput.contents(),
      standardErrorBytes: child.standardError.contents(),
      peakRSSBytes: memory?.bytes(exact: ending.maxRSSBytes) ?? ending.maxRSSBytes,
      seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
  }
}

/// Runs a program to its end, blocking the calling thread.
func runBlocking(
  _ program: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
  directory: String? = nil, timeout: Double = 120
) throws -> CommandResult {
  let running = try RunningCommand(
    program, arguments, environment: environment, input: .bytes(input), directory: directory)
  return try running.waitBlocking(timeout: timeout)
}
