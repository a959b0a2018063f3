import ConnectorCore
public import ConnectorTesting
import NIOCore
import NIOPosix
import Synchronization

/// A directory on a loopback socket that is made of a fixture: LDAP version 3 (RFC 4511) over plain TCP.
///
/// Every client may read and write everything; access control is not part of a fixture. What clients change grows the
/// log of the fixture's flavour, as on the product.
public final class FixtureServer: Sendable {
  /// A name and a password that may bind, besides the ones of the fixture.
  public struct Account: Sendable {
    let dn: String
    let password: [UInt8]

    /// Joins name and password.
    public init(dn: String, password: [UInt8]) {
      (self.dn, self.password) = (dn, password)
    }

    func accepts(_ name: String, _ password: [UInt8]) -> Bool {
      guard password == self.password else { return false }
      if name == dn { return true }
      guard let name = try? DN(name), let own = try? DN(dn) else { return false }
      return name == own
    }
  }

  /// The directory behind the socket; changes made here are seen by clients at once.
  public let directory: MemoryDirectory
  /// The TCP port on 127.0.0.1.
  public let port: Int
  private let faults: FaultScript
  private let deltas: Mutex<[Fixture.Delta]>
  private let listening: Task<Void, Never>

  /// Serves a fixture.
  /// - Parameters:
  ///   - port: the TCP port on 127.0.0.1; zero takes a free one.
  ///   - faults: what goes wrong, and when; `inject` adds more later.
  ///   - account: a name and a password that may bind, besides the ones of the fixture.
  /// - Throws: where the fixture's entries do not fit together, or the port cannot be had.
  public static func start(
    fixture: Fixture, port: Int = 0, faults: [Fault] = [], account: Account? = nil
  ) async throws -> FixtureServer {
    try await start(
      directory: MemoryDirectory(fixture), deltas: fixture.deltas, port: port, faults: faults, account: account,
      rules: fixture.directory?.writing ?? WritingRules())
  }

  /// Serves the fixture of a folder; see `start(fixture:port:faults:account:)`.
  /// - Throws: `FixtureError` too, where the folder is no fixture.
  public static func start(
    folder: String, port: Int = 0, faults: [Fault] = [], account: Account? = nil
  ) async throws -> FixtureServer {
    try await start(fixture: Fixture(folder: folder), port: port, faults: faults, account: account)
  }

  /// Serves a directory that was made in code; see `start(fixture:port:faults:account:)`.
  public static func start(
    directory: MemoryDirectory, deltas: [Fixture.Delta] = [], port: Int = 0, faults: [Fault] = [],
    account: Account? = nil, rules: WritingRules = WritingRules()
  ) async throws -> FixtureServer {
    let listener = try await listen(port)
    let script = FaultScript(faults)
    let session = Session(directory: directory, account: account, faults: script, rules: rules)
    let task = Task { await accept(listener, session) }
    return FixtureServer(
      directory, port: listener.channel.localAddress?.port ?? port, script, deltas, listening: task)
  }

  private init(
    _ directory: MemoryDirectory, port: Int, _ faults: FaultScript, _ deltas: [Fixture.Delta],
    listening: Task<Void, Never>
  ) {
    (self.directory, self.port, self.faults, self.listening) = (directory, port, faults, listening)
    self.deltas = Mutex(deltas)
  }

  deinit { listening.cancel() }

  /// The server as a URL.
  public var url: String { "ldap://127.0.0.1:\(port)" }

  /// Adds a fault to the end of the script.
  public func inject(_ fault: Fault) { faults.add(fault) }

  /// Applies the changes of a case of the fixture's `delta` folder.
  /// - Throws: `FixtureServerError` where there is no such case left, else what the directory says to a change.
  public func apply(delta name: String) throws {
    try apply(try take { deltas in deltas.firstIndex { $0.name == name } } ?? missing(name))
  }

  /// Applies the next case that was not applied yet, in the order of names; returns its name, nil after the last.
  public func applyNextDelta() throws -> String? {
    guard let delta = take({ $0.isEmpty ? nil : 0 }) else { return nil }
    try apply(delta)
    return delta.name
  }

  /// Closes every connection and stops listening; returns when that is done.
  public func stop() async {
    listening.cancel()
    await listening.value
  }

  private func take(_ find: ([Fixture.Delta]) -> Int?) -> Fixture.Delta? {
    deltas.withLock { deltas in find(deltas).map { deltas.remove(at: $0) } }
  }

  private func missing(_ name: String) throws -> Fixture.Delta {
    let left = deltas.withLock { $0.map(\.name) }
    throw FixtureServerError(
      "no delta “\(name)” is left to apply; "
        + (left.isEmpty ? "there is none at all" : "there is \(left.joined(separator: ", "))"))
  }

  private func apply(_ delta: Fixture.Delta) throws {
    for record in delta.changes { try directory.apply(record) }
  }
}

/// A wish that a fixture server cannot fulfil.
public struct FixtureServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for a person.
  public let description: String

  init(_ description: String) { self.description = description }
}
