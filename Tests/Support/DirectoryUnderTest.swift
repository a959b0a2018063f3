/// A real server that the live scenarios run against: all that they need of it, whatever its product.
package protocol DirectoryUnderTest: AnyObject, Sendable {
  /// The port of plain LDAP on 127.0.0.1.
  var port: UInt16 { get }
  /// An account without limits that may write.
  var admin: LDAPTools { get }
  /// The account made for a connector, ``TestDirectory/connectorDN``.
  var connector: LDAPTools { get }
  /// A file that holds the password of ``TestDirectory/connectorDN``, without a newline.
  var connectorPasswordFile: String { get }

  /// Ends the server and removes its directory.
  func dispose() async throws
  /// Ends the server with SIGKILL.
  func kill() async throws
  /// Starts a server again that was ended.
  func startAgain() async throws
  /// Replaces the server by another one of the same name, port and accounts, with other data and another log.
  func wipeAndReplace(seed: DirectorySeed) async throws
  /// Freezes the server (SIGSTOP): connections open and requests go unanswered.
  func suspend()
  /// Ends ``suspend()``.
  func resume()

  /// Hides parts of the directory from the connector's account, live, and shows it all others.
  func hide(_ parts: [HiddenPart]) async throws
  /// Whether the connector's account may read the log, live.
  func setConnectorReadsLog(_ isAllowed: Bool) async throws
  /// Sets how many entries the connector's account gets from a search, of the data or of the log, live; nil is all.
  func setConnectorLimit(_ limit: Int?) async throws
  /// Ends ``DirectorySetup/forgetsLog``.
  func keepLog() async throws

  /// How many records the log holds.
  func logSize() async throws -> Int
  /// The IDs of the entries that the log says were deleted.
  func recordedDeletes() async throws -> [String]
  /// How many searches the server has answered since its start; see ``DirectorySetup/countsSearches``.
  func answeredSearches() -> Int
}

extension DirectoryUnderTest {
  package var uri: String { "ldap://127.0.0.1:\(port)" }
}

/// A part of a directory that the connector's account can be kept from seeing.
package enum HiddenPart: Sendable {
  /// The entry and everything below it.
  case subtree(String)
  /// An attribute of all entries.
  case attribute(String)
}

/// How a server is set up, in the words that all products share.
package struct DirectorySetup: Sendable {
  package var seed = DirectorySeed.none
  /// Whether the server keeps `memberOf` for groupOfNames.
  package var memberOf = false
  /// Whether the server mends `member` and `manager` when entries go or move.
  package var referentialIntegrity = false
  /// Whether the log loses its records after a few seconds, or after a few more.
  package var forgetsLog = false
  package var connectorReadsLog = true
  /// Whether ``DirectoryUnderTest/answeredSearches()`` counts.
  package var countsSearches = false

  package init() {}

  /// A setup changed in place: `.with { $0.memberOf = true }`.
  package static func with(_ change: (inout DirectorySetup) -> Void) -> DirectorySetup {
    var setup = DirectorySetup()
    change(&setup)
    return setup
  }
}
