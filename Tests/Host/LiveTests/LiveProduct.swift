import Testing

@testable import TestSupport

/// A product that the live scenarios run against; another one joins by one line here, and in the lists below.
struct LiveProduct: Sendable, CustomStringConvertible {
  let description: String
  /// The attribute that is the ID of an object.
  let id: String
  /// Whether a record of the log carries the ID of its entry, so that the connector reads no more than it must.
  let logsIDs: Bool
  /// Whether the server increments values (RFC 4525).
  let increments: Bool
  /// Whether the server changes the letter case of a name; one refuses it.
  let renamesByCase: Bool
  /// Whether a groupOfNames must have a member, as RFC 4519 §3.5 says; one schema has it as an option.
  let demandsMembers: Bool
  /// Whether the server deletes a branch in one request (draft-armijo-ldap-treedelete).
  let deletesTrees: Bool
  /// Whether a rename that keeps the old value of the RDN adds the new one, as RFC 4511 §4.9 says.
  let addsNewRDN: Bool
  /// What errors call the log.
  let log: String
  /// How many records stay in a log that forgets.
  let recordsKept: Int
  /// Of what an administrator is told to do about limits.
  let limitsCure: String
  let start: @Sendable (DirectorySetup) async throws -> any DirectoryUnderTest

  init(
    _ name: String, id: String, logsIDs: Bool = true, increments: Bool = false,
    renamesByCase: Bool = true, demandsMembers: Bool = true, deletesTrees: Bool = false, addsNewRDN: Bool = true,
    log: String = "cn=changelog",
    recordsKept: Int = 0,
    limitsCure: String = "", start: @escaping @Sendable (DirectorySetup) async throws -> any DirectoryUnderTest
  ) {
    description = name
    (self.id, self.logsIDs, self.log) = (id, logsIDs, log)
    (self.increments, self.renamesByCase, self.demandsMembers) = (increments, renamesByCase, demandsMembers)
    (self.deletesTrees, self.addsNewRDN) = (deletesTrees, addsNewRDN)
    (self.recordsKept, self.limitsCure, self.start) = (recordsKept, limitsCure, start)
  }

  static let slapd = slapd("slapd") { SlapdOptions($0) }
  /// As it is set up where nobody has read the manual: failed operations are logged too.
  static let slapdLoggingFailures = slapd("slapd that logs failures") {
    var options = SlapdOptions($0)
    options.logSuccess = false
    return options
  }
  static let ds389 = ds389("389 DS") { DS389Options($0) }
  /// As it is set up where nobody has read the manual: records name entries by DN alone.
  static let ds389WithoutLoggedID = ds389("389 DS without logged IDs", logsIDs: false) {
    var options = DS389Options($0)
    options.loggedAttributes = []
    return options
  }
  static let unboundID = LiveProduct(
    "UnboundID", id: "entryUUID", logsIDs: false, increments: true, renamesByCase: false, demandsMembers: false,
    deletesTrees: true, addsNewRDN: false, recordsKept: 10
  ) {
    try await UnboundIDServer.start(UnboundIDOptions($0))
  }

  private static func slapd(
    _ name: String, _ options: @escaping @Sendable (DirectorySetup) -> SlapdOptions
  ) -> LiveProduct {
    LiveProduct(name, id: "entryUUID", increments: true, log: "cn=accesslog", limitsCure: "size=unlimited") {
      try await SlapdServer.start(options($0))
    }
  }

  private static func ds389(
    _ name: String, logsIDs: Bool = true, _ options: @escaping @Sendable (DirectorySetup) -> DS389Options
  ) -> LiveProduct {
    LiveProduct(
      name, id: "nsUniqueId", logsIDs: logsIDs, demandsMembers: false, recordsKept: 1, limitsCure: "nsSizeLimit"
    ) {
      try await DS389Server.start(options($0))
    }
  }
}

extension LiveProduct {
  static let all = [slapd, ds389, ds389WithoutLoggedID, unboundID]
  /// One of each server.
  static let servers = [slapd, ds389, unboundID]
  /// Those whose records carry the ID of the entry.
  static let loggingIDs = [slapd, ds389]
  /// Those with access control, limits, and data that outlive their process.
  static let withRights = [slapd, ds389]
}
