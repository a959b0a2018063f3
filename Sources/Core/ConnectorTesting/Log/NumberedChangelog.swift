public import ConnectorCore

/// Records numbered as draft-good-ldap-changelog-04 says, in the dialects of its products.
public struct NumberedChangelog: ChangeLogFlavour {
  /// How a product spells and fills its records.
  public struct Dialect: Sendable {
    /// The object class of a record.
    public var recordClass: AttributeDescription = "changeLogEntry"
    /// The attributes, as they are spelled; the first names the record.
    public var names:
      (
        number: AttributeDescription, target: AttributeDescription, type: AttributeDescription,
        changes: AttributeDescription, newRDN: AttributeDescription, deletesOld: AttributeDescription,
        newSuperior: AttributeDescription
      ) = ("changeNumber", "targetDN", "changeType", "changes", "newRDN", "deleteOldRDN", "newSuperior")
    /// The time of the change; nil where records have none.
    public var time: AttributeDescription? = "changeTime"
    /// The target's ID in a record, and the attribute of the target that it comes from; nil where records have none.
    public var uniqueID: (record: AttributeDescription, entry: AttributeDescription)?
    /// What a rename is called.
    public var rename = "modrdn"
    /// Attributes of the root DSE: the log's DN, the first number and the last.
    public var bounds: (log: AttributeDescription, first: AttributeDescription, last: AttributeDescription) =
      ("changeLog", "firstChangeNumber", "lastChangeNumber")
    /// Whether `changes` of a modification ends with a NUL.
    public var endsWithNUL = false
    /// Whether a delete record holds the attributes that the entry had.
    public var keepsDeleted = false
    /// Whether boolean values are in lower case.
    public var hasLowerBooleans = false
    /// The operational attributes of entries.
    public var keeps = OperationalAttributes.entryUUID

    /// The letter of the draft.
    public init() {}
  }

  /// The product's way.
  public var dialect: Dialect
  /// The DN that the records lie below.
  public var container: String

  /// Names the dialect and the container.
  public init(_ dialect: Dialect = Dialect(), container: String = "cn=changelog") {
    self.dialect = dialect
    self.container = container
  }

  /// The one container.
  public func containers(in directory: DirectoryModel) -> [String] { [container] }

  /// The target's DN, and its ID where there is one.
  public var targetAttributes: [AttributeDescription] {
    [dialect.names.target] + (dialect.uniqueID.map { [$0.record] } ?? [])
  }

  /// Adds the container, its DN to the naming contexts, and the bounds to the root DSE.
  public func prepare(_ directory: inout DirectoryModel) {
    var entry = MemoryEntry(dn: container, ["objectClass": ["top"], "cn": ["changelog"]])
    let id = DirectoryModel.octets(of: directory.identity, kind: 2)
    for (name, form) in dialect.keeps.ids { entry.attributes[name] = [form.value(id)] }
    directory.put(entry)
    directory.addNamingContext(container)
    directory.rootDSE.attributes.set(dialect.bounds.log, container)
    setBounds(&directory)
  }

  /// Sets IDs and times.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    dialect.keeps.stamp(&entry, change, in: &directory)
  }

  /// Adds a record under the change's number.
  public func record(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    let number = String(change.stamp.number)
    let dn = "\(dialect.names.number.string)=\(number),\(container)"
    directory.append(record: MemoryEntry(dn: dn, attributes(change, number)), number: change.stamp.number)
    setBounds(&directory)
  }

  /// Takes records away and moves the first number; the newest stays, as servers leave it.
  public func trim(_ directory: inout DirectoryModel, keeping: Int) {
    let numbers = directory.records.map(\.number).sorted()
    guard let first = numbers.suffix(max(1, keeping)).first else { return }
    directory.removeRecords { $0 < first }
    setBounds(&directory)
  }

  /// Takes newer records away; the next change gets the number after that one.
  public func restore(_ directory: inout DirectoryModel, to number: UInt64) {
    directory.removeRecords { $0 > number }
    directory.counter = number
    setBounds(&directory)
  }

  private func setBounds(_ directory: inout DirectoryModel) {
    let numbers = directory.records.map(\.number)
    directory.rootDSE.attributes.set(dialect.bounds.first, String(numbers.min() ?? 0))
    directory.rootDSE.attributes.set(dialect.bounds.last, String(numbers.max() ?? 0))
  }

  private func attributes(_ change: DirectoryChange, _ number: String) -> AttributeList {
    let names = dialect.names
    var record: AttributeList = ["objectClass": ["top", dialect.recordClass.string]]
    record.set(names.number, number)
    record.set(names.target, change.dn)
    record.set(names.type, change.kind == .rename ? dialect.rename : change.kind.rawValue)
    if let time = dialect.time { record.set(time, change.stamp.time.text(fractionDigits: 0)) }
    if let (name, source) = dialect.uniqueID {
      record[name] = (change.after ?? change.before)?.attributes[source] ?? []
    }
    if case .rename(let rdn, let deletesOld, let superior) = change.request.change {
      record.set(names.newRDN, rdn)
      let text = deletesOld ? "TRUE" : "FALSE"
      record.set(names.deletesOld, dialect.hasLowerBooleans ? text.lowercased() : text)
      if let superior { record.set(names.newSuperior, superior) }
    }
    if let changes = ChangesText(change, endsWithNUL: dialect.endsWithNUL).bytes { record[names.changes] = [changes] }
    if dialect.keepsDeleted, change.kind == .delete, let before = change.before {
      record["deletedEntryAttrs"] = [ChangesText.lines(of: before)]
    }
    return record
  }
}

extension ChangeLogFlavour where Self == NumberedChangelog {
  /// Numbered records in a product's dialect.
  public static func changelog(
    _ dialect: NumberedChangelog.Dialect = .init(), container: String = "cn=changelog"
  ) -> NumberedChangelog {
    NumberedChangelog(dialect, container: container)
  }
}
