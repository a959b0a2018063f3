import ConnectorCore
import ConnectorLDAP
import FixtureServer
import OpenLDAPAdapter
import Synchronization
import Testing

@testable import ConnectorTesting

/// The promises of a delta where a session, a socket and a server stand between the adapter and the directory.
@Suite struct WireConformanceTests {
  private let ids = Set(Conformance.promises.filter(\.needsDelta).map(\.id))
  private let subject = ConformanceSubject(.openLDAP) { MemoryDirectory(partitions: $0, flavour: .accesslog()) }

  @Test("OpenLDAP's delta keeps over the wire what it keeps in memory: every promise")
  func openLDAP() async throws {
    let wire = Wire()
    let inMemory = await Conformance.run(subject, only: ids)
    let overWire = await run(ids, over: wire)
    #expect(overWire.verdicts.count == ids.count)
    for (memory, wire) in zip(inMemory.verdicts, overWire.verdicts) {
      #expect(memory.promise.id == wire.promise.id)
      #expect(memory.outcome == wire.outcome, "\(wire.promise.id)")
    }
    #expect(overWire.isKept, "\(overWire)")
    // What the promises do to the directory arrived as the server's own trouble.
    let troubles: Set<ResultCode> = [
      .sizeLimitExceeded, .adminLimitExceeded, .controlNotFound, .busy, .noSuchObject, .insufficientAccessRights,
    ]
    #expect(wire.failures.isSuperset(of: troubles), "only \(wire.failures.map(\.rawValue).sorted())")
  }

  @Test("A wire that loses the records of the log is found out")
  func losses() async throws {
    let ids: Set<Promise.ID> = ["readiness.healthy", "hints.add", "hints.delete", "encoding.utf8-dn"]
    let report = await run(ids, over: Wire(losing: "reqStart="))
    #expect(Set(report.broken.map(\.promise.id)) == ids, "\(report)")
  }

  private func run(_ ids: Set<Promise.ID>, over wire: Wire) async -> ConformanceReport {
    var subject = subject
    subject.reader = { try await wire.reader(of: $0) }
    let report = await Conformance.run(subject, only: ids)
    await wire.stop()
    return report
  }
}

/// A server for each directory, and a new session to it for each call of the strategy.
private final class Wire: Sendable {
  private let servers = Mutex<[FixtureServer]>([])
  private let codes = Mutex<Set<ResultCode>>([])
  /// Pages do not arrive whose entries have DNs that start so.
  let lost: String?

  init(losing lost: String? = nil) { self.lost = lost }

  /// How searches failed.
  var failures: Set<ResultCode> { codes.withLock { $0 } }

  func reader(of directory: MemoryDirectory) async throws -> any DirectoryReader {
    let server = try await server(of: directory)
    let settings = ConnectionSettings(host: "127.0.0.1", port: UInt16(server.port))
    return WireReader(session: try await LDAPSession.connect(to: settings), directory: directory, wire: self)
  }

  func note(_ error: DirectoryError) { codes.withLock { _ = $0.insert(error.code) } }

  func stop() async {
    for server in servers.withLock({ $0 }) { await server.stop() }
  }

  private func server(of directory: MemoryDirectory) async throws -> FixtureServer {
    let faults = directory.faults.onSecondPages
    let known = servers.withLock { $0.last { $0.directory === directory } }
    if faults.isEmpty, let known { return known }
    let server = try await FixtureServer.start(directory: directory, faults: faults)
    // One with faults is not used again.
    servers.withLock { faults.isEmpty ? $0.append(server) : $0.insert(server, at: 0) }
    return server
  }
}

/// A session; what the directory in memory does under its own searches happens here as well.
private struct WireReader: DirectoryReader {
  let session: LDAPSession
  let directory: MemoryDirectory
  let wire: Wire

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    let batches = Mutex(0)
    do {
      let summary = try await session.search(request) { batch in
        let isFirst = batches.withLock { count in
          defer { count += 1 }
          return count == 0
        }
        if !isFirst { hook(\.betweenPages) }
        if let lost = wire.lost, batch.contains(where: { $0.dn.hasPrefix(lost) }) { return }
        try await each(batch)
      }
      hook(\.afterSearch)
      return summary
    } catch let error as DirectoryError {
      wire.note(error)
      throw error
    }
  }

  private func hook(_ hook: KeyPath<MemoryDirectory.State, (@Sendable (MemoryDirectory) -> Void)?>) {
    directory.state.withLock { $0[keyPath: hook] }?(directory)
  }
}

extension Faults {
  /// The limits and cuts, as the server makes them: on the second page of every search.
  fileprivate var onSecondPages: [Fault] {
    var effects: [Fault.Effect] = []
    if sizeLimit != nil { effects.append(.sizeLimit(after: 1)) }
    if adminLimit != nil { effects.append(.code(.adminLimitExceeded)) }
    if pageCut != nil { effects.append(.withoutPageControl) }
    return effects.map { Fault($0, when: Fault.Condition(.search, page: 2), isRepeated: true) }
  }
}
