import ConnectorCore
import Synchronization
import Testing

@testable import ChangelogAdapters
@testable import ConnectorTesting

/// A directory in memory with a numbered log, and the strategy at work on it, with a clock that tests move.
struct Log: Sendable {
  static let partition = "dc=example,dc=com"
  static let people = "ou=people,\(partition)"

  let directory: MemoryDirectory
  var dialect = ChangelogDialect.draft
  var settings: DeltaSettings
  private let time = Clock()

  /// - Parameter isEmpty: whether the entries were there before the log began.
  init(
    _ flavour: any ChangeLogFlavour = .changelog(), dialect: ChangelogDialect = .draft, isEmpty: Bool = false
  ) throws {
    directory = MemoryDirectory(partitions: [Self.partition], flavour: flavour)
    self.dialect = dialect
    settings = DeltaSettings(evidence: directory.evidence)
    let top = LDIFRecord(dn: Self.partition, attributes: [("objectClass", Array("domain".utf8))])
    let people = LDIFRecord(dn: Self.people, attributes: [("objectClass", Array("organizationalUnit".utf8))])
    for entry in [top, people] { try isEmpty ? directory.load([entry]) : directory.apply(entry) }
  }

  var dn: DN { get throws { try DN(Self.partition) } }

  var strategy: ChangelogDelta {
    ChangelogDelta(settings: settings, dialect: dialect, patience: (2, .milliseconds(1))) { [time] in time.now }
  }

  func watermark() async throws -> Watermark { try await strategy.currentWatermark(of: dn, directory) }

  func continuity(of watermark: Watermark) async throws -> Continuity {
    try await strategy.continuity(of: watermark, in: dn, directory)
  }

  /// The reason why a watermark is lost; nil where it is not.
  func lost(_ watermark: Watermark) async throws -> String? {
    if case .lost(let reason) = try await continuity(of: watermark) { reason } else { nil }
  }

  /// A delta, and where it ended.
  func delta(since watermark: Watermark) async throws -> (hints: [Hint], end: Watermark) {
    let batches = Mutex<[HintBatch]>([])
    try await strategy.hints(since: watermark, in: dn, directory) { batch in batches.withLock { $0.append(batch) } }
    let all = batches.withLock { $0 }
    return (all.flatMap(\.hints), try #require(all.last?.checkpoint))
  }

  func add(_ name: String) throws {
    try directory.apply(ldif: "dn: uid=\(name),\(Self.people)\nobjectClass: person\nuid: \(name)\n")
  }

  /// Takes a number for a change that will not show itself before it is committed.
  func addLate(_ name: String) throws -> [(LDIFRecord, ChangeStamp)] {
    directory.hold()
    try add(name)
    return directory.takeHeld()
  }

  func pass(_ seconds: Int64) { time.pass(seconds) }

  private final class Clock: Sendable {
    private let seconds = Mutex<Int64>(1_000_000)
    var now: Int64 { seconds.withLock { $0 } }
    func pass(_ more: Int64) { seconds.withLock { $0 += more } }
  }
}

extension [Hint] {
  /// The first RDNs' values, in order.
  var names: [String] { compactMap { $0.dn?.split(separator: ",").first?.split(separator: "=").last.map(String.init) } }
}
