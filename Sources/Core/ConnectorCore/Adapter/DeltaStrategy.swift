/// Finds which objects may have changed since a watermark; answers four questions, and never replays a log.
///
/// The engine re-reads each hinted object and compares it with the connector space, so hints may come in any order, may
/// repeat, and may say less than happened; but every object that changed must be hinted. Where they carry no ID they are
/// handed over in the order of the log: the engine follows the names in them, and a record out of order may leave an
/// object that is gone in doubt.
public protocol DeltaStrategy: Sendable {
  /// Names the method in configuration, reports and watermarks.
  var method: DeltaMethod { get }

  /// Can this account use the method for this partition?
  ///
  /// Visibility must be proved, not assumed: an account without rights often reads an empty log with success.
  func readiness(of partition: DN, _ reader: any DirectoryReader) async throws -> Readiness

  /// The position of this moment; the engine takes it before a full import starts.
  ///
  /// Every change that the directory accepts after this call must be hinted from the watermark returned.
  func currentWatermark(of partition: DN, _ reader: any DirectoryReader) async throws -> Watermark

  /// Does the log still reach back to this watermark, on this very server?
  func continuity(
    of watermark: Watermark, in partition: DN, _ reader: any DirectoryReader
  ) async throws -> Continuity

  /// Hands over which objects may have changed since the watermark.
  ///
  /// A batch carries a checkpoint only when every record below the checkpoint has been handed over, in this batch or an
  /// earlier one. The last batch always carries one. The engine stores hints and checkpoint in one transaction.
  func hints(
    since watermark: Watermark, in partition: DN, _ reader: any DirectoryReader,
    to sink: @Sendable (HintBatch) async throws -> Void
  ) async throws
}

/// What an adapter's delta is built from: the server, and what configuration says.
public struct DeltaSettings: Sendable {
  /// The server as detected.
  public var evidence: ServerEvidence
  /// The change log's DN from configuration; nil leaves it to detection.
  public var changeLogDN: String?
  /// The method that configuration forces; nil leaves it to the adapter.
  public var method: DeltaMethod?
  /// For how long records that appear late are looked for; seconds.
  public var overlapSeconds: Int = 600
  /// Entries a page when the log is read; nil where the server does not page (RFC 2696).
  public var pageSize: Int? = 1000

  /// Joins server and configuration.
  public init(evidence: ServerEvidence, changeLogDN: String? = nil) {
    self.evidence = evidence
    self.changeLogDN = changeLogDN
  }
}

/// Whether the log reaches back to a watermark.
public enum Continuity: Hashable, Sendable {
  /// Nothing between the watermark and now is missing.
  case unbroken
  /// Something is or may be missing; the reason names the evidence.
  case lost(reason: String)
}

/// Hints, and how far the log has been read with them.
public struct HintBatch: Sendable {
  /// Which objects may have changed.
  public var hints: [Hint]
  /// The position up to which every record has been handed over; nil where this cannot be said yet.
  public var checkpoint: Watermark?

  /// Joins both.
  public init(hints: [Hint], checkpoint: Watermark? = nil) {
    self.hints = hints
    self.checkpoint = checkpoint
  }
}

/// One object that may have changed, and what the log said about it.
public struct Hint: Hashable, Sendable {
  /// What a log record says happened.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// Added or modified, or nobody knows.
    case changed
    /// Renamed or moved; `dn` is the old DN.
    case renamed
    /// Deleted.
    case deleted
  }

  /// The immutable ID, where the log carries it; ignored where the product has none.
  public var id: String?
  /// The DN that the record names; for a rename the DN before it.
  public var dn: String?
  /// The DN after a rename, where it can be told.
  public var newDN: String?
  /// What the record says happened.
  public var kind: Kind
  /// The record's own name, so that a person can find it in the log; no two records have the same.
  public var record: String

  /// Joins what the log said; at least one of `id` and `dn` is needed.
  public init(kind: Kind, id: String? = nil, dn: String? = nil, newDN: String? = nil, record: String) {
    self.kind = kind
    self.id = id
    self.dn = dn
    self.newDN = newDN
    self.record = record
  }
}
