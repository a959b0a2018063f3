// Not Foundation: a child starts out with the peak memory of the process that spawned it, so this one stays small.
@preconcurrency import Glibc

/// What one run of a program cost.
struct Cost {
  /// Seconds from the start of the program to its end.
  let wall: Double
  /// Seconds of processor time, user and system.
  let cpu: Double
  /// The most memory that it held, in MB (10⁶ bytes).
  let peakMB: Double

  static let none = Cost(wall: 0, cpu: 0, peakMB: 0)

  /// One after the other.
  static func + (first: Cost, second: Cost) -> Cost {
    Cost(wall: first.wall + second.wall, cpu: first.cpu + second.cpu, peakMB: max(first.peakMB, second.peakMB))
  }
}

/// A program that cannot be started, or that failed; the text is for the person at the terminal.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A program with its arguments.
struct Command {
  let words: [String]
  /// Where its standard output goes.
  var output = "/dev/null"

  init(_ words: [String], output: String = "/dev/null") {
    self.words = words
    self.output = output
  }

  /// Runs the program to its end; throws if it fails, with what it wrote to standard error.
  @discardableResult
  func run() throws -> Cost {
    let errors = "\(scratch)/errors"
    let clock = ContinuousClock()
    let start = clock.now
    let child = try spawn(errors: errors)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw BenchError("wait4 failed: \(errno)") }
    }
    let wall = clock.now - start
    guard status == 0 else {
      let text = (try? String(decoding: contents(of: errors), as: UTF8.self)) ?? ""
      throw BenchError("\(words.joined(separator: " "))\nended with status \(status): \(text)")
    }
    return Cost(
      wall: wall / .seconds(1), cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMB: Double(usage.ru_maxrss) * 1024 / 1_000_000)
  }

  private func spawn(errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let code = posix_spawnp(&child, words[0], &actions, nil, arguments, environ)
    guard code == 0 else { throw BenchError("cannot start \(words[0]): \(String(cString: strerror(code)))") }
    return child
  }

  private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
}
