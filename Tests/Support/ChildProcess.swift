import Dispatch
import Foundation
import Glibc
import Synchronization

/// A child process that dies with this process, and that is signalled only while the pid is certainly ours.
///
/// Foundation's `Process` is no use here: from a Swift task it hands its child a mask that blocks SIGTERM.
package final class ChildProcess: Sendable {
  /// Where the child's standard input comes from.
  package enum Input: Sendable {
    case empty
    case bytes([UInt8])
    case pipe
  }

  /// How the child ended: an exit code, or the signal that killed it.
  struct Ending: Sendable {
    let exitCode: Int32
    let signal: Int32?
    let maxRSSBytes: Int
  }

  package let pid: Int32
  let standardOutput: AnonymousFile
  let standardError: AnonymousFile
  private let inputPipe: Mutex<Int32?>
  private let ending = Mutex<Ending?>(nil)
  private let ended = DispatchGroup()

  /// Starts `program` (an absolute path), without a shell.
  /// - Parameter environment: variables added to or replaced in those of this process.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Input = .empty,
    directory: String? = nil
  ) throws {
    guard access(program, X_OK) == 0 else { throw SupportError("\(program) is not there, or cannot be executed") }
    let output = try AnonymousFile()
    let errors = try AnonymousFile()
    let place = directory.map { ["/usr/bin/env", "--chdir=\($0)"] } ?? []
    let command = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] + place + [program] + arguments
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    signal(SIGPIPE, SIG_IGN)  // a writer to a dead child gets EPIPE
    let (child, source) = try SpawnThread.shared.perform {
      // The pipe is made on the spawn thread too: no other child of ours can start before it is close-on-exec.
      let source = try InputSource(input)
      defer { source.closeChildEnd() }
      let streams = [source.childEnd, output.descriptor, errors.descriptor]
      return (try spawn(command, environment: variables, streams: streams), source)
    }
    pid = child
    standardOutput = output
    standardError = errors
    inputPipe = Mutex(source.parentEnd)
    ended.enter()
    Thread.detachNewThread { [self] in reap() }
  }

  deinit { closeInput() }

  /// Sends `number`; does nothing when the child has ended.
  package func send(_ number: Int32) {
    ending.withLock { if $0 == nil { _ = kill(pid, number) } }
  }

  package var isRunning: Bool { ending.withLock { $0 == nil } }

  /// Blocks until the child has ended.
  /// - Returns: nil when `timeout` seconds were not enough.
  func waitUntilEnd(timeout: Double) -> Ending? {
    guard ended.wait(timeout: .now() + timeout) == .success else { return nil }
    return ending.withLock { $0 }
  }

  /// Writes to the child's standard input, which must be `.pipe`; blocks while the pipe is full.
  package func write(_ bytes: [UInt8]) throws {
    guard let descriptor = inputPipe.withLock({ $0 }) else { throw SupportError("standard input is closed") }
    try writeAll(bytes, to: descriptor)
  }

  /// Ends the child's standard input. Not to be called while another thread is in `write`.
  package func closeInput() {
    inputPipe.withLock {
      if let descriptor = $0 { close(descriptor) }
      $0 = nil
    }
  }

  /// Waits for the end without reaping, then reaps under the lock: until then the pid cannot be another process.
  private func reap() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    ending.withLock {
      var status: Int32 = 0
      var usage = rusage()
      while wait4(pid, &status, 0, &usage) < 0 && errno == EINTR {}
      let number = status & 0x7f
      let code = number == 0 ? (status >> 8) & 0xff : 128 + number
      $0 = Ending(exitCode: code, signal: number == 0 ? nil : number, maxRSSBytes: usage.ru_maxrss * 1024)
    }
    ended.leave()
  }
}

/// The two ends of a child's standard input.
private struct InputSource: Sendable {
  let childEnd: Int32
  let parentEnd: Int32?
  private let file: AnonymousFile?

  init(_ input: ChildProcess.Input) throws {
    switch input {
    case .empty: (file, parentEnd) = (try AnonymousFile(), nil)
    case .bytes(let bytes): (file, parentEnd) = (try AnonymousFile(bytes), nil)
    case .pipe:
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw SupportError("pipe: \(errnoText())") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(ends[1], 1031 /* F_SETPIPE_SZ */, 4096)  // little may be under way when a writer stops
      (file, childEnd, parentEnd) = (nil, ends[0], ends[1])
      return
    }
    childEnd = file?.descriptor ?? -1
  }

  func closeChildEnd() { if file == nil { close(childEnd) } }
}

/// posix_spawn(3) with an empty signal mask and default handlers.
private func spawn(_ command: [String], environment: [String: String], streams: [Int32]) throws -> pid_t {
  var attributes = posix_spawnattr_t()
  var actions = posix_spawn_file_actions_t()
  posix_spawnattr_init(&attributes)
  posix_spawn_file_actions_init(&actions)
  defer {
    posix_spawnattr_destroy(&attributes)
    posix_spawn_file_actions_destroy(&actions)
  }
  setSignals(&attributes)
  for (target, descriptor) in streams.enumerated() {
    posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
  }
  var arguments = command.map { strdup($0) } + [nil]
  var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
  defer { (arguments + variables).forEach { free($0) } }
  var pid: pid_t = 0
  let code = posix_spawn(&pid, command[0], &actions, &attributes, &arguments, &variables)
  guard code == 0 else {
    throw SupportError("cannot start \(command[0]) (package util-linux): \(String(cString: strerror(code)))")
  }
  return pid
}

private func setSignals(_ attributes: inout posix_spawnattr_t) {
  var none = sigset_t()
  var all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
}
