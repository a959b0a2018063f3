import ConnectorCore

/// What the suffix entry of a partition says of itself and of its log.
struct LoggedSuffix: Sendable {
  let dn: DN
  let entryUUID: String?
  /// The log that the overlay names (`auditContext`); nil where it is missing or hidden.
  let auditContext: String?
  /// The newest change of each server, where the overlay syncprov keeps it.
  let contextCSN: ServerPositions

  init(_ entry: Entry, dn: DN) {
    self.dn = dn
    entryUUID = entry.string("entryUUID")
    auditContext = entry.string("auditContext")
    contextCSN = ServerPositions(entry.strings("contextCSN"))
  }

  static let attributes = ["entryUUID", "auditContext", "contextCSN"]
}

/// The entry that the records of an access log lie below (slapo-accesslog(5), `auditContainer`).
struct AccesslogContainer: Sendable {
  let dn: String
  /// What tells this log from every other: slapd gives the container no `entryUUID`, but the `entryCSN` of its making.
  let identity: String
  /// The newest record of each server, where the overlay syncprov keeps it on the log.
  let contextCSN: ServerPositions
  /// For each server the newest record purged, or before any purge the first record (slapd 2.5).
  let minCSN: ServerPositions
  /// Whether there are records, whether or not this account sees them; nil where slapd does not tell.
  let hasRecords: Bool?

  init(_ entry: Entry) {
    dn = entry.dn
    identity = entry.string("entryUUID") ?? entry.string("entryCSN") ?? "unknown"
    contextCSN = ServerPositions(entry.strings("contextCSN"))
    minCSN = ServerPositions(entry.strings("minCSN"))
    hasRecords = entry.string("hasSubordinates").map { $0.uppercased() == "TRUE" }
  }

  static let attributes = ["entryUUID", "entryCSN", "contextCSN", "minCSN", "hasSubordinates"]

  /// Every server that the container knows of.
  var serverIDs: Set<String> { contextCSN.serverIDs.union(minCSN.serverIDs) }
}

/// A partition and its log, as far as this account can read them.
struct AccesslogPlace: Sendable {
  let suffix: LoggedSuffix
  let log: AccesslogContainer

  /// The identity that a watermark carries: another log, or another directory behind the same name, differs.
  var server: String { "log \(log.identity), suffix \(suffix.entryUUID ?? "unknown")" }
}

/// Finds the log of a partition.
struct AccesslogLocator: Sendable {
  let settings: DeltaSettings

  /// The log's DN: what configuration forces, else what the server says, else the usual name.
  func logDN(of suffix: LoggedSuffix) -> String {
    settings.changeLogDN ?? suffix.auditContext ?? AccesslogDelta.usualLogDN
  }

  /// Reads the suffix entry and the log's container, in this order, so that the log is never older than the suffix.
  /// - Throws: `DirectoryError` with the remedy where one of them cannot be read.
  func locate(_ partition: DN, _ reader: any DirectoryReader) async throws -> AccesslogPlace {
    let suffix = try await suffix(partition, reader)
    return AccesslogPlace(suffix: suffix, log: try await log(logDN(of: suffix), reader))
  }

  func suffix(_ partition: DN, _ reader: any DirectoryReader) async throws -> LoggedSuffix {
    let answer = try await reader.read(partition.string, attributes: LoggedSuffix.attributes)
    if case .entry(let entry) = answer { return LoggedSuffix(entry, dn: partition) }
    throw answer.error(reading: partition.string, remedy: AccesslogRemedy.suffix(partition.string))
  }

  func log(_ dn: String, _ reader: any DirectoryReader) async throws -> AccesslogContainer {
    let answer = try await reader.read(dn, attributes: AccesslogContainer.attributes)
    if case .entry(let entry) = answer { return AccesslogContainer(entry) }
    throw answer.error(reading: dn, remedy: AccesslogRemedy.rights(dn))
  }
}
