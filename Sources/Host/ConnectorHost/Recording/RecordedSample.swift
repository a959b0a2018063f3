import ConnectorCore

/// What was read from a directory in order to be recorded, not yet scrambled.
struct RecordedSample {
  /// How the server tells of changes.
  enum Log: String {
    case accesslog, changelog, usn, timestamp
  }

  var rootDSE: Entry
  /// The subschema entry; nil where it is hidden.
  var schema: Entry?
  /// Entries of the partitions, parents first.
  var entries: [Entry] = []
  /// The log's container and records, or tombstones.
  var records: [Entry] = []
  /// Nil where the server did not show how it tells of changes.
  var log: Log?
  var logDN: String?
  /// What could not be read, a sentence each.
  var remarks: [String] = []
}
