import ConnectorCore

/// How far an access log has been read: what an OpenLDAP watermark holds.
struct AccesslogPosition: Hashable, WatermarkPosition {
  /// The record with the largest `reqStart` read: the last that a purge takes.
  struct LastRecord: Hashable, Sendable, Codable {
    var dn: String
    var entryUUID: String?
    /// The server that made the change, where the record says so.
    var serverID: String?
  }

  /// For each server the `entryCSN` up to which all its records were asked for: its watermark.
  var csn = ServerPositions()
  /// The largest `entryCSN` seen of each server; above `csn` where a pass met it by `reqStart` alone.
  var seen = ServerPositions()
  /// The log's own `contextCSN` when it was last looked at.
  var logContext = ServerPositions()
  /// The largest `reqStart` read, `YYYYmmddHHMMSS.ffffffZ`, by the clock of the server that keeps the log.
  var reqStart: String?
  /// Operations in the overlap that took longer than is usual: `reqStart`, and seconds.
  var slowOperations: [String: Int64] = [:]
  var last: LastRecord?
  /// The suffix's `contextCSN` when the watermark was first taken: changes up to here need no log record.
  var baseline = ServerPositions()
  /// Records inside the overlap that were handed over.
  var handedOver = HandedOver()
  /// For each server the records whose CSN is its watermark; they may be read again, however old they are.
  ///
  /// Mostly one; deletes that replication finds in bulk share a CSN.
  var atWatermark: [String: HandedOver] = [:]

  /// The longest that an operation takes unless it is noted as slow, seconds.
  static let usualDuration: Int64 = 5

  /// From which `reqStart` on records are looked at again; nil reads the whole log.
  ///
  /// The overlap is never shorter than twice the longest operation in it, for a record appears when its operation ends.
  func floor(overlapSeconds: Int) -> GeneralizedTime? {
    let longest = slowOperations.values.reduce(Self.usualDuration, max)
    let overlap = max(Int64(overlapSeconds), 2 * min(longest, AccesslogRecord.longestDuration))
    return reqStart.flatMap { GeneralizedTime($0) }?.subtracting(seconds: overlap)
  }
}

extension AccesslogPosition {
  static let method = AccesslogDelta.methodName
  static let version = 1

  var summary: String? {
    let newest = csn.all.map(\.text).joined(separator: ", ")
    return newest.isEmpty ? "the beginning of the log" : "entryCSN \(newest)"
  }
}
