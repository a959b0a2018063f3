import ConnectorCore

/// One pass over the log: what to ask for, which records to hand over, and the position afterwards.
///
/// Two conditions are joined, because neither is enough. A record appears when its operation ends, so the order of
/// `reqStart` loses records (about 1 % under eight writers, measured). The order of `entryCSN` loses some too: slapd
/// writes CSNs in order for one database and its own clients, but not where databases share a log or where replication
/// fetches entries in bulk; then a lower CSN appears after a higher one. Such a late record has a recent `reqStart`, for
/// that is the clock of the server that keeps the log. So: `entryCSN` from each server's watermark on, or `reqStart`
/// from the largest seen less an overlap on.
///
/// Nearly all records of the overlap were handed over before. So it is searched apart, for names alone; only where a
/// name is unknown is that stretch of the log read whole.
actor AccesslogPass {
  /// The search that finds the records of this pass, but for late ones where there is an `overlap`.
  nonisolated let filter: Filter
  /// The search, for names alone, that shows whether records came late; nil where `filter` covers the overlap.
  nonisolated let overlap: Filter?

  private let old: AccesslogPosition
  private let partitionKey: String
  private let dns = DNNormalizer()
  private let floor: GeneralizedTime?
  private let overlapSeconds: Int
  /// Servers whose records this pass reads from their watermark on; nil means all.
  private let active: Set<String>?
  private(set) var position: AccesslogPosition
  private var largestStart: GeneralizedTime?
  /// The first and the last `reqStart` of the overlap that were not known.
  private var unknown: ClosedRange<GeneralizedTime>?

  init(from old: AccesslogPosition, in log: AccesslogContainer, partition: DN, overlapSeconds: Int) {
    self.old = old
    // A partition whose DN cannot be read takes every record, which is safe.
    partitionKey = (try? dns.key(of: partition.string)) ?? ""
    self.overlapSeconds = overlapSeconds
    position = old
    let largest = old.reqStart.flatMap { GeneralizedTime($0) }
    let floor = old.floor(overlapSeconds: overlapSeconds)
    let isKnown = old.handedOver.count > 0
    let (filter, active) = Self.plan(from: old, since: isKnown ? largest : floor, log)
    overlap = isKnown && filter != AccesslogRecord.written ? floor.map { Self.stretch(from: $0, to: largest) } : nil
    (self.filter, self.active, self.floor, largestStart) = (filter, active, floor, largest)
  }

  /// Takes one page of the log, and answers with what is new to the connector.
  /// - Parameter late: whether the page is of `lateRecords`, which moves no server's watermark: between those records
  ///   and this pass's own there may be some that neither search saw.
  /// - Throws: `DirectoryError` for a record that names no entry.
  func take(_ batch: EntryBatch, late: Bool = false) throws -> [Hint] {
    try batch.compactMap { entry in
      let record = AccesslogRecord(entry)
      let csn = record.csn
      let isNew = isNew(record, csn)
      note(record, csn, movesWatermark: !late)
      guard isNew, record.concerns(partitionKey, dns) else { return nil }
      guard let hint = record.hint else { throw AccesslogProblem.namesNoEntry(record.dn) }
      return hint
    }
  }

  /// Takes one page of the overlap, of which only the names are known.
  func takeNames(_ batch: EntryBatch) {
    for entry in batch {
      let record = AccesslogRecord(entry)
      if let key = record.key, position.handedOver.contains(key) { continue }
      // A name that tells no time may be anywhere: then the overlap is read whole.
      for time in [record.start ?? floor, record.start ?? largestStart].compactMap({ $0 }) {
        unknown = min(unknown?.lowerBound ?? time, time)...max(unknown?.upperBound ?? time, time)
      }
    }
  }

  /// The search for the records of the overlap that came late, after `takeNames`; nil where there are none.
  var lateRecords: Filter? { unknown.map { Self.stretch(from: $0.lowerBound, to: $0.upperBound) } }

  /// The position once all searches have ended with success.
  func end() -> AccesslogPosition {
    if let floor = position.floor(overlapSeconds: overlapSeconds) {
      if let key = floor.microseconds { position.handedOver.prune(before: key) }
      position.slowOperations = position.slowOperations.filter { $0.key >= floor.text(fractionDigits: 6) }
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
    from old: AccesslogPosition, since start: GeneralizedTime?, _ log: AccesslogContainer
  ) -> (Filter, Set<String>?) {
    let written = AccesslogRecord.written
    guard let start, log.serverIDs.isSubset(of: old.csn.serverIDs) else { return (written, nil) }
    let newest = old.csn.all.max()
    let moved = old.csn.all.filter { csn in
      guard csn != newest, let now = log.contextCSN[csn.serverID] else { return true }
      return now > csn || old.seen[csn.serverID].map { $0 > now } ?? false
    }
    var either = [Filter.greaterOrEqual("reqStart", start.text(fractionDigits: 6))]
    if let lowest = moved.min() { either.append(.greaterOrEqual("entryCSN", lowest.text)) }
    return (.and([written, .or(either)]), log.serverIDs.isEmpty ? nil : Set(moved.map(\.serverID)))
  }

  /// Whatever started between two times; the second is rounded up, for a text of six digits may cut it.
  private static func stretch(from first: GeneralizedTime, to last: GeneralizedTime?) -> Filter {
    var limits = [Filter.greaterOrEqual("reqStart", first.text(fractionDigits: 6))]
    if let last { limits.append(.lessOrEqual("reqStart", last.adding(seconds: 1).text(fractionDigits: 6))) }
    return .and([AccesslogRecord.written] + limits)
  }

  private func isNew(_ record: AccesslogRecord, _ csn: ChangeSequenceNumber?) -> Bool {
    if let key = record.key {
      if position.handedOver.contains(key) { return false }
      if let csn, old.csn[csn.serverID] == csn, old.atWatermark[csn.serverID]?.contains(key) == true { return false }
    }
    guard let floor, let start = record.start, start < floor else { return true }
    guard let csn else { return false }
    return old.csn[csn.serverID].map { csn >= $0 } ?? true
  }

  private func note(_ record: AccesslogRecord, _ csn: ChangeSequenceNumber?, movesWatermark: Bool) {
    if let start = record.start, record.duration > AccesslogPosition.usualDuration {
      position.slowOperations[start.text(fractionDigits: 6)] = record.duration
    }
    if let key = record.key { position.handedOver.insert(key) }
    if let csn, movesWatermark { note(csn, of: record) }
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
