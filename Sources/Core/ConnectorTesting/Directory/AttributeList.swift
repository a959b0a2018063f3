public import ConnectorCore

/// Attributes with their values, in order; names compare without case.
public struct AttributeList: Sendable, Hashable, Sequence, ExpressibleByDictionaryLiteral {
  private var items: [Item] = []

  private struct Item: Sendable, Hashable {
    var name: AttributeDescription
    var values: [[UInt8]]
  }

  /// No attributes.
  public init() {}

  /// Takes texts in order; the values of a name that stands twice are joined.
  public init(dictionaryLiteral texts: (AttributeDescription, [String])...) {
    for (name, values) in texts { self[name] += values.map { Array($0.utf8) } }
  }

  /// The values of an attribute with exactly these options; setting none takes it away.
  public subscript(_ name: AttributeDescription) -> [[UInt8]] {
    get { items.first { $0.name == name }?.values ?? [] }
    set {
      guard let index = items.firstIndex(where: { $0.name == name }) else {
        if !newValue.isEmpty { items.append(Item(name: name, values: newValue)) }
        return
      }
      if newValue.isEmpty { items.remove(at: index) } else { items[index].values = newValue }
    }
  }

  /// The values as text.
  public func strings(_ name: AttributeDescription) -> [String] {
    self[name].map { String(decoding: $0, as: UTF8.self) }
  }

  /// The first value as text, nil where there is none.
  public func string(_ name: AttributeDescription) -> String? { strings(name).first }

  /// Puts texts in the place of all values.
  public mutating func set(_ name: AttributeDescription, _ texts: String...) {
    self[name] = texts.map { Array($0.utf8) }
  }

  /// Whether there are none.
  public var isEmpty: Bool { items.isEmpty }

  /// Each attribute with its values, in order.
  public func makeIterator() -> AnyIterator<(AttributeDescription, [[UInt8]])> {
    var items = items.makeIterator()
    return AnyIterator { items.next().map { ($0.name, $0.values) } }
  }
}

/// An entry of a directory in memory.
public struct MemoryEntry: Sendable, Hashable {
  /// The DN as the server writes it.
  public var dn: String
  /// All attributes, operational ones included.
  public var attributes: AttributeList

  /// Joins both.
  public init(dn: String, _ attributes: AttributeList = AttributeList()) {
    self.dn = dn
    self.attributes = attributes
  }

  /// Takes an entry that was read.
  public init(_ entry: Entry) {
    self.init(dn: entry.dn)
    for (name, values) in entry.attributes { attributes[name] += values }
  }

  init(record: LDIFRecord) {
    self.init(dn: record.dn)
    for (name, value) in record.attributes { attributes[name].append(value) }
  }

  /// The entry as a client reads it, with all attributes.
  public var entry: Entry { Entry(dn: dn, attributes: attributes.map { ($0, $1) }) }
}
