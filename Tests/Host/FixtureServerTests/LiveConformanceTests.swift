import ConnectorCore
import ConnectorLDAP
import OpenLDAPAdapter
import Synchronization
import TestSupport
import Testing

@testable import ConnectorTesting

/// The promises of a delta on a log that nobody modelled: a real slapd makes every change of the directory in memory.
@Suite struct LiveConformanceTests {
  /// As the directory in memory, it logs failures too.
  private let options = SlapdOptions.with {
    $0.otherBase = "dc=other,dc=org"
    $0.logSuccess = false
  }

  @Test("OpenLDAP's delta keeps on a real slapd what it keeps in memory: every promise that a slapd can be put to")
  func openLDAP() async throws {
    let promises = Set(Conformance.promises.filter(\.needsDelta).map(\.id))
    #expect(promises.isSuperset(of: LeftOut.reasons.keys))
    let report = try await run(promises.subtracting(LeftOut.reasons.keys))
    #expect(report.verdicts.count == 49)
    for verdict in report.verdicts { #expect(verdict.outcome == .kept, "\(verdict.promise.id)") }
  }

  @Test("A slapd that does not do what the directory in memory did is found out")
  func losses() async throws {
    let ids: Set<Promise.ID> = ["hints.delete", "hints.branch-deleted"]
    let report = try await run(ids, leavingOut: .delete)
    #expect(Set(report.broken.map(\.promise.id)) == ids, "\(report)")
  }

  private func run(
    _ ids: Set<Promise.ID>, leavingOut kind: DirectoryChange.Kind? = nil
  ) async throws -> ConformanceReport {
    try await SlapdServer.running(options) { server in
      let replica = Replica(server, leavingOut: kind)
      var subject = ConformanceSubject(.openLDAP) { MemoryDirectory(partitions: $0, flavour: .accesslog()) }
      subject.reader = { try await replica.reader(of: $0) }
      let report = await Conformance.run(subject, only: ids)
      #expect(await replica.problems.isEmpty)
      return report
    }
  }
}

/// The promises that a real slapd is not put to, and why.
private enum LeftOut {
  static let reasons: [Promise.ID: String] = Dictionary(
    groups.flatMap { reason, ids in ids.map { ($0, reason) } }, uniquingKeysWith: { first, _ in first })

  private static let groups: [(String, [Promise.ID])] = [
    (
      "the server hides, refuses or is busy on demand",
      [
        "readiness.hidden-records", "readiness.hidden-log", "readiness.hidden-partition", "readiness.no-rights",
        "readiness.busy", "readiness.remedy", "watermark.unseen", "continuity.busy", "continuity.rights-revoked",
        "hints.busy", "hints.empty-answer", "hints.hidden-log",
      ]
    ),
    ("the server cuts answers short on demand", ["hints.size-limit", "hints.admin-limit", "hints.page-cut"]),
    ("the server answers in an order that the test chooses", ["hints.scrambled"]),
    (
      "the log is trimmed on demand",
      [
        "continuity.trimmed", "continuity.trimmed-to-nothing", "continuity.trimmed-from-empty",
        "continuity.trim-of-what-was-read", "continuity.trimmed-meanwhile",
      ]
    ),
    (
      "server or log are replaced, or set back, on demand",
      [
        "watermark.names-server", "continuity.other-server", "continuity.reason", "continuity.reset-counter",
        "continuity.regrown-counter",
      ]
    ),
    (
      "the test sets the server's clock, or its numbers",
      ["watermark.no-machine-clock", "hints.inclusive-boundary", "hints.ties", "hints.large-numbers"]
    ),
    (
      "the test holds records back, doubles or rewrites them",
      [
        "hints.late-records", "hints.concurrent-writers", "hints.duplicates", "encoding.attribute-case",
        "encoding.nameless-record", "encoding.garbled-dn",
      ]
    ),
    ("slapd moves nothing between two databases (affectsMultipleDSAs)", ["hints.move-out", "hints.move-in"]),
    ("slapd takes no empty value and no RDN of thousands of bytes", ["encoding.empty-rdn", "encoding.long-dn"]),
    ("slapd takes no text that is no UTF-8, and no option `range`", ["encoding.no-text", "encoding.ranges"]),
  ]
}

/// A slapd that follows a directory in memory, one after another: each one finds it with fresh data and a fresh log.
private actor Replica {
  private let server: SlapdServer
  /// Changes of this kind are not made.
  private let lost: DirectoryChange.Kind?
  private var current: (directory: MemoryDirectory, session: LDAPSession)?
  /// How much of the directory's history is done.
  private var done = 0
  /// Where slapd did not do the same.
  private(set) var problems: [String] = []

  init(_ server: SlapdServer, leavingOut lost: DirectoryChange.Kind?) {
    self.server = server
    self.lost = lost
  }

  func reader(of directory: MemoryDirectory) async throws -> any DirectoryReader {
    if let current, current.directory === directory {
      return ReplicaReader(session: current.session, directory: directory, replica: self)
    }
    await current?.session.close()
    // The topmost entries come with the server.
    let start = directory.history
    let population = start.filter { !directory.partitions.contains($0.dn) }
    try await server.wipeAndReplace(seed: .text(LDIFText(population.filter(\.isSeed)).text))
    var settings = ConnectionSettings(host: "127.0.0.1", port: server.ports.ldap)
    settings.bind = .simple(dn: SlapdServer.connectorDN, password: Secret(SlapdServer.userPassword))
    let session = try await LDAPSession.connect(to: settings)
    (current, done) = ((directory, session), start.count)
    try await make(population.filter { !$0.isSeed })
    return ReplicaReader(session: session, directory: directory, replica: self)
  }

  /// Makes the changes that slapd has not seen yet.
  func follow(_ directory: MemoryDirectory) async throws {
    let news = directory.history.dropFirst(done)
    done += news.count
    try await make(news.filter { $0.kind != lost })
  }

  /// Makes changes with the same result as in memory.
  private func make(_ changes: [DirectoryChange]) async throws {
    for run in changes.runs {
      let ldif = LDIFText(run).text
      let code = run.first?.result ?? .success
      do {
        // Relaxed rules let an entry bring its ID (draft-zeilenga-ldap-relax).
        try await server.admin.modify(ldif, options: ["-a", "-e", "relax"], accepting: [code.rawValue])
      } catch {
        problems.append("\(run.map(\.dn).prefix(3)): \(error)")
        throw error
      }
    }
  }
}

/// A session; before each search slapd follows, and what happens under the searches in memory happens here as well.
private struct ReplicaReader: DirectoryReader {
  let session: LDAPSession
  let directory: MemoryDirectory
  let replica: Replica

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try await replica.follow(directory)
    let pages = Mutex(0)
    let summary = try await session.search(request) { batch in
      let isFirst = pages.withLock { count in
        defer { count += 1 }
        return count == 0
      }
      if !isFirst {
        hook(\.betweenPages)
        try await replica.follow(directory)
      }
      try await each(batch)
    }
    hook(\.afterSearch)
    return summary
  }

