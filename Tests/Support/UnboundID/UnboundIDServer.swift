import Foundation
import Glibc
import Synchronization

/// UnboundID's in-memory directory server, private to a test: a log of draft-good-ldap-changelog, no access control,
/// and nothing left when it stops.
///
/// It dies with the test process, and with its last reference.
package final class UnboundIDServer: Sendable {
  package static let base = TestDirectory.base
  package static let logBase = "cn=changelog"
  package static let adminDN = "cn=Directory Manager"
  package static let connectorDN = TestDirectory.connectorDN
  package static let adminPassword = "secret"
  /// The password of `cn=connector` and of `cn=limited`.
  package static let userPassword = TestDirectory.userPassword

  package let port: UInt16
  private let directory: ScratchDirectory
  private let process = ServerProcess(name: "the UnboundID in-memory server")
  private let state: Mutex<UnboundIDOptions>

  package var options: UnboundIDOptions { state.withLock { $0 } }
  package var isRunning: Bool { process.isRunning }

  /// Starts a server, and returns when it answers: about a second.
  /// - Throws: `SupportError`, above all when Java is not installed: a live test fails then, it is never skipped.
  package static func start(_ options: UnboundIDOptions = UnboundIDOptions()) async throws -> UnboundIDServer {
    try await offPool {
      let server = try UnboundIDServer(options)
      try server.launch()
      return server
    }
  }

  /// Runs `body` with a fresh server, and ends and removes that afterwards, whatever happens.
  package static func running<Value>(
    _ options: UnboundIDOptions = UnboundIDOptions(), _ body: (UnboundIDServer) async throws -> Value
  ) async throws -> Value {
    try await usingServer(try await start(options), body)
  }

  private init(_ options: UnboundIDOptions) throws {
    directory = try ScratchDirectory()
    port = try freePort()
    state = Mutex(options)
    try directory.write(Self.adminPassword, to: "admin.pw")
    try directory.write(Self.userPassword, to: "user.pw")
    try directory.write(furtherSchema, to: "further.ldif")
  }

  package func dispose() async throws {
    try await kill()
    directory.remove()
  }

  /// Ends the server, and with it everything that it held.
  package func kill() async throws { try await offPool { try self.process.end(with: SIGKILL) } }

  /// Replaces the server by another one of the same name, port and accounts: fresh data, a log that begins with 1.
  package func wipeAndReplace(seed: DirectorySeed = .none) async throws {
    try await offPool {
      try self.process.end(with: SIGKILL)
      self.state.withLock { $0.seed = seed }
      try self.launch()
    }
  }

  /// Freezes the server (SIGSTOP): connections open and requests go unanswered.
  package func suspend() { process.suspend() }

  /// Ends ``suspend()``.
  package func resume() { process.resume() }

  /// The administrator.
  package var admin: LDAPTools { tools(Self.adminDN, "admin.pw") }
  package var connector: LDAPTools { tools(Self.connectorDN, "user.pw") }
  package var anonymous: LDAPTools { LDAPTools(uri: uri, bindDN: nil, passwordFile: nil) }
  /// A file that holds the password of `cn=connector`, without a newline.
  package var connectorPasswordFile: String { directory.file("user.pw") }

  private func tools(_ dn: String, _ passwordFile: String) -> LDAPTools {
    LDAPTools(uri: uri, bindDN: dn, passwordFile: directory.file(passwordFile))
  }

  private func launch() throws {
    let program = try UnboundIDProgram.shared()
    let settings = try settings()
    // Serial collection and one compiler tier: a test's server is small and short-lived.
    let java = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", program.classPath]
    try process.launch(UnboundIDProgram.java, java + ["InMemoryDirectory", settings]) {
      process.standardOutput.contains("listening")
    }
  }

  /// Writes the file of properties, and returns its path.
  private func settings() throws -> String {
    let options = options
    let seed = try directory.write(slapdAccounts + options.seed.ldif(), to: "seed.ldif")
    let values = [
      "base": Self.base, "port": "\(port)", "adminDN": Self.adminDN, "adminPassword": Self.adminPassword,
      "maxChanges": "\(options.maxChanges)", "seed": seed, "schema": directory.file("further.ldif"),
      "vendorName": options.vendorName, "vendorVersion": options.vendorVersion,
    ]
    return try directory.write(values.map { "\($0) = \($1)\n" }.joined(), to: "server.properties")
  }
}

/// Of RFC 2307 what the tests write; the server's own schema has none of it.
private let furtherSchema = """
  dn: cn=schema
  objectClass: top
  objectClass: subschema
  cn: schema
  attributeTypes: ( 1.3.6.1.1.1.1.0 NAME 'uidNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
  attributeTypes: ( 1.3.6.1.1.1.1.1 NAME 'gidNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
  attributeTypes: ( 1.3.6.1.1.1.1.3 NAME 'homeDirectory' EQUALITY caseExactIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 SINGLE-VALUE )
  attributeTypes: ( 1.3.6.1.1.1.1.12 NAME 'memberUid' EQUALITY caseExactIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )
  attributeTypes: ( 2.16.840.1.113730.3.1.542 NAME 'nsUniqueId' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
  objectClasses: ( 1.3.6.1.1.1.2.0 NAME 'posixAccount' SUP top AUXILIARY MUST ( cn $ uid $ uidNumber $ gidNumber $ homeDirectory ) MAY description )
  objectClasses: ( 1.3.6.1.1.1.2.2 NAME 'posixGroup' SUP top STRUCTURAL MUST ( cn $ gidNumber ) MAY ( memberUid $ description ) )

  """
