/// How a private slapd is set up; the defaults are an ordinary, well-kept server.
package struct SlapdOptions: Sendable {
  /// Entries loaded with slapadd before the first start.
  package var seed = DirectorySeed.none
  /// A second suffix, such as `dc=other,dc=org`, in a database of its own whose writes go into the same log; the server
  /// brings its topmost entry.
  package var otherBase: String?
  /// Whether the overlay accesslog writes `cn=accesslog`.
  package var accessLog = true
  /// `logsuccess`: TRUE logs successful operations only.
  package var logSuccess = true
  /// `logold`: a filter such as `(objectClass=*)`, or nil for none.
  package var logOld: String?
  /// `logops`.
  package var logOps = "writes"
  /// `logpurge`: age and interval, such as `00:00:08 00:00:04`, or nil for no purge.
  package var logPurge: String?
  /// Whether the overlay memberof keeps `memberOf` for groupOfNames.
  package var memberOf = false
  /// Whether the overlay refint mends `member` and `manager` when entries go or move.
  package var referentialIntegrity = false
  /// The server's default size limit.
  package var sizeLimit = 500
  /// Access rules of the data database placed before all others, without the word `access`.
  package var firstAccessRules: [String] = []
  package var connectorReadsLog = true
  package var connectorReadsConfiguration = false
  /// Whether `cn=connector` is free of size and time limits, in the data and in the log.
  package var connectorIsUnlimited = true
  package var serverID = 1
  /// Whether the overlay syncprov keeps contextCSN in the data and in the log.
  package var syncProvider = true
  package var sortAndVLV = true
  /// slapd's `-d`; 256 (stats) shows every operation in ``SlapdServer/log``.
  package var logLevel = 0
  package var certificate = TestCertificates.ServerCertificate.valid
  /// Bytes that a database may grow to; the file is sparse.
  package var maxSize = 4 << 30

  package init() {}

  /// Options changed in place: `.with { $0.memberOf = true }`.
  package static func with(_ change: (inout SlapdOptions) -> Void) -> SlapdOptions {
    var options = SlapdOptions()
    change(&options)
    return options
  }
}
