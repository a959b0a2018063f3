import ConnectorCore

/// Update sequence numbers on the entries, and tombstones of what was deleted (MS-ADTS §3.1.1.1.9 and §3.1.1.5.5).
public struct USNFlavour: ChangeLogFlavour {
  /// The operational attributes beside the numbers.
  public var keeps: OperationalAttributes

  /// Keeps `objectGUID`, `whenCreated` and `whenChanged`.
  public init() {
    keeps = OperationalAttributes(ids: [("objectGUID", .octets)])
    keeps.created = "whenCreated"
    keeps.modified = "whenChanged"
    keeps.fractionDigits = 1
  }

  /// How long a tombstone stays, days.
  public static let tombstoneLifetime = 180

  /// Where each partition keeps its tombstones.
  public func containers(in directory: DirectoryModel) -> [String] {
    directory.partitions.map { "CN=Deleted Objects,\($0)" }
  }

  /// Adds the containers of tombstones, the server's settings object and what the root DSE says of them.
  public func prepare(_ directory: inout DirectoryModel) {
    for dn in containers(in: directory) {
      directory.put(MemoryEntry(dn: dn, ["objectClass": ["top", "container"], "isDeleted": ["TRUE"]]))
    }
    let server = "CN=SERVER\(directory.identity)"
    let settings = "CN=NTDS Settings,\(server),CN=Servers,CN=Site,CN=Sites,CN=Configuration"
    var entry = MemoryEntry(dn: settings, ["objectClass": ["top", "nTDSDSA"]])
    entry.attributes["invocationId"] = [DirectoryModel.octets(of: directory.identity, kind: 3)]
    directory.put(entry)
    directory.rootDSE.attributes.set("dsServiceName", settings)
    directory.rootDSE.attributes.set("serverName", String(settings.dropFirst("CN=NTDS Settings,".count)))
    directory.rootDSE.attributes.set("dnsHostName", "server\(directory.identity).example.com")
    directory.rootDSE.attributes.set("highestCommittedUSN", String(directory.counter))
  }

  /// Sets ID, times and numbers.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    keeps.stamp(&entry, change, in: &directory)
    if change.kind == .add { entry.attributes.set("uSNCreated", String(change.stamp.number)) }
    entry.attributes.set("uSNChanged", String(change.stamp.number))
    entry.attributes.set("distinguishedName", entry.dn)
  }

  /// Moves the highest number, and puts a tombstone in the place of what was deleted.
  public func record(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    let highest = directory.rootDSE.attributes.string("highestCommittedUSN").flatMap { UInt64($0) } ?? 0
    directory.rootDSE.attributes.set("highestCommittedUSN", String(max(highest, change.stamp.number)))
    guard change.kind == .delete, let before = change.before else { return }
    guard let tombstone = tombstone(of: before, change.stamp, in: directory) else { return }
    directory.append(record: tombstone, number: change.stamp.number)
  }

  /// Collects tombstones as garbage, after their lifetime has passed.
  public func trim(_ directory: inout DirectoryModel, keeping: Int) {
    let kept = Set(directory.records.map(\.number).sorted().suffix(keeping))
    directory.removeRecords { !kept.contains($0) }
    directory.clock = directory.clock.adding(seconds: Int64(Self.tombstoneLifetime) * 86_400)
  }

  /// Sets the highest number back.
  public func restore(_ directory: inout DirectoryModel, to number: UInt64) {
    directory.removeRecords { $0 > number }
    directory.counter = number
    directory.rootDSE.attributes.set("highestCommittedUSN", String(number))
  }

  private func tombstone(
    of entry: MemoryEntry, _ stamp: ChangeStamp, in directory: DirectoryModel
  ) -> MemoryEntry? {
    guard let partition = directory.partition(of: entry.dn), let dn = try? DN(entry.dn), let rdn = dn.rdns.first,
      let octets = entry.attributes["objectGUID"].first
    else { return nil }
    let id = IdentifierForm.text(octets, groups: [4, 2, 2, 2, 6])
    let name = rdn.assertions.first.map { "\($0.type)=\(DN.escape($0.text ?? ""))" } ?? "CN="
    var tombstone = MemoryEntry(dn: "\(name)\\0ADEL:\(id),CN=Deleted Objects,\(partition)")
    for kept in ["objectClass", "objectGUID", "uSNCreated", "whenCreated"] as [AttributeDescription] {
      tombstone.attributes[kept] = entry.attributes[kept]
    }
    tombstone.attributes.set("isDeleted", "TRUE")
    tombstone.attributes.set("lastKnownParent", dn.parent?.string ?? "")
    tombstone.attributes.set("uSNChanged", String(stamp.number))
    tombstone.attributes.set(keeps.modified, stamp.time.text(fractionDigits: keeps.fractionDigits))
    tombstone.attributes.set("distinguishedName", tombstone.dn)
    return tombstone
  }
}

extension ChangeLogFlavour where Self == USNFlavour {
  /// Update sequence numbers and tombstones.
  public static func usn() -> USNFlavour { USNFlavour() }
}
