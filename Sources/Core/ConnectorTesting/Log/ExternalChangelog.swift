public import ConnectorCore

/// The external change log of OpenDS and its descendants: numbered records, and the same records by cookie for whoever
/// sends the control; a cookie holds, for each domain, the newest change of each replica (composed from the products'
/// administration guides).
public struct ExternalChangelog: ChangeLogFlavour {
  /// The control with which a search tells its cookie.
  public static let cookieControl = "1.3.6.1.4.1.26027.1.5.4"

  private let numbers: NumberedChangelog
  /// The ID of the replica, which stands in each CSN.
  public var replica: Int = 1

  /// Names the container.
  public init(container: String = "cn=changelog") { numbers = NumberedChangelog(.openDJ, container: container) }

  /// The one container.
  public func containers(in directory: DirectoryModel) -> [String] { numbers.containers(in: directory) }
  /// The target's DN and its ID.
  public var targetAttributes: [AttributeDescription] { numbers.targetAttributes }
  /// The control for cookies.
  public var searchControls: Set<String> { [Self.cookieControl] }

  /// Adds container and bounds, the newest cookie to the root DSE, and the generation of the data to each partition.
  public func prepare(_ directory: inout DirectoryModel) {
    numbers.prepare(&directory)
    for partition in directory.partitions {
      guard var entry = directory.entry(partition) else { continue }
      entry.attributes.set("ds-sync-generation-id", String(directory.identity))
      directory.put(entry)
    }
    tellCookie(&directory)
  }

  /// Sets IDs and times, and the generation on a partition's topmost entry.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    numbers.stamp(&entry, change, in: &directory)
    guard directory.isPartition(entry.dn) else { return }
    entry.attributes.set("ds-sync-generation-id", String(directory.identity))
  }

  /// Adds a record with CSN and cookie; a replica publishes its changes in the order of their CSNs.
  public func record(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    numbers.record(change, in: &directory)
    guard var record = directory.records.last?.entry, let domain = directory.partition(of: change.dn) else { return }
    let csn = nextCSN(change.stamp.time, directory)
    record.attributes.set("replicationCSN", csn)
    record.attributes.set("replicaIdentifier", String(replica))
    var state = Self.state(of: directory)
    state[domain] = csn
    record.attributes.set("changeLogCookie", Self.text(state))
    directory.put(record)
    tellCookie(&directory)
  }

  /// Purges records; cookies from before are refused from now on.
  public func trim(_ directory: inout DirectoryModel, keeping: Int) {
    let before = directory.records
    numbers.trim(&directory, keeping: keeping)
    let kept = Set(directory.records.map(\.number))
    guard let purged = before.last(where: { !kept.contains($0.number) })?.entry else { return }
    guard var container = directory.entry(numbers.container) else { return }
    container.attributes.set(Self.purged, purged.attributes.string("changeLogCookie") ?? "")
    directory.put(container)
  }

  /// Takes newer records away, and sets the newest cookie back with them.
  public func restore(_ directory: inout DirectoryModel, to number: UInt64) {
    numbers.restore(&directory, to: number)
    tellCookie(&directory)
  }

  /// What came after the cookie, under names that hold the CSN and without numbers.
  public func view(
    of request: SearchRequest, in directory: DirectoryModel
  ) throws(DirectoryError) -> (@Sendable (MemoryEntry) -> MemoryEntry?)? {
    guard let control = request.controls.first(where: { $0.oid == Self.cookieControl }) else { return nil }
    let cookie = Self.state(in: Self.cookie(in: control.value ?? []))
    try check(cookie, request, directory)
    let container = numbers.container
    return { record in
      guard let csn = record.attributes.string("replicationCSN"),
        let domain = Self.state(in: record.attributes.string("changeLogCookie") ?? "").first(where: { $1 == csn })?.key,
        csn > cookie[domain] ?? ""
      else { return nil }
      var shown = record
      shown.dn = "replicationCSN=\(csn),\(domain),\(container)"
      shown.attributes["changeNumber"] = []
      return shown
    }
  }

  /// A cookie that lacks a domain, or is older than what was purged, needs another full import.
  private func check(
    _ cookie: [String: String], _ request: SearchRequest, _ directory: DirectoryModel
  ) throws(DirectoryError) {
    let purged = Self.state(in: directory.entry(numbers.container)?.attributes.string(Self.purged) ?? "")
    let unknown = cookie.keys.first { !directory.partitions.contains($0) }
    let missing = cookie.isEmpty ? nil : Self.state(of: directory).keys.first { cookie[$0] == nil }
    let old = purged.first { domain, csn in cookie[domain].map { $0 < csn } ?? false }?.key
    guard let domain = unknown ?? missing ?? old else { return }
    throw DirectoryError(
      .unwillingToPerform, operation: "search of \(request.base)",
      message: "Full resync required. Reason: the cookie does not fit the replicated domain \(domain)")
  }

  private func nextCSN(_ time: GeneralizedTime, _ directory: DirectoryModel) -> String {
    let newest = directory.records.compactMap { $0.entry.attributes.string("replicationCSN") }.max()
    let wanted = Self.csn(time, replica, 1)
    guard let newest, newest >= wanted else { return wanted }
    let sequence = UInt32(newest.suffix(8), radix: 16) ?? 0
    return newest.dropLast(8) + Self.hexadecimal(UInt64(sequence &+ 1), 8)
  }

  private func tellCookie(_ directory: inout DirectoryModel) {
    directory.rootDSE.attributes.set("lastExternalChangelogCookie", Self.text(Self.state(of: directory)))
  }

  /// An attribute of the container that the product keeps to itself.
  private static let purged: AttributeDescription = "x-purged"
}

extension ExternalChangelog {
  /// The newest CSN of each domain that has a record.
  private static func state(of directory: DirectoryModel) -> [String: String] {
    let last = directory.records.last { $0.entry.attributes.string("changeLogCookie") != nil }
    return state(in: last?.entry.attributes.string("changeLogCookie") ?? "")
  }

  private static func state(in cookie: String) -> [String: String] {
    var state: [String: String] = [:]
    for group in cookie.split(separator: ";") {
      guard let colon = group.lastIndex(of: ":") else { continue }
      state[String(group[..<colon])] = String(group[group.index(after: colon)...])
    }
    return state
  }

  private static func text(_ state: [String: String]) -> String {
    state.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value);" }.joined()
  }

  /// The value is an octet string in BER, and the text itself where it is not.
  private static func cookie(in value: [UInt8]) -> String {
    var rest = value[...]
    guard rest.popFirst() == 0x04, let first = rest.popFirst() else { return String(decoding: value, as: UTF8.self) }
    if first & 0x80 != 0 { rest = rest.dropFirst(Int(first & 0x7F)) }
    return String(decoding: rest, as: UTF8.self)
  }

  /// Milliseconds, replica and sequence number in hexadecimal digits.
  private static func csn(_ time: GeneralizedTime, _ replica: Int, _ sequence: UInt64) -> String {
    let milliseconds = UInt64(clamping: time.secondsSinceEpoch &* 1000 &+ Int64(time.nanoseconds / 1_000_000))
    return hexadecimal(milliseconds, 16) + hexadecimal(UInt64(clamping: replica), 4) + hexadecimal(sequence, 8)
  }

  private static func hexadecimal(_ number: UInt64, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}

extension ChangeLogFlavour where Self == ExternalChangelog {
  /// Numbered records that can be read by cookie too.
  public static func externalChangelog(container: String = "cn=changelog") -> ExternalChangelog {
    ExternalChangelog(container: container)
  }
}
