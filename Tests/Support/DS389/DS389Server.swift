import Foundation
import Glibc
import Synchronization

/// A real 389 Directory Server of the Debian package, private to a test: own directory, own loopback port, no root.
///
/// It dies with the test process, and with its last reference. Password hashes, certificates and replication are left
/// out; the retro changelog, the plug-ins and the access control are the product's own.
package final class DS389Server: Sendable {
  package static let base = TestDirectory.base
  package static let logBase = "cn=changelog"
  package static let adminDN = "cn=Directory Manager"
  package static let connectorDN = TestDirectory.connectorDN
  package static let limitedDN = TestDirectory.limitedDN
  /// The password of the Directory Manager.
  package static let adminPassword = "secret12"
  /// The password of `cn=connector` and of `cn=limited`.
  package static let userPassword = TestDirectory.userPassword

  package let port: UInt16
  let directory: ScratchDirectory
  private let process = ServerProcess(name: "ns-slapd")
  private let state: Mutex<DS389Options>

  package var options: DS389Options { state.withLock { $0 } }
  package var isRunning: Bool { process.isRunning }
  /// The server's access log: connections, operations and results.
  package var accessLog: String { (try? String(contentsOfFile: directory.file("log/access"), encoding: .utf8)) ?? "" }

  /// Starts a server, and returns when it answers: in about a second, and 2 to 3 for the first one with this content.
  /// - Throws: `SupportError`, above all when it is not installed: a live test fails then, it is never skipped.
  package static func start(_ options: DS389Options = DS389Options()) async throws -> DS389Server {
    let server = try await offPool {
      try requirePrograms()
      let server = try DS389Server(options)
      try server.launchFresh(reusing: true)
      return server
    }
    try await server.setConnectorReadsLog(options.connectorReadsLog)
    return server
  }

  /// Runs `body` with a fresh server, and ends and removes that afterwards, whatever happens.
  package static func running<Value>(
    _ options: DS389Options = DS389Options(), _ body: (DS389Server) async throws -> Value
  ) async throws -> Value {
    try await usingServer(try await start(options), body)
  }

  private init(_ options: DS389Options) throws {
    directory = try ScratchDirectory()
    port = try freePort()
    state = Mutex(options)
    try directory.write(Self.adminPassword, to: "admin.pw")
    try directory.write(Self.userPassword, to: "user.pw")
  }

  /// Stops the server in good order; harmless when it does not run.
  package func stop() async throws { try await offPool { try self.process.end(with: SIGTERM) } }

  package func dispose() async throws {
    try await kill()  // nobody needs its data again, and a stop in good order takes 2 seconds
    directory.remove()
  }

  /// Ends the server with SIGKILL.
  package func kill() async throws { try await offPool { try self.process.end(with: SIGKILL) } }

  /// Stops the server and starts it again with its data and, where the options say so, another configuration.
  package func restart(changing change: @escaping @Sendable (inout DS389Options) -> Void = { _ in }) async throws {
    try await offPool {
      try self.process.end(with: SIGTERM)
      self.state.withLock { change(&$0) }
      try self.launch()
    }
  }

  /// Starts a stopped server again.
  package func startAgain() async throws { try await offPool { try self.launch() } }

  /// Replaces the server by another one of the same name, port and accounts: fresh data, a log that begins with 1.
  package func wipeAndReplace(seed: DirectorySeed = .none) async throws {
    try await offPool {
      try self.process.end(with: SIGKILL)
      self.state.withLock { $0.seed = seed }
      try self.launchFresh(reusing: false)
    }
    try await setConnectorReadsLog(options.connectorReadsLog)
  }

  /// Freezes the server (SIGSTOP): connections open and requests go unanswered.
  package func suspend() { process.suspend() }

  /// Ends ``suspend()``.
  package func resume() { process.resume() }

  private static let program = "/usr/sbin/ns-slapd"

  private static func requirePrograms() throws {
    for program in [program, "/usr/bin/ldapmodify"] where access(program, X_OK) != 0 {
      throw SupportError(
        "\(program) is missing: live tests need a real 389 Directory Server. Install it: "
          + "apt-get install 389-ds-base ldap-utils")
    }
  }

  private var configuration: DS389Configuration {
    DS389Configuration(options: options, directory: directory.path, port: port)
  }

  /// - Parameter reusing: whether the entries may have the IDs that they have on other servers of this test run.
  private func launchFresh(reusing: Bool) throws {
    for folder in DS389Configuration.folders {
      let path = directory.file(folder)
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    try directory.write("dn: cn=schema\n", to: "etc/schema/99user.ldif")
    try write(try configuration.fresh())
    let content = try configuration.accounts + options.seed.ldif()
    if try !reusing || !DS389Databases.copy(content, to: directory.file("db")) {
      try load(content)
      if reusing { try DS389Databases.keep(content, from: directory.file("db")) }
    }
    try launch()
  }

  /// Writes the configuration with what the options say today.
  private func write(_ file: DSEFile) throws {
    var file = file
    try configuration.apply(to: &file)
    try directory.write(file.text, to: "etc/dse.ldif")
  }

  /// Imports the only content of the database, which must not run.
  private func load(_ ldif: String) throws {
    let file = try directory.write(ldif, to: "ldif/seed.ldif")
    let arguments = ["ldif2db", "-D", directory.file("etc"), "-n", DS389Configuration.backend, "-i", file]
    let result = try runBlocking(Self.program, arguments, timeout: 900)
    // What became of it stands in the error log alone.
    let words = (try? String(contentsOfFile: directory.file("log/errors"), encoding: .utf8)) ?? result.standardError
    guard result.exitCode == 0, words.contains("Import complete"), !words.contains("were skipped") else {
      throw SupportError("ns-slapd ldif2db: exit code \(result.exitCode)\n\(words.suffix(3000))")
    }
  }

  private func launch() throws {
    try write(DSEFile(try String(contentsOfFile: directory.file("etc/dse.ldif"), encoding: .utf8)))
    // Left behind by SIGKILL: the pid in it may be another process by now.
    try? FileManager.default.removeItem(atPath: directory.file("lock/server"))
    try? FileManager.default.removeItem(atPath: directory.file("pid"))
    // With -d the server stays in the foreground; it writes the pid file once it listens.
    try process.launch(
      Self.program, ["-D", directory.file("etc"), "-i", directory.file("pid"), "-d", "0"]
    ) {
      access(directory.file("pid"), F_OK) == 0 && accepts(port: port)
    }
  }
}
