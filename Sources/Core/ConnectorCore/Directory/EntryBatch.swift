/// A page of entries in one contiguous buffer with offsets.
public struct EntryBatch: Sendable, RandomAccessCollection {
  package let storage: Storage

  /// The bytes of a page and where each DN, name and value lies in them.
  ///
  /// `index` holds for each entry: DN offset and length, number of attributes; for each attribute: name offset and
  /// length, number of values; for each value: offset and length. `starts` says where each entry begins in `index`.
  package final class Storage: Sendable {
    package let bytes: [UInt8]
    package let index: [UInt32]
    package let starts: [Int]

    init(bytes: [UInt8], index: [UInt32], starts: [Int]) {
      self.bytes = bytes
      self.index = index
      self.starts = starts
    }

    func string(at position: Int) -> String {
      let offset = Int(index[position])
      return String(decoding: bytes[offset..<offset + Int(index[position + 1])], as: UTF8.self)
    }
  }

  /// A batch without entries.
  public init() {
    storage = Storage(bytes: [], index: [], starts: [])
  }

  init(storage: Storage) {
    self.storage = storage
  }

  /// A page of entries that were made by hand.
  package init(_ entries: [Entry]) {
    var builder = Builder()
    for entry in entries { builder.add(dn: entry.dn, entry.attributes) }
    self = builder.finish()
  }

  /// Always zero.
  public var startIndex: Int { 0 }
  /// The number of entries.
  public var endIndex: Int { storage.starts.count }
  /// The entry at a position from zero.
  public subscript(position: Int) -> Entry { Entry(batch: storage, start: storage.starts[position]) }

  /// Collects entries into one buffer; the wire calls it once an entry, a name and a value.
  package struct Builder {
    private var bytes: [UInt8] = []
    private var index: [UInt32] = []
    private var starts: [Int] = []
    private var attributeSlot = 0
    private var valueSlot = 0

    package init() {}

    /// The number of entries so far.
    package var count: Int { starts.count }
    /// The number of bytes so far; a page must stay below 4 GiB.
    package var byteCount: Int { bytes.count }

    /// The DN of the last entry so far, empty where there is none.
    package var lastDN: [UInt8] {
      guard let start = starts.last else { return [] }
      let offset = Int(index[start])
      return Array(bytes[offset..<offset + Int(index[start + 1])])
    }

    @inline(__always)
    package mutating func beginEntry(dn: UnsafeBufferPointer<UInt8>) {
      starts.append(index.count)
      put(dn)
      attributeSlot = index.count
      index.append(0)
    }

    @inline(__always)
    package mutating func beginAttribute(_ name: UnsafeBufferPointer<UInt8>) {
      index[attributeSlot] += 1
      put(name)
      valueSlot = index.count
      index.append(0)
    }

    @inline(__always)
    package mutating func addValue(_ value: UnsafeBufferPointer<UInt8>) {
      index[valueSlot] += 1
      put(value)
    }

    /// Drops the last entry, and all that was read of it: it is malformed, or was handed out before.
    package mutating func abandonEntry() {
      guard let start = starts.popLast() else { return }
      bytes.removeSubrange(Int(index[start])...)
      index.removeSubrange(start...)
    }

    /// Hands over what was collected and starts anew.
    package mutating func finish() -> EntryBatch {
      let batch = EntryBatch(storage: Storage(bytes: bytes, index: index, starts: starts))
      let (byteCount, wordCount) = (bytes.count, index.count)
      bytes = []
      index = []
      starts = []
      bytes.reserveCapacity(byteCount + byteCount / 8)
      index.reserveCapacity(wordCount + wordCount / 8)
      return batch
    }

    @inline(__always)
    private mutating func put(_ part: UnsafeBufferPointer<UInt8>) {
      index.append(UInt32(truncatingIfNeeded: bytes.count))
      index.append(UInt32(truncatingIfNeeded: part.count))
      bytes.append(contentsOf: part)
    }
  }
}

extension EntryBatch.Builder {
  mutating func add(dn: String, _ attributes: [(AttributeDescription, [[UInt8]])]) {
    beginEntry(dn: Array(dn.utf8))
    for (name, values) in attributes {
      beginAttribute(Array(name.string.utf8))
      for value in values { addValue(value) }
    }
  }

  package mutating func beginEntry(dn: [UInt8]) { dn.withUnsafeBufferPointer { beginEntry(dn: $0) } }
  package mutating func beginAttribute(_ name: [UInt8]) { name.withUnsafeBufferPointer { beginAttribute($0) } }
  package mutating func addValue(_ value: [UInt8]) { value.withUnsafeBufferPointer { addValue($0) } }
}
