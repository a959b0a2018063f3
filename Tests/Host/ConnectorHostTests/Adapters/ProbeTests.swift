import ConnectorCore
import Foundation
import Testing

@testable import ConnectorHost

/// How the end of the child that tries a library is told; a shell plays the child.
@Suite("Libraries tried in a child")
struct ProbeTests {
  private func refusal(_ script: String, limit: Duration = .seconds(10)) -> String? {
    var probe = AdapterProbe()
    probe.program = "/bin/sh"
    probe.arguments = ["-c", script, "sh"]
    probe.limit = limit
    do throws(AdapterProblem) {
      try probe.run("/a.so")
      return nil
    } catch {
      return error.description
    }
  }

  @Test("A child that ends well lets the library pass, and gets its path")
  func good() {
    #expect(refusal("test \"$1\" = /a.so") == nil)
    #expect(refusal("exit 0; echo noise >&2") == nil)
  }

  @Test("A child that refuses gives its reason")
  func reason() {
    #expect(refusal("echo ldap-connector: adapter refused: $1 lacks it >&2; exit 2") == "lacks it")
  }

  @Test("A child that dies is told with the signal and its last words")
  func crash() {
    let text = refusal("echo boom >&2; kill -SEGV $$")
    #expect(text?.contains("Segmentation fault") == true && text?.hasSuffix("it said “boom”") == true, "\(text ?? "")")
    #expect(refusal("exit 9")?.contains("with exit code 9") == true)
  }

  @Test("A child that hangs is killed at the limit, with all that it started")
  func hang() async throws {
    let folder = try TemporaryFolder()
    let start = ContinuousClock.now
    let text = refusal("sleep 600 & echo $! > \(folder.path)/pid; wait", limit: .milliseconds(400))
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(text?.hasPrefix("was not loaded within 400ms") == true, "\(text ?? "")")
    let pid = try #require(Int32(try folder.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
    for _ in 0..<500 where isAlive(pid) { try await Task.sleep(for: .milliseconds(10)) }
    #expect(!isAlive(pid))
  }

  /// Whether a process runs; one that nobody has reaped yet is dead too.
  private func isAlive(_ pid: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return !text.contains(") Z ")
  }

  @Test("A child that hangs with closed streams is killed at the limit too, and much output blocks nobody")
  func streams() {
    #expect(refusal("exec 2>&-; sleep 600", limit: .milliseconds(300))?.hasPrefix("was not loaded") == true)
    #expect(refusal("yes noise | head -c 1000000 >&2; exit 9")?.contains("exit code 9; it said “noise noise") == true)
  }

  @Test("A child gets no variable that could hold a password, and SIGTERM can end it")
  func environment() {
    setenv("LDAP_PASSWORD_OF_A_TEST", "hunter2", 1)
    defer { unsetenv("LDAP_PASSWORD_OF_A_TEST") }
    #expect(refusal("test -z \"$LDAP_PASSWORD_OF_A_TEST\" && test -n \"$PATH\"") == nil)
    #expect(refusal("kill -TERM $$; sleep 600", limit: .seconds(20))?.contains("Terminated") == true)
  }

  @Test("A program that cannot be started is told")
  func noProgram() {
    var probe = AdapterProbe()
    probe.program = "/nowhere"
    #expect(throws: AdapterProblem("cannot be tried: /nowhere: No such file or directory")) { try probe.run("/a.so") }
  }
}
