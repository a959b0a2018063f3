import ConnectorCore
import ConnectorTesting

/// A delta over a numbered changelog in any dialect, as plain as it can be: every record above the watermark is a hint.
struct LogStrategy: DeltaStrategy {
  /// Changes the order in which records are handed over, as a log does whose order is not that of the commits.
  var arrange: @Sendable ([LogRecord]) -> [LogRecord] = { $0 }
  var recordsPerBatch = 100
  var method: DeltaMethod { "numbered" }

  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    Readiness([.init(.available, "a test")])
  }

  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    let root = try await reader.collect(SearchRequest(base: "", scope: .base, attributes: ["*"], pageSize: nil)).first
    return watermark(root?.string("lastChangeNumber").flatMap { Int($0) } ?? 0)
  }

  func continuity(of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader) async throws -> Continuity {
    .unbroken
  }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    let position = Int(watermark.position) ?? 0
    let request = SearchRequest(base: "cn=changelog", scope: .oneLevel, attributes: ["*", "targetUniqueId"])
    let records = try await reader.collect(request).compactMap { LogRecord($0) }
      .filter { $0.number > position }.sorted { $0.number < $1.number }
    let ordered = arrange(records)
    for start in stride(from: 0, to: ordered.count, by: recordsPerBatch) {
      let part = ordered[start..<min(start + recordsPerBatch, ordered.count)]
      let rest = ordered.dropFirst(start + part.count)
      // A checkpoint covers what is below every record that is still to come.
      let safe = rest.map(\.number).min().map { $0 - 1 } ?? records.last?.number ?? position
      try await sink(HintBatch(hints: part.map(\.hint), checkpoint: self.watermark(max(position, safe))))
    }
  }

  private func watermark(_ number: Int) -> Watermark {
    Watermark(method: method, version: 1, server: "test", position: String(number))
  }
}

/// A record of the log.
struct LogRecord: Sendable {
  var number: Int
  var hint: Hint

  init?(_ entry: Entry) {
    guard let number = entry.string("changeNumber").flatMap({ Int($0) }), let dn = entry.string("targetDN") else {
      return nil
    }
    let kinds: [String: Hint.Kind] = ["delete": .deleted, "modrdn": .renamed, "moddn": .renamed]
    let kind = entry.string("changeType").flatMap { kinds[$0] } ?? .changed
    self.number = number
    hint = Hint(kind: kind, id: entry.string("targetUniqueId"), dn: dn, record: entry.dn)
    guard let rdn = entry.string("newRDN") else { return }
    let parent = entry.string("newSuperior") ?? DN.components(of: dn).dropFirst().joined(separator: ",")
    hint.newDN = "\(rdn),\(parent)"
  }
}

/// A reader that dies at one of its calls, as a process does.
final class MortalReader: DirectoryReader, @unchecked Sendable {
  struct Death: Error {}
  private let reader: any DirectoryReader
  private var left: Int

  init(_ reader: any DirectoryReader, calls: Int?) {
    self.reader = reader
    left = calls ?? .max
  }

  private func live() throws {
    if left <= 0 { throw Death() }
    left -= 1
  }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    try live()
    return try await reader.search(request, each: each)
  }

  func read(_ bases: [String], attributes: [String]) async throws -> [ReadAnswer] {
    try live()
    return try await reader.read(bases, attributes: attributes)
  }
}
