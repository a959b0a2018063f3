import Foundation

/// `dse.ldif` for a set of options: what `dscreate` makes of the package's templates, without a service or the system's
/// folders, so that an ordinary user can start it.
struct DS389Configuration {
  let options: DS389Options
  let directory: String
  let port: UInt16

  /// The folders that the server expects.
  static let folders = ["etc", "etc/schema", "lock", "log", "run", "inst", "tmp", "ldif", "bak", "db"]
  static let backend = "userRoot"
  private static let templates = ["template-dse", "template-suffix-db"].map { "/usr/share/dirsrv/data/\($0).ldif" }
  private static let database = "cn=ldbm database,cn=plugins,cn=config"

  /// The configuration of a server that has never run.
  func fresh() throws -> DSEFile {
    let parts = try Self.templates.map { try String(contentsOfFile: $0, encoding: .utf8) } + [Self.entryUUID]
    let text = parts.joined(separator: "\n")
    var file = DSEFile(placeholders.reduce(text) { $0.replacing("%\($1.key)%", with: $1.value) })
    // Its file is readable by root alone, and it only adds collations of single languages.
    try file.set("cn=Internationalization Plugin,cn=plugins,cn=config", "nsslapd-pluginEnabled", ["off"])
    try file.set("cn=config", "nsslapd-listenhost", ["127.0.0.1"])
    try file.set("cn=config", "nsslapd-defaultnamingcontext", [DS389Server.base])
    // A bind would write a better hash of the password, and so a record into the log.
    try file.set("cn=config", "nsslapd-enable-upgrade-hash", ["off"])
    try file.set("cn=config", "nsslapd-accesslog-logbuffering", ["off"])
    try file.set("cn=config,\(Self.database)", "nsslapd-cache-autosize", ["0"])
    try file.set("cn=config,\(Self.database)", "nsslapd-dbcachesize", ["33554432"])
    // Used while a seed is imported, and only then.
    try file.set("cn=config,\(Self.database)", "nsslapd-import-cache-autosize", ["0"])
    try file.set("cn=config,\(Self.database)", "nsslapd-import-cachesize", ["536870912"])
    return file
  }

  /// The server adds this plug-in to its configuration when it first runs, and loads it when it next does: a server with
  /// a copied database would not have it.
  private static let entryUUID = [
    ("entryuuid_syntax", "libentryuuid-syntax-plugin", "syntax"),
    ("entryuuid", "libentryuuid-plugin", "betxnpreoperation"),
  ]
  .map { name, library, type in
    """
    dn: cn=\(name),cn=plugins,cn=config
    objectClass: top
    objectClass: nsSlapdPlugin
    cn: \(name)
    nsslapd-pluginPath: \(library)
    nsslapd-pluginInitfunc: \(name)_plugin_init
    nsslapd-pluginType: \(type)
    nsslapd-pluginEnabled: on
    nsslapd-pluginId: \(name)
    nsslapd-pluginVersion: none
    nsslapd-pluginVendor: 389 Project
    nsslapd-pluginDescription: \(name)

    """
  }
  .joined(separator: "\n")

  /// Writes what the options say into the configuration of a stopped server.
  func apply(to file: inout DSEFile) throws {
    try file.set("cn=config", "nsslapd-sizelimit", ["\(options.sizeLimit)"])
    try file.set("cn=config,\(Self.database)", "nsslapd-lookthroughlimit", ["\(options.lookThroughLimit)"])
    try set("Retro Changelog Plugin", options.changelog, in: &file) {
      [
        ("nsslapd-attribute", options.loggedAttributes), ("nsslapd-changelogmaxage", [options.maxAge]),
        ("nsslapd-changelog-trim-interval", ["\(options.trimInterval)"]),
        ("nsslapd-include-suffix", options.loggedSuffixes),
      ]
    }
    try set("MemberOf Plugin", options.memberOf, in: &file) {
      [("memberofgroupattr", ["member"]), ("memberofautoaddoc", ["nsMemberOf"])]
    }
    try set("referential integrity postoperation", options.referentialIntegrity, in: &file) {
      [("referint-update-delay", ["0"]), ("referint-membership-attr", ["member", "manager"])]
    }
  }

  private func set(
    _ plugIn: String, _ isOn: Bool, in file: inout DSEFile, _ settings: () -> [(String, [String])]
  ) throws {
    let dn = "cn=\(plugIn),cn=plugins,cn=config"
    try file.set(dn, "nsslapd-pluginEnabled", [isOn ? "on" : "off"])
    for (attribute, values) in settings() { try file.set(dn, attribute, values) }
  }

  private var placeholders: [String: String] {
    let folders = [
      "schema_dir": "etc/schema", "lock_dir": "lock", "tmp_dir": "tmp", "cert_dir": "etc", "ldif_dir": "ldif",
      "bak_dir": "bak", "run_dir": "run", "inst_dir": "inst", "log_dir": "log", "config_dir": "etc", "db_dir": "db",
      "db_home_dir": "db", "ldapi": "run/ldapi",
    ]
    return folders.mapValues { "\(directory)/\($0)" }.merging([
      "fqdn": "localhost", "ds_port": "\(port)", "ds_user": NSUserName(), "rootdn": DS389Server.adminDN,
      "ds_passwd": "{CLEAR}\(DS389Server.adminPassword)", "ldapi_enabled": "off", "ldapi_autobind": "off",
      "ds_suffix": DS389Server.base, "ds_bename": Self.backend, "db_lib": "bdb",
    ]) { $1 }
  }

  /// The suffix entry and the two accounts.
  var accounts: String {
    let rights = DS389AccessRules.data(hidden: []).map { "aci: \($0)\n" }.joined()
    let limits = options.connectorIsUnlimited ? DS389Server.limits("-1") : ""
    return """
      dn: \(DS389Server.base)
      objectClass: top
      objectClass: domain
      dc: example
      \(rights)
      \(account(DS389Server.connectorDN))\(limits)
      \(account(DS389Server.limitedDN))

      """
  }

  private func account(_ dn: String) -> String {
    """
    dn: \(dn)
    objectClass: top
    objectClass: organizationalRole
    objectClass: simpleSecurityObject
    cn: \(dn.split(separator: ",")[0].dropFirst(3))
    userPassword: \(DS389Server.userPassword)

    """
  }
}
