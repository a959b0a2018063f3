import ConnectorCore

/// One pass over the log: what to ask for, which records to hand over, and the position afterwards.
///
/// Two conditions are joined, because neither is enough. A record appears when its operation ends, so the order of
/// `reqStart` loses records (about 1 % under eight writers, measured). The order of `entryCSN` loses some too: slapd
/// writes CSNs in order for one database and its own clients, but not where databases share a log or where replication
/// fetches entries in bulk; then a lower CSN appears after a higher one. Such a late record has a recent `reqStart`, for
/// that is the clock of the server that keeps the log. So: `entryCSN` from each server's watermark on, or `reqStart`
/// from the largest seen less an overlap on.
actor AccesslogPass {
  /// The search that finds every record of this pass.
  nonisolated let filter: Filter

  private let old: AccesslogPosition
  private let partitionKey: String
  private let dns = DNNormalizer()
  private let floor: GeneralizedTime?
  private let overlapSeconds: Int
  /// Servers whose records this pass reads from their watermark on; nil means all.
  private let active: Set<String>?
  private(set) var position: AccesslogPosition
  private var largestStart: GeneralizedTime?

  init(from old: AccesslogPosition, in log: AccesslogContainer, partition: DN, overlapSeconds: Int) {
    self.old = old
    // A partition whose DN cannot be read takes every record, which is safe.
    partitionKey = (try? dns.key(of: partition.string)) ?? ""
    self.overlapSeconds = overlapSeconds
    position = old
    position.longestOperation = 0
    largestStart = old.reqStart.flatMap { GeneralizedTime($0) }
    floor = old.floor(overlapSeconds: overlapSeconds)
    (filter, active) = Self.plan(from: old, floor: floor, log)
  }

  /// Takes one page of the log, and answers with what is new to the connector.
  /// - Throws: `DirectoryError` for a record that names no entry.
  func take(_ batch: EntryBatch) throws -> [Hint] {
    try batch.compactMap { entry in
      let record = AccesslogRecord(entry)
      if let key = record.key, old.handedOver.contains(key) {
        // Its place in the position is taken; only the overlap still depends on it.
        position.longestOperation = max(position.longestOperation, record.duration)
        return nil
      }
      let csn = record.csn
      let isNew = isNew(record, csn)
      note(record, csn)
      guard isNew, record.concerns(partitionKey, dns) else { return nil }
      guard let hint = record.hint else { throw AccesslogProblem.namesNoEntry(record.dn) }
      return hint
    }
  }

  /// The position once the search has ended with success.
  func end() -> AccesslogPosition {
    if let floor = position.floor(overlapSeconds: overlapSeconds)?.microseconds {
      position.handedOver.prune(before: floor)
    }
    return position
  }

  /// The filter, and the servers whose CSN it asks for.
  ///
  /// A server never seen before starts at zero. A filter cannot tell servers apart, so one that is gone for years would
  /// drag the whole log in each time; but one whose CSN in the log's `contextCSN` has not moved has nothing newer, and
  /// is left out. That is no reason to spare the search: a late record moves no `contextCSN`. Nor is it believed where
  /// a record above it was seen: without syncprov on the log it stays for ever what it was at the log's making.
  private static func plan(
    from old: AccesslogPosition, floor: GeneralizedTime?, _ log: AccesslogContainer
  ) -> (Filter, Set<String>?) {
    let written = AccesslogRecord.written
    guard let floor, log.serverIDs.isSubset(of: old.csn.serverIDs) else { return (written, nil) }
    let newest = old.csn.all.max()
    let moved = old.csn.all.filter { csn in
      guard csn != newest, let now = log.contextCSN[csn.serverID] else { return true }
      return now > csn || old.seen[csn.serverID].map { $0 > now } ?? false
    }
    var either = [Filter.greaterOrEqual("reqStart", floor.text(fractionDigits: 6))]
    if let lowest = moved.min() { either.append(.greaterOrEqual("entryCSN", lowest.text)) }
    return (.and([written, .or(either)]), log.serverIDs.isEmpty ? nil : Set(moved.map(\.serverID)))
  }

  private func isNew(_ record: AccesslogRecord, _ csn: ChangeSequenceNumber?) -> Bool {
    if let key = record.key, let csn, old.csn[csn.serverID] == csn,
      old.atWatermark[csn.serverID]?.contains(key) == true
    {
      return false
    }
    guard let floor, let start = record.start, start < floor else { return true }
    guard let csn else { return false }
    return old.csn[csn.serverID].map { csn >= $0 } ?? true
  }

  private func note(_ record: AccesslogRecord, _ csn: ChangeSequenceNumber?) {
    position.longestOperation = max(position.longestOperation, record.duration)
    if let key = record.key { position.handedOver.insert(key) }
    if let csn { note(csn, of: record) }
    csn.map { position.seen.note($0) }
    guard let start = record.start, largestStart.map({ start >= $0 }) ?? true else { return }
    largestStart = start
    position.reqStart = start.text(fractionDigits: 6)
    position.last = .init(dn: record.dn, entryUUID: record.entryUUID, serverID: csn?.serverID)
  }

  /// Moves a server's watermark, but only where this pass asked for all of its records: a server that was quiet when
  /// the pass began, and is not now, may have records that the pass did not ask for.
  private func note(_ csn: ChangeSequenceNumber, of record: AccesslogRecord) {
    guard active?.contains(csn.serverID) ?? true else { return }
    let known = position.csn[csn.serverID]
    if let known, known > csn { return }
    if known != csn { position.atWatermark[csn.serverID] = HandedOver() }
    position.csn.note(csn)
    if let key = record.key { position.atWatermark[csn.serverID, default: HandedOver()].insert(key) }
  }
}
