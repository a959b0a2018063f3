/// One entry of a directory, as a view into the page that it arrived in.
///
/// Names and values become Strings only when somebody asks. Attribute names compare without case.
public struct Entry: Sendable {
  package let batch: EntryBatch.Storage
  package let start: Int

  /// Makes an entry by hand, for tests and for in-memory directories.
  public init(dn: String, attributes: [(AttributeDescription, [[UInt8]])]) {
    var builder = EntryBatch.Builder()
    builder.add(dn: dn, attributes)
    batch = builder.finish().storage
    start = 0
  }

  /// Takes an entry of an LDIF file; the values of one attribute are joined, in the order of the file.
  public init(_ record: LDIFRecord) {
    var places: [AttributeDescription: Int] = [:]
    var attributes: [(AttributeDescription, [[UInt8]])] = []
    for (name, value) in record.attributes {
      if let place = places[name] {
        attributes[place].1.append(value)
      } else {
        places[name] = attributes.count
        attributes.append((name, [value]))
      }
    }
    self.init(dn: record.dn, attributes: attributes)
  }

  init(batch: EntryBatch.Storage, start: Int) {
    self.batch = batch
    self.start = start
  }

  /// The DN as the server wrote it.
  public var dn: String { batch.string(at: start) }

  /// The number of attributes, empty ones included.
  public var attributeCount: Int { Int(batch.index[start + 2]) }

  /// Every attribute with its values, in the server's order.
  public var attributes: [(AttributeDescription, [[UInt8]])] {
    var result: [(AttributeDescription, [[UInt8]])] = []
    forEachAttribute { name, values in
      result.append((AttributeDescription(String(decoding: name, as: UTF8.self)), values.map { Array($0) }))
    }
    return result
  }

  /// The values of an attribute with exactly these options; empty when it is absent.
  public func values(_ description: AttributeDescription) -> [[UInt8]] {
    var result: [[UInt8]] = []
    forEachAttribute { name, values in
      if description.isSpelled(name) { result += values.map { Array($0) } }
    }
    return result
  }

  /// The values of an attribute as text; bytes that are no UTF-8 become replacement characters.
  public func strings(_ description: AttributeDescription) -> [String] {
    values(description).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The first value of an attribute as text, nil when it is absent.
  public func string(_ description: AttributeDescription) -> String? {
    values(description).first.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Visits each attribute without copying; the buffers are valid during the call only.
  package func forEachAttribute(
    _ body: (_ name: UnsafeBufferPointer<UInt8>, _ values: EntryValues) throws -> Void
  ) rethrows {
    try batch.bytes.withUnsafeBufferPointer { bytes in
      try batch.index.withUnsafeBufferPointer { index in
        var cursor = start + 3
        for _ in 0..<Int(index[start + 2]) {
          let name = UnsafeBufferPointer(rebasing: bytes[slice(index, cursor)])
          let count = Int(index[cursor + 2])
          try body(name, EntryValues(bytes: bytes, index: index, first: cursor + 3, count: count))
          cursor += 3 + 2 * count
        }
      }
    }
  }

  /// Visits the bytes of the DN without copying.
  package func withDN<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try batch.bytes.withUnsafeBufferPointer { bytes in
      let offset = Int(batch.index[start])
      return try body(UnsafeBufferPointer(rebasing: bytes[offset..<offset + Int(batch.index[start + 1])]))
    }
  }

  private func slice(_ index: UnsafeBufferPointer<UInt32>, _ at: Int) -> Range<Int> {
    Int(index[at])..<Int(index[at]) + Int(index[at + 1])
  }
}

/// The values of one attribute, without copies; valid only while the closure that got it runs.
package struct EntryValues: Sequence, IteratorProtocol {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let index: UnsafeBufferPointer<UInt32>
  private let first: Int
  private var position = 0
  package let count: Int

  init(bytes: UnsafeBufferPointer<UInt8>, index: UnsafeBufferPointer<UInt32>, first: Int, count: Int) {
    self.bytes = bytes
    self.index = index
    self.first = first
    self.count = count
  }

  package subscript(_ position: Int) -> UnsafeBufferPointer<UInt8> {
    let at = first + 2 * position
    let offset = Int(index[at])
    return UnsafeBufferPointer(rebasing: bytes[offset..<offset + Int(index[at + 1])])
  }

  package mutating func next() -> UnsafeBufferPointer<UInt8>? {
    guard position < count else { return nil }
    defer { position += 1 }
    return self[position]
  }
}
