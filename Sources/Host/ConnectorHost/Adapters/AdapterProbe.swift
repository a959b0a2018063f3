import Foundation
import Glibc

/// Loads a library in a child process first, so that one that crashes or hangs takes nothing down but the child.
///
/// It is done in every run, for a record of libraries known to be good could go stale, and costs what a start of this
/// executable costs (0.03 s).
package struct AdapterProbe: Sendable {
  /// The program to start; the path of the library follows the arguments.
  package var program = "/proc/self/exe"
  package var arguments = ["adapter", "probe"]
  /// How long it may take.
  package var limit: Duration = .seconds(10)

  package init() {}

  /// - Throws: what the child said, or how it died.
  func run(_ path: String) throws(AdapterProblem) {
    let child = try ChildReport(program, arguments + [path], environment: Self.environment, limit: limit)
    switch child.ending {
    case .exit(0): return
    case .exit(ExitStatus.configuration.rawValue):
      throw AdapterProblem(child.text.reason(afterFirst: AdaptersRefused.prefix + path + " "))
    case .exit(let code):
      throw AdapterProblem("ended the process that loaded it for a trial, with exit code \(code)\(child.quotedText)")
    case .signal(let number):
      throw AdapterProblem(
        "crashed the process that loaded it for a trial (\(String(cString: strsignal(number)))); run it in a debugger: "
          + "`ldap-connector adapter probe`\(child.quotedText)")
    case .late:
      throw AdapterProblem(
        "was not loaded within \(DurationText.write(limit)), in a trial; code that runs when it is loaded must be quick"
          + child.quotedText)
    }
  }

  /// What the loader and the runtime need; no variable that may hold a password.
  private static var environment: [String: String] {
    let names = ["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR"]
    return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  }
}

extension String {
  /// What follows the words, without the line's end.
  fileprivate func reason(afterFirst words: String) -> String {
    let text = range(of: words).map { self[$0.upperBound...] } ?? self[...]
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
