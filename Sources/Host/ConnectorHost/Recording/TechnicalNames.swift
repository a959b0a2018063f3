/// Values that servers bring along and that name nobody; detection and adapters look for them.
enum TechnicalNames {
  /// Whole values, folded: in a DN, in `cn` and in its kin.
  static let values: Set<String> = [
    "schema", "subschema", "config", "configuration", "monitor", "aggregate", "changelog", "accesslog", "tasks",
    "system", "plugins", "mapping tree", "localhost", "ibmpolicies", "pwdpolicy", "netscaperoot", "ipaca",
    "admin data", "ads-truststore", "backups", "virtual acis", "replicationchanges", "root dse",
    "ntds settings", "servers", "sites", "default-first-site-name", "deleted objects", "users", "computers",
    "lostandfound", "domaindnszones", "forestdnszones", "program data", "infrastructure", "builtin", "ntds quotas",
    "foreignsecurityprincipals", "domain controllers", "managed service accounts", "rid manager$", "partitions",
    "oraclecontext", "oracleschemaversion", "subschemasubentry", "schemacontext",
  ]

  /// Whether a root DSE attribute tells of the product and not of the place.
  static func isTechnical(rootDSE attribute: String) -> Bool {
    let name = attribute.lowercased()
    return parts.contains { name.contains($0) } || others.contains(name)
  }

  private static let parts = [
    "supported", "available", "enabledcapabilit", "vendor", "version", "functionality", "objectclass", "domino",
    "metaproduct", "uuid", "uniqueid", "guid", "changenumber", "usn", "islocal", "issync", "isglobalcatalog",
  ]
  private static let others: Set<String> = [
    "alive", "healthy", "hassubordinates", "numsubordinates", "security", "port", "ibm-slapdisconfigurationmode",
    "ibm-slapdderefaliases", "ibm-slapdserverbackend", "lastusn",
  ]
}
