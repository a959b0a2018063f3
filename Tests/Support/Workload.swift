import Foundation
import Glibc

/// Concurrent writers that change a directory in every way at once; the same seed makes the same decisions.
///
/// Each writer is one connection of `ldapmodify` with an area of its own below ``base``, plus one group that all share,
/// so that no write can fail: one that does ends the run with an error.
package struct Workload: Sendable {
  /// What a write was, as LDAP sees it.
  package enum Kind: String, Sendable, CaseIterable {
    case add, modify, rename, move, delete, membership
  }

  /// An entry that one write of the run touched, and no other: nothing later can make up for missing that one.
  package struct WrittenOnce: Sendable {
    package let dn: String
    package let kind: Kind
    /// A value of `description` that the write set, and that nothing else has.
    package let mark: String
  }

  package struct Report: Sendable {
    package let seed: UInt64
    package var counts: [Kind: Int] = [:]
    package var writtenOnce: [WrittenOnce] = []
    package var seconds = 0.0

    package var writes: Int { counts.values.reduce(0, +) }

    package var summary: String {
      let kinds = Kind.allCases.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
      let rate = seconds > 0 ? Int(Double(writes) / seconds) : 0
      return "seed \(seed): \(writes) writes (\(rate)/s): \(kinds); \(writtenOnce.count) entries written once"
    }
  }

  package var seed: UInt64
  package var writers = 8
  /// An existing container; ``prepare(on:)`` makes everything below it.
  package var base: String
  /// An existing container elsewhere that moved branches visit, if any.
  package var outside: String?
  /// A limit for each writer; nil is as fast as the server takes them.
  package var writesPerSecond: Double?

  package init(seed: UInt64, base: String) {
    self.seed = seed
    self.base = base
  }

  /// Makes the writers' areas; once before the run, and best before the first full import.
  package func prepare(on server: any DirectoryUnderTest) async throws { try await server.admin.modify(preparation) }

  /// What makes the writers' areas, as content records for ``DirectorySeed``: the log stays without them.
  package var contentLDIF: String { preparation.replacingOccurrences(of: "changetype: add\n", with: "") }

  private var preparation: String { plans().map(\.preparation).reduce(sharedGroup, +) }

  /// Writes for `seconds`; once for each ``prepare(on:)``.
  package func run(on server: any DirectoryUnderTest, for seconds: Double) async throws -> Report {
    let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(seconds * 1000)))
    return try await run(on: server) { ContinuousClock.now >= end }
  }

  /// Writes until `isOver` says so; once for each ``prepare(on:)``.
  /// - Throws: `SupportError` with the seed and the tool's words when a write fails.
  package func run(on server: any DirectoryUnderTest, until isOver: @escaping @Sendable () -> Bool) async throws
    -> Report
  {
    let start = ContinuousClock.now
    let tools = server.admin
    return try await withThrowingTaskGroup(of: Report.self) { group in
      for plan in plans() {
        group.addTask { try await offPool { try drive(plan, tools, isOver) } }
      }
      var total = Report(seed: seed)
      for try await part in group {
        total.counts.merge(part.counts, uniquingKeysWith: +)
        total.writtenOnce += part.writtenOnce
      }
      total.seconds = start.duration(to: .now) / .seconds(1)
      return total
    }
  }

  /// The DN of the group that all writers change.
  package var sharedGroupDN: String { "cn=everyone,\(base)" }

  private var sharedGroup: String {
    var records = LDIFText()
    records.add(sharedGroupDN, classes: ["groupOfNames"], [("cn", "everyone"), ("member", TestDirectory.nobodyDN)])
    return records.text
  }

  func plans() -> [WriterPlan] {
    (0..<writers).map { WriterPlan(number: $0, seed: seed, base: base, outside: outside, sharedGroup: sharedGroupDN) }
  }

  private func drive(_ plan: WriterPlan, _ tools: LDAPTools, _ isOver: () -> Bool) throws -> Report {
    var plan = plan
    var report = Report(seed: seed)
    let child = try tools.startModify()
    let start = ContinuousClock.now
    do {
      while !isOver() {
        let step = plan.next()
        try child.write(Array(step.ldif.utf8))
        step.kinds.forEach { report.counts[$0, default: 0] += 1 }
        if let once = step.once { report.writtenOnce.append(once) }
        if let rate = writesPerSecond { Thread.sleep(until: start, plus: Double(report.writes) / rate) }
      }
    } catch { /* the tool has ended early: its exit code says why */  }
    child.closeInput()
    guard let ending = child.waitUntilEnd(timeout: 120), ending.exitCode == 0 else {
      child.send(SIGKILL)
      let words = String(decoding: child.standardError.contents().suffix(2000), as: UTF8.self)
      throw SupportError("writer \(plan.number) of seed \(seed) failed after \(report.writes) writes:\n\(words)")
    }
    return report
  }
}

extension Thread {
  fileprivate static func sleep(until start: ContinuousClock.Instant, plus seconds: Double) {
    let left = seconds - start.duration(to: .now) / .seconds(1)
    if left > 0 { sleep(forTimeInterval: left) }
  }
}
