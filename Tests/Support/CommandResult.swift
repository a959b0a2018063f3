import Foundation
import Glibc

/// What a child process left behind.
package struct CommandResult: Sendable {
  /// The exit code; 128 + the signal's number when a signal ended the child.
  package let exitCode: Int32
  /// The signal that ended the child, if one did.
  package let signal: Int32?
  package let standardOutputBytes: [UInt8]
  package let standardErrorBytes: [UInt8]
  /// The largest resident set, in bytes; meaningful where the command was started with `followsMemory`.
  package let peakRSSBytes: Int
  /// Seconds from start to end.
  package let seconds: Double

  package var standardOutput: String { String(decoding: standardOutputBytes, as: UTF8.self) }
  package var standardError: String { String(decoding: standardErrorBytes, as: UTF8.self) }

  /// The lines of the standard output, without empty ones.
  package var lines: [String] {
    standardOutputBytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Exit code and output in one text, for a failing expectation's message.
  package var summary: String {
    "exit code \(exitCode)\n--- standard output\n\(standardOutput.suffix(4000))\n--- standard error\n"
      + standardError.suffix(4000)
  }
}

/// Follows the largest resident set of one child.
///
/// wait4(2) alone is wrong here: posix_spawn shares our memory until the exec, so Linux books *our* peak on the child.
/// Where wait4's figure is above our own peak it is exact; else the largest VmHWM seen every 2 ms counts.
final class PeakMemory: @unchecked Sendable {
  private let lock = NSLock()
  private var sampled = 0

  init(following child: ChildProcess) {
    Thread.detachNewThread { [weak self] in
      while child.isRunning, let self {
        self.record(peakRSS(of: "\(child.pid)"))
        usleep(2000)
      }
    }
  }

  func bytes(exact: Int) -> Int {
    lock.lock()
    defer { lock.unlock() }
    return exact > peakRSS(of: "self") ? exact : min(exact, sampled)
  }

  private func record(_ value: Int) {
    lock.lock()
    defer { lock.unlock() }
    sampled = max(sampled, value)
  }
}

/// VmHWM of a process, in bytes; 0 when it has ended.
private func peakRSS(of process: String) -> Int {
  guard let status = FileManager.default.contents(atPath: "/proc/\(process)/status") else { return 0 }
  let text = String(decoding: status, as: UTF8.self)
  guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
  return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}
