import ConnectorCore
import ConnectorLDAP
import Synchronization
import TestSupport
import Testing

/// A session to slapd as `cn=connector`, or as a test wants it.
func connect(
  _ server: SlapdServer, _ transport: ConnectionSettings.Transport = .ldap, password: String = SlapdServer.userPassword,
  _ change: (inout ConnectionSettings) -> Void = { _ in }
) async throws -> LDAPSession {
  let port = transport == .ldaps ? server.ports.ldaps : server.ports.ldap
  var settings = ConnectionSettings(host: "127.0.0.1", port: port, transport: transport)
  settings.caFile = server.certificates.authority
  settings.bind = .simple(dn: SlapdServer.connectorDN, password: Secret(password))
  change(&settings)
  return try await LDAPSession.connect(to: settings)
}

/// An anonymous session to a port of 127.0.0.1, with short timeouts.
func connect(
  port: UInt16, _ transport: ConnectionSettings.Transport = .ldap,
  _ change: (inout ConnectionSettings) -> Void = { _ in }
) async throws -> LDAPSession {
  var settings = ConnectionSettings(host: "127.0.0.1", port: port, transport: transport)
  settings.connectTimeout = .milliseconds(500)
  settings.operationTimeout = .milliseconds(500)
  change(&settings)
  return try await LDAPSession.connect(to: settings)
}

/// The connection error that `body` must throw.
func connectionError(_ body: () async throws -> LDAPSession) async -> ConnectionError? {
  await #expect(throws: ConnectionError.self) { _ = try await body() }
}

/// The directory error that `body` must throw.
func directoryError(_ body: () async throws -> Void) async -> DirectoryError? {
  await #expect(throws: DirectoryError.self) { try await body() }
}

/// How long `body` takes.
func duration(_ body: () async throws -> Void) async rethrows -> Duration {
  let clock = ContinuousClock()
  return try await clock.measure { try await body() }
}

/// What a search hands out: DNs in order, and the size of each batch.
final class Harvest: Sendable {
  private let state = Mutex<(names: [String], batches: [Int])>(([], []))

  var names: [String] { state.withLock { $0.names } }
  var batches: [Int] { state.withLock { $0.batches } }

  func add(_ batch: EntryBatch) {
    state.withLock {
      $0.names += batch.map(\.dn)
      $0.batches.append(batch.count)
    }
  }
}

/// LDIF of `count` persons below the suffix, with about 200 bytes each.
func persons(_ count: Int) -> String {
  (0..<count).map { number in
    """
    dn: cn=Person \(number),\(SlapdServer.base)
    objectClass: person
    cn: Person \(number)
    sn: \(number)
    description: \(String(repeating: "x", count: 120))


    """
  }.joined()
}
