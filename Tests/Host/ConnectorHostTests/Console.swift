import ConnectorCore
import ConnectorHost
import ConnectorLDAP
import Foundation

/// Ours, and not the testing library's.
typealias ExitStatus = ConnectorHost.ExitStatus

/// Runs commands against a scripted directory and keeps what they print.
final class Console: @unchecked Sendable {
  private let lock = NSLock()
  private var printed = ""
  private var complained = ""
  private var attempts: [ConnectionSettings] = []

  var directory = ScriptedDirectory.company
  var adapters: [VendorAdapter] = [.acme]
  var environment: [String: String] = [:]
  /// What connecting throws; nil where it succeeds.
  var connectError: (any Error)?
  /// What connecting throws, by how it is tried; nil where it succeeds.
  var refuses: (ConnectionSettings) -> (any Error)? = { _ in nil }
  /// What TLS agrees on where it is used.
  var tls: TLSFacts?

  var output: String { lock.withLock { printed } }
  var errors: String { lock.withLock { complained } }
  /// The settings of every connection that was tried.
  var settings: [ConnectionSettings] { lock.withLock { attempts } }

  func run(_ arguments: String...) async -> Int32 { await run(arguments) }

  func run(_ arguments: [String]) async -> Int32 {
    var context = HostContext(adapters: adapters)
    context.environment = environment
    context.output = Output { text in
      self.lock.withLock { self.printed += text }
    } error: { text in
      self.lock.withLock { self.complained += text }
    }
    context.connect = { try self.connect($0) }
    return await Host.run(arguments, in: context)
  }

  private func connect(_ settings: ConnectionSettings) throws -> Connection {
    lock.withLock { attempts.append(settings) }
    if let error = connectError ?? refuses(settings) { throw error }
    return Connection(reader: directory, address: "192.0.2.1", tls: settings.transport == .ldap ? nil : tls)
  }

  /// Changes the root DSE.
  func change(_ body: (inout [String: [String]]) -> Void) {
    var rootDSE = ScriptedDirectory.rootDSE
    body(&rootDSE)
    directory.entries[0] = .make("", rootDSE)
  }
}
