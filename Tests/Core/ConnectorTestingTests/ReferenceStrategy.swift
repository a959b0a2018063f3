import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A small and correct delta over a numbered changelog, to be broken on purpose.
///
/// The newest hundred numbers are read again, because some come into sight late.
struct ReferenceStrategy: DeltaStrategy {
  struct Position: Codable {
    var last: UInt64 = 0
    /// Numbers of the newest hundred that were handed over, or that the import sees.
    var seen: [UInt64] = []
    /// What the newest record said, to know it again.
    var record: String?
  }

  static let log = "cn=changelog"
  let settings: DeltaSettings
  var method: DeltaMethod { "numbered" }

  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness {
    guard case .entry = try await reader.read(partition.string, attributes: ["objectClass"]) else {
      return Readiness([.init(.unavailable, "\(partition) cannot be read", remedy: "Grant the right to read it")])
    }
    guard (try? await identity(reader)) != nil else {
      return Readiness([.init(.unavailable, "the log cannot be read", remedy: "Grant the right to read it")])
    }
    let records = try await records(from: 0, reader)
    if !records.isEmpty { return Readiness([.init(.available, "\(records.count) records are visible")]) }
    return Readiness([.init(.unknown, "no record is visible", remedy: "Make a change, and check the rights on the log")]
    )
  }

  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark {
    let server = try await identity(reader)
    let last = try await bounds(reader).last
    var position = Position(last: last)
    for record in try await records(from: last - min(last, 100), reader) where record.number <= last {
      position.note(record)
    }
    return try watermark(position, server)
  }

  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity {
    let position = try position(of: watermark)
    guard try await identity(reader) == watermark.server else { return .lost(reason: "this is another server's log") }
    let (first, last) = try await bounds(reader)
    guard last >= position.last else { return .lost(reason: "the log ends at \(last), before \(position.last)") }
    guard position.last > 0 else { return first <= 1 ? .unbroken : .lost(reason: "the log starts at \(first) only") }
    let record = try await records(from: position.last, reader).first { $0.number == position.last }
    guard let record else { return .lost(reason: "record \(position.last) is no longer in the log") }
    return record.words == position.record ? .unbroken : .lost(reason: "record \(position.last) is another one now")
  }

  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws {
    var position = try position(of: watermark)
    guard try await identity(reader) == watermark.server else { throw WatermarkLost("this is another server's log") }
    for record in try await records(from: position.last - min(position.last, 100), reader) {
      guard !position.seen.contains(record.number), record.number + 100 > position.last else { continue }
      position.note(record)
      if record.concerns(partition) { try await sink(HintBatch(hints: [try record.hint()])) }
    }
    let first = try await bounds(reader).first
    guard first <= (try self.position(of: watermark).last) + 1 else {
      throw WatermarkLost("the log was trimmed to \(first) while it was read")
    }
    position.seen = position.seen.filter { $0 + 100 > position.last }
    try await sink(HintBatch(hints: [], checkpoint: try self.watermark(position, watermark.server)))
  }

  func position(of watermark: Watermark) throws -> Position {
    guard watermark.method == method, watermark.version == 1,
      let position = try? JSONDecoder().decode(Position.self, from: Data(watermark.position.utf8))
    else { throw WatermarkLost("the watermark is not one of this method and version") }
    return position
  }

  func watermark(_ position: Position, _ server: String) throws -> Watermark {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let whole = String(decoding: try encoder.encode(position), as: UTF8.self)
    return Watermark(method: method, version: 1, server: server, position: whole)
  }

  func identity(_ reader: any DirectoryReader) async throws -> String {
    switch try await reader.read(Self.log, attributes: ["entryUUID"]) {
    case .entry(let entry): return entry.string("entryUUID") ?? ""
    case .failed(let error): throw error
    case .absent: throw DirectoryError(.noSuchObject, operation: "read of \(Self.log)")
    }
  }

  func bounds(_ reader: any DirectoryReader) async throws -> (first: UInt64, last: UInt64) {
    let request = SearchRequest(base: "", scope: .base, attributes: ["*", "+"], pageSize: nil)
    let root = try await reader.collect(request).first
    func number(_ name: AttributeDescription) -> UInt64 { root?.string(name).flatMap { UInt64($0) } ?? 0 }
    return (number("firstChangeNumber"), number("lastChangeNumber"))
  }

  private func records(from number: UInt64, _ reader: any DirectoryReader) async throws -> [NumberedRecord] {
    let request = SearchRequest(
      base: Self.log, scope: .oneLevel, filter: .greaterOrEqual("changeNumber", String(number)),
      attributes: ["*", "targetEntryUUID"], pageSize: settings.pageSize)
    return try await reader.collect(request).compactMap { NumberedRecord($0) }
  }
}

/// A record of the log.
struct NumberedRecord {
  let entry: Entry
  let number: UInt64

  init?(_ entry: Entry) {
    guard let number = entry.string("changeNumber").flatMap({ UInt64($0) }) else { return nil }
    self.entry = entry
    self.number = number
  }

  var target: String? { entry.string("targetDN").flatMap { $0.isEmpty ? nil : $0 } }
  var words: String {
    ["targetDN", "targetEntryUUID", "changeTime"].map { entry.string($0) ?? "" }.joined(separator: " ")
  }

  var newDN: String? {
    guard let rdn = entry.string("newrdn"), let old = target.flatMap({ try? DN($0) }) else { return nil }
    return "\(rdn),\(entry.string("newsuperior") ?? old.parent?.string ?? "")"
  }

  func concerns(_ partition: DN) -> Bool {
    [target, newDN].compactMap { $0 }.contains { (try? DN($0))?.isEqualOrDescendant(of: partition) ?? true }
      || target == nil
  }

  func hint() throws -> Hint {
    let id = entry.string("targetEntryUUID")
    guard target != nil || id != nil else {
      throw DirectoryError(.insufficientAccessRights, operation: "read of \(entry.dn)", message: "it names no entry")
    }
    let type = entry.string("changeType")
    let kind: Hint.Kind = type == "delete" ? .deleted : type == "modrdn" ? .renamed : .changed
    return Hint(kind: kind, id: id, dn: target, newDN: newDN, record: entry.dn)
  }
}

extension ReferenceStrategy.Position {
  mutating func note(_ record: NumberedRecord) {
    if !seen.contains(record.number) { seen = (seen + [record.number]).sorted() }
    guard record.number >= last else { return }
    last = record.number
    self.record = record.words
  }
}
