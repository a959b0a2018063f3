public import ConnectorCore

/// How a product tells of changes: the operational attributes that it keeps, and the records that it writes.
public protocol ChangeLogFlavour: Sendable {
  /// The DNs that records lie below; none where entries alone tell of changes.
  func containers(in directory: DirectoryModel) -> [String]
  /// The attributes by which a record names the entry that changed.
  var targetAttributes: [AttributeDescription] { get }
  /// Adds what the server says of its log: attributes of the root DSE, the container's entry. Called again when numbers
  /// or the server's identity change.
  func prepare(_ directory: inout DirectoryModel)
  /// Sets the operational attributes of an entry that was added, changed or renamed.
  func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel)
  /// Writes what the product writes of a change that succeeded.
  func record(_ change: DirectoryChange, in directory: inout DirectoryModel)
  /// Writes what the product writes of a change that failed; by default nothing.
  func recordFailure(_ change: DirectoryChange, in directory: inout DirectoryModel)
  /// Takes away all records but so many of the newest, as the product does.
  func trim(_ directory: inout DirectoryModel, keeping: Int)
  /// Goes back to a number: what is above it is gone from the log.
  func restore(_ directory: inout DirectoryModel, to number: UInt64)
  /// OIDs of controls of the product's own that a search of the log may carry; by default none.
  var searchControls: Set<String> { get }
  /// How a search sees records that carries such a control: another form of each, or nil where it is passed over.
  /// - Returns: nil where the search carries none, so that it sees records as they are.
  /// - Throws: `DirectoryError` where the product refuses the control's value.
  func view(
    of request: SearchRequest, in directory: DirectoryModel
  ) throws(DirectoryError) -> (@Sendable (MemoryEntry) -> MemoryEntry?)?
}

extension ChangeLogFlavour {
  /// None.
  public var targetAttributes: [AttributeDescription] { [] }

  /// None.
  public var searchControls: Set<String> { [] }

  /// Records as they are.
  public func view(
    of request: SearchRequest, in directory: DirectoryModel
  ) throws(DirectoryError) -> (@Sendable (MemoryEntry) -> MemoryEntry?)? { nil }

  /// Writes nothing.
  public func recordFailure(_ change: DirectoryChange, in directory: inout DirectoryModel) {}
}

/// The operational attributes that a product keeps on every entry.
public struct OperationalAttributes: Sendable {
  /// Attributes with an ID for life.
  public var ids: [(name: AttributeDescription, form: IdentifierForm)]
  /// The time of making.
  public var created: AttributeDescription = "createTimestamp"
  /// The time of the last change.
  public var modified: AttributeDescription = "modifyTimestamp"
  /// Digits of fraction that times have.
  public var fractionDigits = 0

  /// Names the IDs; times are those of RFC 4512 §3.4, to the second.
  public init(ids: [(name: AttributeDescription, form: IdentifierForm)]) { self.ids = ids }

  /// `entryUUID` (RFC 4530).
  public static let entryUUID = OperationalAttributes(ids: [("entryUUID", .uuid)])

  /// Sets them on an entry that was added, changed or renamed; what an added entry brings along stays.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    let time = change.stamp.time.text(fractionDigits: fractionDigits)
    if change.kind == .add {
      let octets = directory.newID()
      for (name, form) in ids where entry.attributes[name].isEmpty { entry.attributes[name] = [form.value(octets)] }
      if entry.attributes[created].isEmpty { entry.attributes.set(created, time) }
    }
    if change.kind != .add || entry.attributes[modified].isEmpty { entry.attributes.set(modified, time) }
  }
}

/// How sixteen octets of an ID are written as a value.
public enum IdentifierForm: Sendable, Hashable {
  /// The text of RFC 4122: `6ba7b810-9dad-11d1-80b4-00c04fd430c8`.
  case uuid
  /// Four groups of eight digits: `cac43d39-e6c511f1-b2faa77e-fee0e16a`.
  case groups
  /// The octets themselves.
  case octets

  /// The value of an attribute with this form.
  public func value(_ octets: [UInt8]) -> [UInt8] {
    switch self {
    case .uuid: Array(Self.text(octets, groups: [4, 2, 2, 2, 6]).utf8)
    case .groups: Array(Self.text(octets, groups: [4, 4, 4, 4]).utf8)
    case .octets: octets
    }
  }

  /// Octets as hexadecimal digits with hyphens between the groups.
  static func text(_ octets: [UInt8], groups: [Int]) -> String {
    var rest = octets[...]
    return groups.map { count in
      defer { rest = rest.dropFirst(count) }
      return hex(rest.prefix(count))
    }
    .joined(separator: "-")
  }

  static func hex(_ octets: some Sequence<UInt8>) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// How clients may write an entry's binary IDs in a base such as `<GUID=…>`, without hyphens: the octets in order, and
  /// with the first three fields turned round (MS-DTYP §2.3.4).
  static func spellings(of entry: MemoryEntry) -> [String] {
    ["objectGUID", "GUID"].flatMap { entry.attributes[$0] }.flatMap { octets in
      let turned = [3, 2, 1, 0, 5, 4, 7, 6].compactMap { $0 < octets.count ? octets[$0] : nil } + octets.dropFirst(8)
      return [hex(octets), hex(turned)]
    }
  }
}