  private func hook(_ hook: KeyPath<MemoryDirectory.State, (@Sendable (MemoryDirectory) -> Void)?>) {
    directory.state.withLock { $0[keyPath: hook] }?(directory)
  }
}

extension Sequence where Element == DirectoryChange {
  /// Successes together, because one `ldapmodify` makes them all; each failure by itself.
  fileprivate var runs: [[DirectoryChange]] {
    reduce(into: []) { runs, change in
      if change.result == .success, runs.last?.last?.result == .success {
        runs[runs.count - 1].append(change)
      } else {
        runs.append([change])
      }
    }
  }
}

extension LDIFText {
  /// Records for slapd, whose schema and naming rules are stricter than those of the directory in memory.
  fileprivate init(_ changes: [DirectoryChange]) {
    self.init()
    for change in changes { write(change) }
  }

  private mutating func write(_ change: DirectoryChange) {
    let dn = change.request.dn
    switch change.request.change {
    case nil, .add:
      line("dn", dn)
      for (name, values) in change.entryForSlapd { values.forEach { line(name.string, bytes: $0) } }
      end()
    case .delete: delete(dn)
    case .modify(let steps):
      for step in steps { modify(dn, step.operation.rawValue, step.attribute.string, bytes: step.values) }
    case .rename(let rdn, let deletesOld, let superior):
      rename(dn, to: rdn, deletingOldRDN: deletesOld, newSuperior: superior)
    }
  }
}

extension DirectoryChange {
  /// Whether slapd can have it from the start, without a record: else each overlap would tell of the entry's add, and so
  /// cover what an adapter misses. The groups have records, so that the log is not empty.
  fileprivate var isSeed: Bool {
    kind == .add && result == .success && dn.hasSuffix(SlapdServer.base) && !dn.hasPrefix("cn=")
  }

  /// The entry asked for with its own ID, the values of its RDN, and what slapd's schema wants of a person.
  fileprivate var entryForSlapd: AttributeList {
    var entry = MemoryEntry(record: request).attributes
    for assertion in (try? DN(request.dn))?.rdns.first?.assertions ?? [] {
      let name = AttributeDescription(assertion.type)
      if !entry[name].contains(assertion.value) { entry[name].append(assertion.value) }
    }
    entry["objectClass"].append(Array("extensibleObject".utf8))
    for name in ["cn", "sn"] as [AttributeDescription] where entry[name].isEmpty { entry.set(name, "x") }
    entry["entryUUID"] = after?.attributes["entryUUID"] ?? []
    return entry
  }
}
