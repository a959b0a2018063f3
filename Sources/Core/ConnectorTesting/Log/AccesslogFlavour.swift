public import ConnectorCore

/// Records of OpenLDAP's overlay accesslog, with the overlay syncprov on data and log (slapo-accesslog(5), slapd 2.5).
public struct AccesslogFlavour: ChangeLogFlavour {
  /// The DN that the records lie below.
  public var container: String
  /// The server's ID, which stands in each CSN.
  public var serverID: Int = 1
  /// Whether failed operations are logged: `logsuccess FALSE`, which is the overlay's default.
  public var logsFailures = true
  /// The operational attributes beside `entryCSN`.
  public var keeps = OperationalAttributes.entryUUID

  /// Names the container.
  public init(container: String = "cn=accesslog") { self.container = container }

  /// The one container.
  public func containers(in directory: DirectoryModel) -> [String] { [container] }

  /// The target's DN and its ID.
  public var targetAttributes: [AttributeDescription] { ["reqDN", "reqEntryUUID"] }

  /// Adds the container, and its DN to the naming contexts.
  public func prepare(_ directory: inout DirectoryModel) {
    let made = GeneralizedTime(secondsSinceEpoch: 1_546_300_800 &+ Int64(clamping: directory.identity))
    var entry = directory.entry(container) ?? MemoryEntry(dn: container, ["objectClass": ["auditContainer"]])
    let csn = csn(made, server: 0)
    entry.attributes.set("entryCSN", csn)
    for name in ["contextCSN", "minCSN"] as [AttributeDescription] { entry.attributes.set(name, csn) }
    entry.attributes.set("hasSubordinates", "FALSE")
    directory.put(entry)
    directory.addNamingContext(container)
  }

  /// Sets `entryUUID`, `entryCSN` and times, and names the log on a partition's topmost entry.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    keeps.stamp(&entry, change, in: &directory)
    entry.attributes.set("entryCSN", csn(change.stamp.time, server: serverID))
    guard directory.isPartition(entry.dn) else { return }
    entry.attributes.set("auditContext", container)
    note(csn(change.stamp.time, server: serverID), "contextCSN", in: &entry)
  }

  /// Adds a record, and moves `contextCSN` on partition and log, and `minCSN` with the first record.
  public func record(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    let csn = csn(change.stamp.time, server: serverID)
    for dn in [change.before?.dn, change.after?.dn].compactMap({ $0 }) {
      guard let partition = directory.partition(of: dn), var suffix = directory.entry(partition) else { continue }
      note(csn, "contextCSN", in: &suffix)
      directory.put(suffix)
    }
    add(change, csn, to: &directory)
  }

  /// Adds a record of the failure unless successes alone are logged.
  public func recordFailure(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    if logsFailures { add(change, csn(change.stamp.time, server: serverID), to: &directory) }
  }

  /// Purges records, and writes the newest CSN among them into `minCSN`.
  public func trim(_ directory: inout DirectoryModel, keeping: Int) {
    guard var entry = directory.entry(container) else { return }
    let records = directory.records.sorted { $0.number < $1.number }
    for record in records.dropLast(keeping) {
      for csn in record.entry.attributes.strings("entryCSN") { note(csn, "minCSN", in: &entry) }
      directory.remove(record.entry.dn)
    }
    if records.count <= keeping { return }
    if keeping == 0 { entry.attributes.set("hasSubordinates", "FALSE") }
    directory.put(entry)
  }

  /// Takes away the newer records, and sets the container's `contextCSN` back with them.
  public func restore(_ directory: inout DirectoryModel, to number: UInt64) {
    directory.removeRecords { $0 > number }
    guard var entry = directory.entry(container) else { return }
    entry.attributes.set("contextCSN", entry.attributes.string("entryCSN") ?? "")
    for record in directory.records {
      for csn in record.entry.attributes.strings("entryCSN") { note(csn, "contextCSN", in: &entry) }
    }
    directory.put(entry)
  }

  private func add(_ change: DirectoryChange, _ csn: String, to directory: inout DirectoryModel) {
    var start = change.stamp.time
    while directory.entry(name(start)) != nil { start = start.addingMicrosecond() }
    let record = MemoryEntry(
      dn: name(start), accesslogAttributes(change, start: start.text(fractionDigits: 6), csn: csn))
    directory.append(record: record, number: change.stamp.number)
    guard var entry = directory.entry(container) else { return }
    let known = entry.attributes.strings("minCSN").contains { Self.server(of: $0) == Self.server(of: csn) }
    if !known { note(csn, "minCSN", in: &entry) }
    note(csn, "contextCSN", in: &entry)
    entry.attributes.set("hasSubordinates", "TRUE")
    directory.put(entry)
  }

  private func name(_ start: GeneralizedTime) -> String { "reqStart=\(start.text(fractionDigits: 6)),\(container)" }

  private func csn(_ time: GeneralizedTime, server: Int) -> String {
    let id = String(server, radix: 16)
    return "\(time.text(fractionDigits: 6))#000000#\(String(repeating: "0", count: max(0, 3 - id.count)))\(id)#000000"
  }

  /// Keeps the larger CSN of each server.
  private func note(_ csn: String, _ name: AttributeDescription, in entry: inout MemoryEntry) {
    let others = entry.attributes.strings(name).filter { Self.server(of: $0) != Self.server(of: csn) }
    let known = entry.attributes.strings(name).first { Self.server(of: $0) == Self.server(of: csn) }
    entry.attributes[name] = (others + [max(known ?? csn, csn)]).map { Array($0.utf8) }
  }

  private static func server(of csn: String) -> Substring? { csn.split(separator: "#").dropFirst(2).first }
}

extension ChangeLogFlavour where Self == AccesslogFlavour {
  /// Records of slapo-accesslog(5) below that entry.
  public static func accesslog(container: String = "cn=accesslog") -> AccesslogFlavour {
    AccesslogFlavour(container: container)
  }
}

extension GeneralizedTime {
  func addingMicrosecond() -> GeneralizedTime {
    let next = nanoseconds + 1000
    return next < 1_000_000_000
      ? GeneralizedTime(secondsSinceEpoch: secondsSinceEpoch, nanoseconds: next) : adding(seconds: 1).wholeSecond
  }

  private var wholeSecond: GeneralizedTime { GeneralizedTime(secondsSinceEpoch: secondsSinceEpoch) }
}
