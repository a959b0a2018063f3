/// A sign by which an entry is known to be no object: a tombstone, or what is left of a conflict between replicas.
///
/// Servers answer searches with such entries like with any other. An import leaves them out, and an object that becomes
/// one leaves.
public struct EntryMark: Hashable, Sendable, CustomStringConvertible {
  /// The attribute that tells; it is asked for by name in every search.
  public var attribute: AttributeDescription
  /// The value that tells, compared without case in ASCII; nil where it is enough that the attribute is there.
  public var value: String?

  /// The attribute, which must be there, or must have a value.
  public init(_ attribute: AttributeDescription, value: String? = nil) {
    self.attribute = attribute
    self.value = value
  }

  /// An object class.
  public static func objectClass(_ name: String) -> EntryMark { EntryMark("objectClass", value: name) }

  /// Whether an entry bears the mark.
  public func marks(_ entry: Entry) -> Bool {
    let values = entry.values(attribute)
    guard let value else { return !values.isEmpty }
    return values.contains { $0.count == value.utf8.count && zip($0, value.utf8).allSatisfy { Self.areAlike($0, $1) } }
  }

  /// The attribute, with its value where that tells.
  public var description: String { value.map { "\(attribute)=\($0)" } ?? attribute.string }

  private static func areAlike(_ left: UInt8, _ right: UInt8) -> Bool {
    func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    return folded(left) == folded(right)
  }
}
