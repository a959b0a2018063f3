/// What an administrator of slapd does about a log that cannot be used, as slapd.conf(5) and slapd-config(5) say it.
enum AccesslogRemedy {
  private static let account = "<DN of the connector's account>"

  static func overlay(log: String, partition: String) -> String {
    """
    Add the overlay accesslog. slapd.conf: `moduleload accesslog`; a database `suffix "\(log)"` with its own \
    directory and `index entryCSN,objectClass,reqResult,reqStart eq`; in the database of \(partition): \
    `overlay accesslog`, `logdb \(log)`, `logops writes`, `logsuccess TRUE`, `logpurge 07+00:00 01+00:00`. cn=config: \
    olcModuleLoad: accesslog; an olcMdbConfig database with olcSuffix: \(log) and olcDbIndex; below the database of \
    \(partition) an olcOverlay=accesslog (olcAccessLogConfig) with olcAccessLogDB: \(log), olcAccessLogOps: writes, \
    olcAccessLogSuccess: TRUE, olcAccessLogPurge: 07+00:00 01+00:00
    """
  }

  static func rights(_ log: String) -> String {
    """
    Let the connector's account read the log. slapd.conf, in the database of \(log): \
    `access to dn.subtree="\(log)" by dn.exact="\(account)" read by * none`. cn=config, on that database: \
    olcAccess: {0}to dn.subtree="\(log)" by dn.exact="\(account)" read by * none
    """
  }

  static func limits(_ log: String) -> String {
    """
    Lift the limits for the connector's account in the log's database. slapd.conf, in the database of \(log): \
    `limits dn.exact="\(account)" size=unlimited time=unlimited`. cn=config, on that database: \
    olcLimits: dn.exact="\(account)" size=unlimited time=unlimited
    """
  }

  static func operations(_ partition: String) -> String {
    """
    Log every write of the partition. slapd.conf, at the overlay accesslog of \(partition): `logops writes`. cn=config, \
    on its olcOverlay=accesslog: olcAccessLogOps: writes
    """
  }

  static func indexes(_ log: String) -> String {
    """
    Index the log. slapd.conf, in the database of \(log): `index entryCSN,objectClass,reqResult,reqStart eq`, then \
    slapindex. cn=config, on that database: olcDbIndex: entryCSN,objectClass,reqResult,reqStart eq
    """
  }

  static func suffix(_ partition: String) -> String {
    """
    Let the connector's account read the entry \(partition) with its operational attributes. slapd.conf, in its \
    database: `access to dn.base="\(partition)" by dn.exact="\(account)" read by * break`; cn=config: the same as olcAccess
    """
  }
}
