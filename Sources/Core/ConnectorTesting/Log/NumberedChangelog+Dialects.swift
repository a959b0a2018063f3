import ConnectorCore

extension NumberedChangelog.Dialect {
  /// 389 Directory Server with `nsslapd-attribute: nsuniqueid:targetUniqueId` at its retro changelog plug-in.
  public static var ds389: Self {
    var dialect = Self()
    dialect.recordClass = "changelogentry"
    dialect.names.target = "targetDn"
    dialect.names.newRDN = "newRdn"
    dialect.names.deletesOld = "deleteOldRdn"
    dialect.uniqueID = ("targetuniqueid", "nsUniqueId")
    dialect.bounds = ("changeLog", "firstchangenumber", "lastchangenumber")
    dialect.endsWithNUL = true
    dialect.keeps = OperationalAttributes(ids: [("nsUniqueId", .groups), ("entryUUID", .uuid)])
    return dialect
  }

  /// 389 Directory Server as it comes: records hold no ID.
  public static var ds389WithoutID: Self {
    var dialect = ds389
    dialect.uniqueID = nil
    return dialect
  }

  /// Sun Java System Directory Server and Oracle DSEE.
  public static var sun: Self {
    var dialect = ds389
    dialect.recordClass = "changeLogEntry"
    dialect.uniqueID = ("targetUniqueId", "nsUniqueId")
    dialect.bounds = ("changeLog", "firstChangeNumber", "lastChangeNumber")
    dialect.endsWithNUL = false
    dialect.keeps = OperationalAttributes(ids: [("nsUniqueId", .groups)])
    return dialect
  }

  /// OpenDJ, OpenDS and what came of them.
  public static var openDJ: Self {
    var dialect = Self()
    dialect.names.newRDN = "newrdn"
    dialect.names.deletesOld = "deleteoldrdn"
    dialect.names.newSuperior = "newsuperior"
    dialect.uniqueID = ("targetEntryUUID", "entryUUID")
    dialect.hasLowerBooleans = true
    return dialect
  }

  /// PingDirectory and UnboundID, whose records have no time, and hold what a deleted entry held.
  public static var unboundID: Self {
    var dialect = Self()
    dialect.time = nil
    dialect.rename = "moddn"
    dialect.keepsDeleted = true
    dialect.keeps.fractionDigits = 3
    return dialect
  }

  /// IBM Directory Server: names in lower case, records without an ID.
  public static var ibm: Self {
    var dialect = Self()
    dialect.recordClass = "ibm-changelog"
    dialect.names = ("changenumber", "targetdn", "changetype", "changes", "newrdn", "deleteoldrdn", "newsuperior")
    dialect.time = "changetime"
    dialect.bounds = ("changelog", "firstchangenumber", "lastchangenumber")
    dialect.keeps = OperationalAttributes(ids: [("ibm-entryUuid", .uuid)])
    return dialect
  }
}
