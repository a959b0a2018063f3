import Glibc

/// A child process that was run to its end: how it ended, and what it wrote to its standard error.
///
/// Foundation's `Process` is no use here: from a Swift task it hands its child a mask that blocks SIGTERM.
struct ChildReport {
  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
    /// It took too long, and was killed with all that it had started.
    case late
  }

  let ending: Ending
  /// The beginning of what it wrote.
  let text: String

  private static let textLimit = 4096

  /// Starts a program, whose standard input and output are empty, and waits for its end; blocks.
  init(_ program: String, _ arguments: [String], environment: [String: String], limit: Duration) throws(AdapterProblem)
  {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw AdapterProblem("cannot be tried: \(errorText())") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let (code, child) = Self.spawn([program] + arguments, environment, errors: ends[1])
    close(ends[1])
    guard code == 0 else { throw AdapterProblem("cannot be tried: \(program): \(String(cString: strerror(code)))") }
    let deadline = ContinuousClock.now + limit
    text = Self.read(ends[0], until: deadline)
    ending = Self.wait(for: child, until: deadline)
  }

  /// What it wrote, in quotes, as the end of a sentence.
  var quotedText: String {
    let words = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return words.isEmpty ? "" : "; it said “\(words)”"
  }

  private static func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: textLimit)
    while true {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = (deadline - ContinuousClock.now) / .milliseconds(1)
      guard left > 0 else { break }
      let ready = poll(&waiting, 1, Int32(left.rounded(.up)))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { break }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(min(count, textLimit - bytes.count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The child is reaped last: until then its number, which is that of its group too, cannot be another process's.
  private static func wait(for child: pid_t, until deadline: ContinuousClock.Instant) -> Ending {
    var facts = siginfo_t()
    var isLate = false
    while true {
      facts.si_signo = 0
      let code = waitid(P_PID, id_t(child), &facts, WEXITED | WNOWAIT | WNOHANG)
      if code == 0, facts.si_signo == SIGCHLD { break }
      isLate = ContinuousClock.now >= deadline
      if isLate || code != 0 && errno != EINTR { break }
      usleep(1000)
    }
    kill(-child, SIGKILL)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    if isLate { return .late }
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  /// posix_spawn(3) with an empty signal mask, default handlers, and a process group of its own.
  private static func spawn(
    _ command: [String], _ environment: [String: String], errors: Int32
  ) -> (code: Int32, child: pid_t) {
    var attributes = posix_spawnattr_t()
    var actions = posix_spawn_file_actions_t()
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    setSignals(&attributes)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, command.first ?? "", &actions, &attributes, &arguments, &variables)
    return (code, child)
  }

  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}
