import Foundation
import Glibc
import Synchronization

/// A real slapd of the Debian packages, private to a test: own directory, own loopback ports, own certificates.
///
/// It dies with the test process, and with its last reference.
package final class SlapdServer: Sendable {
  package static let base = TestDirectory.base
  package static let logBase = "cn=accesslog"
  package static let adminDN = "cn=admin,dc=example,dc=com"
  package static let connectorDN = TestDirectory.connectorDN
  package static let limitedDN = TestDirectory.limitedDN
  /// The password of `cn=admin` and of `cn=config`.
  package static let adminPassword = "secret"
  /// The password of `cn=connector` and of `cn=limited`.
  package static let userPassword = TestDirectory.userPassword

  package let certificates: TestCertificates
  package let ports: (ldap: UInt16, ldaps: UInt16)
  let directory: ScratchDirectory
  private let process = ServerProcess(name: "slapd")
  private let state: Mutex<SlapdOptions>

  package var ldapsURI: String { "ldaps://127.0.0.1:\(ports.ldaps)" }
  package var ldapiURI: String { "ldapi://" + directory.file("ldapi").replacingOccurrences(of: "/", with: "%2F") }
  /// slapd's standard error since its last start; see ``SlapdOptions/logLevel``.
  package var log: String { process.standardError }
  package var options: SlapdOptions { state.withLock { $0 } }
  package var isRunning: Bool { process.isRunning }

  /// Starts a server, and returns when it answers.
  /// - Throws: `SupportError`, above all when slapd is not installed: a live test fails then, it is never skipped.
  package static func start(_ options: SlapdOptions = SlapdOptions()) async throws -> SlapdServer {
    try await offPool {
      try requirePrograms()
      for _ in 0..<5 {
        let server = try SlapdServer(options)
        do {
          try server.launchFresh()
          return server
        } catch let error as SupportError where error.description.contains("errno=\(EADDRINUSE)") {
          continue  // another process was faster to take a port that was free a moment ago
        }
      }
      throw SupportError("five times in a row another process took slapd's ports")
    }
  }

  /// Runs `body` with a fresh server, and stops and removes that afterwards, whatever happens.
  package static func running<Value>(
    _ options: SlapdOptions = SlapdOptions(), _ body: (SlapdServer) async throws -> Value
  ) async throws -> Value {
    try await usingServer(try await start(options), body)
  }

  private init(_ options: SlapdOptions) throws {
    certificates = try TestCertificates.shared()
    directory = try ScratchDirectory()
    ports = (try freePort(), try freePort())
    state = Mutex(options)
    try directory.write(Self.adminPassword, to: "admin.pw")
    try directory.write(Self.userPassword, to: "user.pw")
  }

  /// Stops the server in good order, or after 20 seconds with SIGKILL; harmless when it does not run.
  package func stop() async throws { try await offPool { try self.process.end(with: SIGTERM) } }

  package func dispose() async throws {
    try await stop()
    directory.remove()
  }

  /// Ends the server with SIGKILL.
  package func kill() async throws { try await offPool { try self.process.end(with: SIGKILL) } }

  /// Stops the server and starts it again on its ports with its data; changes made in `cn=config` are gone.
  package func restart(changing change: @escaping @Sendable (inout SlapdOptions) -> Void = { _ in }) async throws {
    try await offPool {
      try self.process.end(with: SIGTERM)
      self.state.withLock { change(&$0) }
      try self.launch()
    }
  }

  /// Starts a stopped server again.
  package func startAgain() async throws { try await offPool { try self.launch() } }

  /// Replaces the server by another one of the same name, ports and accounts: fresh data, a fresh log container.
  package func wipeAndReplace(seed: DirectorySeed = .none) async throws {
    try await offPool {
      try self.process.end(with: SIGTERM)
      self.state.withLock { $0.seed = seed }
      try self.launchFresh()
    }
  }

  /// Freezes the server (SIGSTOP): connections open and requests go unanswered.
  package func suspend() { process.suspend() }

  /// Ends ``suspend()``.
  package func resume() { process.resume() }

  private static func requirePrograms() throws {
    for program in ["/usr/sbin/slapd", "/usr/sbin/slapadd", "/usr/bin/ldapmodify", "/usr/bin/openssl"]
    where access(program, X_OK) != 0 {
      throw SupportError(
        "\(program) is missing: live tests need a real slapd. Install it: apt-get install slapd ldap-utils openssl")
    }
  }

  private func launchFresh() throws {
    for name in ["data", "accesslog", "other"] {
      let path = directory.file(name)
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    try writeConfiguration()
    try load(file: directory.write(slapdAccounts, to: "accounts.ldif"))
    if let other = options.otherBase {
      try load(file: directory.write(slapdSuffix(other), to: "other.ldif"), into: other)
    }
    switch options.seed {
    case .none: break
    case .text(let text): try load(file: directory.write(text, to: "seed.ldif"))
    case .file(let path): try load(file: path)
    }
    try launch()
  }

  private func writeConfiguration() throws {
    try directory.write(configuration.text, to: "slapd.conf")
  }

  var configuration: SlapdConfiguration {
    SlapdConfiguration(options, directory: directory.path, certificates: certificates)
  }

  private func load(file: String, into base: String = base) throws {
    // -w writes contextCSN, which would stand still for ever where no syncprov keeps it.
    let context = options.syncProvider ? ["-w"] : []
    let arguments = context + ["-q", "-f", directory.file("slapd.conf"), "-b", base, "-l", file]
    let result = try runBlocking("/usr/sbin/slapadd", arguments, timeout: 900)
    guard result.exitCode == 0 else { throw SupportError("slapadd \(file): \(result.standardError)") }
  }

  private func launch() throws {
    try writeConfiguration()
    try? FileManager.default.removeItem(atPath: directory.file("slapd.pid"))
    // With -d slapd stays in the foreground; "none" (32768) still lets through why it does not start.
    let urls = "\(uri)/ \(ldapsURI)/ \(ldapiURI)/"
    try process.launch(
      "/usr/sbin/slapd", ["-d", "\(options.logLevel | 32768)", "-f", directory.file("slapd.conf"), "-h", urls]
    ) {
      // slapd writes its pid file once it has all its ports, so a foreign listener is not mistaken for it.
      access(directory.file("slapd.pid"), F_OK) == 0 && accepts(port: ports.ldap)
    }
  }
}
