public import ConnectorCore

/// A directory as a value: its entries, root DSE, clock and numbers; a change log works on it.
public struct DirectoryModel: Sendable {
  /// An entry where it stands.
  struct Node: Sendable {
    var entry: MemoryEntry
    /// Where it stands among all entries: the order of adding, kept by renames, as many servers search.
    let serial: UInt64
    /// The number of a log record; nil for any other entry.
    let record: UInt64?
  }

  /// The root DSE.
  public var rootDSE: MemoryEntry
  /// The subschema entry, where there is one.
  public var schemaEntry: MemoryEntry?
  /// The DNs below which there are entries to import.
  public let partitions: [String]
  /// The time of the last change; nothing but changes and tests moves it.
  public var clock: GeneralizedTime
  /// The step of the clock at each change, in microseconds; zero gives many changes one time.
  public var tick: Int64 = 1_000_000
  /// The number of the last change.
  public var counter: UInt64 = 0
  /// What tells this server from every other; a small number.
  public var identity: UInt64 = 1

  let matching: AttributeMatching
  private(set) var nodes: [String: Node] = [:]
  private var lastSerial: UInt64 = 0
  private var lastID: UInt64 = 0

  init(partitions: [String], rootDSE: Entry?, schemaEntry: Entry?) {
    self.partitions = partitions
    self.rootDSE = rootDSE.map { MemoryEntry($0) } ?? MemoryEntry(dn: "", ["objectClass": ["top"]])
    self.schemaEntry = schemaEntry.map { MemoryEntry($0) }
    let schema = schemaEntry.map { Schema(subschema: $0) }
    matching = AttributeMatching(schema: schema ?? Schema())
    clock = GeneralizedTime(secondsSinceEpoch: 1_577_836_800)
    let contexts = self.rootDSE.attributes.strings("namingContexts")
    if contexts.isEmpty { self.rootDSE.attributes["namingContexts"] = partitions.map { Array($0.utf8) } }
  }

  /// The entry of that DN, nil where there is none.
  public func entry(_ dn: String) -> MemoryEntry? { key(dn).flatMap { nodes[$0]?.entry } }

  /// Puts an entry where its DN says, in the place of one that is there; no log is written.
  public mutating func put(_ entry: MemoryEntry) { put(entry, record: nil) }

  /// Takes an entry away; no log is written.
  public mutating func remove(_ dn: String) { if let key = key(dn) { nodes[key] = nil } }

  /// Adds a record of the log.
  /// - Parameter number: what orders it among the others; two may share one.
  public mutating func append(record: MemoryEntry, number: UInt64) { put(record, record: number) }

  /// The records of the log with their numbers, in the order of adding.
  public var records: [(number: UInt64, entry: MemoryEntry)] {
    nodes.values.filter { $0.record != nil }.sorted { $0.serial < $1.serial }
      .map { ($0.record ?? 0, $0.entry) }
  }

  /// Takes away the records whose number fits.
  public mutating func removeRecords(where fits: (UInt64) -> Bool) {
    nodes = nodes.filter { _, node in node.record.map { !fits($0) } ?? true }
  }

  /// The entries of partitions and elsewhere that are no records, in the order of adding.
  public var entries: [MemoryEntry] {
    nodes.values.filter { $0.record == nil }.sorted { $0.serial < $1.serial }.map(\.entry)
  }

  /// The partition that a DN belongs to, the nearest of them; nil outside of all.
  public func partition(of dn: String) -> String? {
    guard let key = key(dn) else { return nil }
    return partitions.filter { partition in
      self.key(partition).map { key == $0 || Self.lies(key, below: $0) } ?? false
    }
    .max { $0.utf8.count < $1.utf8.count }
  }

  /// Whether a DN is that of a partition itself.
  public func isPartition(_ dn: String) -> Bool {
    key(dn).map { key in partitions.contains { self.key($0) == key } } ?? false
  }

  /// Sees to it that the root DSE lists a naming context.
  public mutating func addNamingContext(_ dn: String) {
    let known = rootDSE.attributes.strings("namingContexts")
    if !known.contains(where: { key($0) == key(dn) }) { rootDSE.attributes["namingContexts"].append(Array(dn.utf8)) }
  }

  /// Sixteen octets that no other entry of this directory has.
  public mutating func newID() -> [UInt8] {
    lastID += 1
    return Self.octets(of: lastID, kind: 0)
  }

  /// Sixteen octets made of a number, always the same; kinds keep numbers of different things apart.
  public static func octets(of number: UInt64, kind: UInt64) -> [UInt8] {
    [number &* 2, number &* 2 &+ 1].flatMap { part in
      let mixed = mix(part ^ kind &* 0x9E37_79B9_7F4A_7C15)
      return stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: mixed >> UInt64($0)) }
    }
  }

  /// A number that looks like chance, always the same for the same one.
  static func mix(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  func key(_ dn: String) -> String? { try? matching.key(dn, "") }

  /// Moves a node to another DN; the place among all entries stays.
  mutating func move(_ key: String, to dn: String) {
    guard var node = nodes.removeValue(forKey: key), let newKey = self.key(dn) else { return }
    node.entry.dn = dn
    nodes[newKey] = node
  }

  /// The keys of everything below a key.
  func descendants(of key: String) -> [String] { nodes.keys.filter { Self.lies($0, below: key) } }

  /// Whether the entry of one tree key lies below that of another.
  static func lies(_ key: String, below other: String) -> Bool {
    other.isEmpty
      ? !key.isEmpty : key.utf8.starts(with: other.utf8) && key.utf8.dropFirst(other.utf8.count).first == 0x2C
  }

  private mutating func put(_ entry: MemoryEntry, record: UInt64?) {
    guard let key = key(entry.dn) else { return }
    lastSerial += 1
    nodes[key] = Node(entry: entry, serial: nodes[key]?.serial ?? lastSerial, record: record ?? nodes[key]?.record)
  }
}
