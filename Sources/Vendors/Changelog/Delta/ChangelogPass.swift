import ConnectorCore

/// What one pass over the log has read: hints, and the position that comes of it.
struct ChangelogPass {
  private(set) var position: ChangelogPosition
  /// Whether any record was seen; without one an empty answer may be a missing right.
  private(set) var sawRecord = false
  private let partitionKey: String
  private let dns = DNNormalizer()
  private let now: Int64
  /// Whether numbers below the first record seen are of no interest.
  private var startsAnywhere: Bool

  /// - Parameter now: seconds since 1970, which gaps are noticed at.
  init(from position: ChangelogPosition, partition: DN, now: Int64, startsAnywhere: Bool = false) {
    self.position = position
    // A partition whose DN cannot be read takes every record, which is safe.
    partitionKey = (try? dns.key(of: partition.string)) ?? ""
    self.now = now
    self.startsAnywhere = startsAnywhere
  }

  /// Takes the records of a stretch in the order of their numbers, and answers with what is new to the connector.
  /// - Throws: `DirectoryError` for a record that names no entry.
  mutating func take(_ records: [ChangelogRecord]) throws -> [Hint] {
    var hints: [Hint] = []
    for record in records {
      sawRecord = true
      guard isNew(record) else { continue }
      hints += try record.hints(in: partitionKey, dns)
      note(record)
    }
    return hints
  }

  /// The position so far as a watermark.
  func watermark(_ server: String) throws -> Watermark { try position.watermark(server: server) }

  /// Gives up numbers that were asked for in this pass, and noticed longer ago than that.
  mutating func forgetGaps(olderThan seconds: Int64) { position.gaps.forget(noticedBefore: now - max(0, seconds)) }

  private func isNew(_ record: ChangelogRecord) -> Bool {
    record.number > position.last || position.gaps.contains(record.number) || startsAnywhere
  }

  private mutating func note(_ record: ChangelogRecord) {
    if record.number > position.last || startsAnywhere {
      if !startsAnywhere { position.gaps.note(between: position.last, and: record.number, at: now) }
      position.last = record.number
      position.proof = RecordProof(record.entry)
    } else {
      position.gaps.fill(record.number)
    }
    startsAnywhere = false
  }
}
