/// The text of slapd.conf (slapd.conf(5)) for a set of options.
struct SlapdConfiguration {
  let options: SlapdOptions
  let directory: String
  let certificates: TestCertificates

  private let base = SlapdServer.base
  private let connector = SlapdServer.connectorDN

  init(_ options: SlapdOptions, directory: String, certificates: TestCertificates) {
    self.options = options
    self.directory = directory
    self.certificates = certificates
  }

  var text: String {
    let log = options.accessLog ? logDatabase : ""
    return global + configDatabase + log + dataDatabase + overlays + otherDatabase + monitorDatabase
  }

  /// The access rules of the data database, in order, without the word `access`.
  func dataAccess(first rules: [String]) -> [String] {
    rules + [
      "to attrs=userPassword by dn.exact=\"\(connector)\" read by self write by anonymous auth by * none",
      "to * by users read by * none",
    ]
  }

  /// The access rule of the log database, without the word `access`.
  static func logAccess(connectorReads: Bool) -> String {
    "to * " + (connectorReads ? "by dn.exact=\"\(SlapdServer.connectorDN)\" read " : "") + "by * none"
  }

  private var global: String {
    let modules = ["back_mdb", "back_monitor", "accesslog", "syncprov", "sssvlv", "memberof", "refint"]
    let schemas = ["core", "cosine", "inetorgperson", "nis"]
    let server = certificates.files(options.certificate)
    return schemas.map { "include /etc/ldap/schema/\($0).schema\n" }.joined() + """
      pidfile \(directory)/slapd.pid
      modulepath /usr/lib/ldap
      \(modules.map { "moduleload \($0)\n" }.joined())
      loglevel \(options.logLevel)
      serverID \(options.serverID)
      attributeoptions lang- x-
      sizelimit \(options.sizeLimit)
      TLSCACertificateFile \(certificates.authority)
      TLSCertificateFile \(server.certificate)
      TLSCertificateKeyFile \(server.key)
      TLSVerifyClient never
      access to dn.base="" by * read
      access to dn.base="cn=Subschema" by * read

      """
  }

  private var configDatabase: String {
    let reader = options.connectorReadsConfiguration ? "by dn.exact=\"\(connector)\" read " : ""
    return """
      database config
      rootdn "cn=config"
      rootpw \(SlapdServer.adminPassword)
      access to * \(reader)by * none

      """
  }

  private var logDatabase: String {
    let sync = options.syncProvider ? "overlay syncprov\nsyncprov-nopresent TRUE\nsyncprov-reloadhint TRUE\n" : ""
    return """
      database mdb
      suffix "\(SlapdServer.logBase)"
      rootdn "\(SlapdServer.adminDN)"
      directory \(directory)/accesslog
      maxsize \(options.maxSize)
      dbnosync
      index entryCSN,entryUUID,objectClass,reqStart,reqDN,reqResult eq
      access \(Self.logAccess(connectorReads: options.connectorReadsLog))
      \(limits)
      \(sync)

      """
  }

  private var dataDatabase: String {
    """
    database mdb
    suffix "\(base)"
    rootdn "\(SlapdServer.adminDN)"
    rootpw \(SlapdServer.adminPassword)
    directory \(directory)/data
    maxsize \(options.maxSize)
    dbnosync
    index entryCSN,entryUUID,objectClass,uid,cn,member eq
    \(dataAccess(first: options.firstAccessRules).map { "access \($0)\n" }.joined())
    \(limits)

    """
  }

  private var limits: String {
    options.connectorIsUnlimited ? "limits dn.exact=\"\(connector)\" size=unlimited time=unlimited" : ""
  }

  private var overlays: String {
    var lines: [String] = []
    if options.sortAndVLV { lines += ["overlay sssvlv", "sssvlv-max 8"] }
    lines += loggingOverlays
    if options.memberOf {
      lines += ["overlay memberof", "memberof-group-oc groupOfNames", "memberof-member-ad member"]
      lines += ["memberof-memberof-ad memberOf", "memberof-refint TRUE"]
    }
    if options.referentialIntegrity {
      lines += ["overlay refint", "refint_attributes member manager", "refint_nothing \"\(SlapdServer.adminDN)\""]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What both data databases have, as lines.
  private var loggingOverlays: [String] {
    var lines: [String] = []
    if options.syncProvider { lines += ["overlay syncprov", "syncprov-sessionlog 1000"] }
    if options.accessLog {
      lines += ["overlay accesslog", "logdb \(SlapdServer.logBase)", "logops \(options.logOps)"]
      lines += ["logsuccess \(options.logSuccess ? "TRUE" : "FALSE")"]
      lines += [options.logOld.map { "logold \($0)" }, options.logPurge.map { "logpurge \($0)" }].compactMap { $0 }
    }
    return lines
  }

  private var otherDatabase: String {
    guard let base = options.otherBase else { return "" }
    return """

      database mdb
      suffix "\(base)"
      rootdn "\(SlapdServer.adminDN)"
      directory \(directory)/other
      maxsize \(options.maxSize)
      dbnosync
      index entryCSN,entryUUID,objectClass eq
      access to * by users read by * none
      \(limits)
      \(loggingOverlays.map { $0 + "\n" }.joined())
      """
  }

  private var monitorDatabase: String {
    "\ndatabase monitor\naccess to * by dn.exact=\"\(connector)\" read by * none\n"
  }
}

/// What every server holds below its suffix: the suffix entry and the two accounts.
let slapdAccounts =
  """
  dn: \(SlapdServer.base)
  objectClass: dcObject
  objectClass: organization
  dc: example
  o: Example

  dn: \(SlapdServer.connectorDN)
  objectClass: organizationalRole
  objectClass: simpleSecurityObject
  cn: connector
  description: reads everything and the access log, no limits
  userPassword: \(SlapdServer.userPassword)

  dn: \(SlapdServer.limitedDN)
  objectClass: organizationalRole
  objectClass: simpleSecurityObject
  cn: limited
  description: reads the data only, keeps the default size limit
  userPassword: \(SlapdServer.userPassword)


  """

/// The topmost entry of a further suffix, whose first RDN is a `dc`.
func slapdSuffix(_ base: String) -> String {
  let name = base.split(separator: ",").first?.split(separator: "=").last ?? ""
  return "dn: \(base)\nobjectClass: dcObject\nobjectClass: organization\ndc: \(name)\no: \(name)\n\n"
}
