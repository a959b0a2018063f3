import CLDAP
import CTransport
import ConnectorCore
package import Logging

/// One connection to one server, on a thread of its own.
///
/// Reads and writes may overlap a search, each moving on while the other's consumer works. Two paged searches at once want a
/// session each: servers keep the place of one a connection. A virtual list view has a connection of its own while it is
/// read: slapd keeps the sorted list until its connection ends, and no more than five of them a connection. After a lost
/// connection or a timeout every further call throws the reason again.
package actor LDAPSession {
  private let executor: ThreadExecutor
  private let wake = WakeSignal()
  private let settings: ConnectionSettings
  let log: OperationLog
  private var connection: Wire?
  private var listWires: [Wire] = []

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private init(_ settings: ConnectionSettings, logger: Logger) {
    executor = ThreadExecutor()
    self.settings = settings
    log = OperationLog(logger, hiding: settings.secretAttributes)
  }

  /// Connects, does TLS and binds, all within the connection timeout.
  /// - Throws: `ConnectionError` for name, TCP and TLS, `DirectoryError` for the bind, `CancellationError`.
  package static func connect(
    to settings: ConnectionSettings, logger: Logger = Logger(label: "ldap.operations")
  ) async throws -> LDAPSession {
    let session = LDAPSession(settings, logger: logger)
    try await session.open()
    return session
  }

  /// What is known of the server's end, TLS and certificate included; nil after `close`.
  package var peer: PeerInfo? { connection?.peer }

  /// Unbinds and closes the connection; calls after it throw, and so does a search under way.
  package func close() {
    for wire in [connection].compactMap(\.self) + listWires {
      wire.fail(.serverDown, "the session is closed", "close")
    }
    connection = nil
    listWires = []
  }

  /// The connection while it is open.
  func wire(for operation: @autoclosure () -> String) throws -> Wire {
    if let connection { return connection }
    throw DirectoryError(.serverDown, operation: operation(), message: "the session is closed")
  }

  /// Opens a connection for one virtual list view; `closeListWire` ends it.
  func openListWire(_ operation: String) throws -> Wire {
    try wire(for: operation).checkUsable(operation)
    do {
      let wire = try openWire()
      listWires.append(wire)
      return wire
    } catch let error as ConnectionError {
      throw DirectoryError(
        .connectError, operation: operation, message: "a virtual list view needs a connection of its own: \(error)")
    }
  }

  /// Ends a connection of `openListWire`; leaves the session's own alone.
  func closeListWire(_ wire: Wire) {
    listWires.removeAll { $0 === wire }
  }

  /// Runs work that blocks this actor's thread, and wakes it when its task is cancelled.
  func interruptible<R>(_ body: () async throws -> R) async throws -> R {
    let wake = wake
    try Task.checkCancellation()
    do {
      return try await withTaskCancellationHandler(operation: body, onCancel: { wake.signal() })
    } catch let error as DirectoryError where error.code.rawValue < 0 {
      log.failure(error)
      throw error
    }
  }

  private func open() async throws {
    try await interruptible { connection = try openWire() }
  }

  private func openWire() throws -> Wire {
    let deadline = ct_now() + settings.connectTimeout.milliseconds
    let wire = try Wire(settings, wake: wake, transport: Transport.open(settings, wake: wake))
    try bind(wire, until: deadline)
    return wire
  }

  private func bind(_ wire: Wire, until deadline: Int64) throws {
    guard case .simple(let dn, let password) = settings.bind else { return }
    let operation = "bind as \(dn)"
    guard !dn.isEmpty, !password.isEmpty else {
      // RFC 4513 §5.1.2: a server takes a bind without a password for success without authentication.
      throw ConnectionError(.badSetting, "\(operation): a simple bind needs both a DN and a password")
    }
    let started = log.request("bind", base: dn)
    let id = try wire.send(operation) { id in
      password.withBytes { bytes in
        dn.withCString { dn in withBerval(bytes) { ldap_sasl_bind(wire.handle, dn, nil, $0, nil, nil, &id) } }
      }
    }
    let message = try wire.receive(.until(deadline), operation) { $0 == id }
    wire.finish(id)
    var result = try wire.result(message, operation)
    log.result("bind", id, result.code, entries: 0, since: started)
    guard result.code != .success else { return }
    if result.code == .invalidCredentials, result.message.isEmpty { result.message = "DN or password is wrong" }
    throw result.error(operation)
  }
}
