/// The short road to a tree key, for what nearly every DN is: ASCII or Latin-1, no multi-valued RDNs.
extension DNNormalizer {
  /// How the short road treats an attribute type of at most eight bytes.
  struct FastType {
    /// The canonical name, packed, and its length.
    let name: UInt64
    let length: Int
    /// Lower-cases the value: with `caseExact` rules it stays as it is.
    let foldsCase: Bool
    /// Whether the rule needs the long road.
    let isSlow: Bool
  }

  private static let maximumLevels = 16

  /// Normalises in one pass; nil where the DN needs the long road, wrong ones included.
  func fastKey(of dn: UnsafeBufferPointer<UInt8>) -> String? {
    // A canonical name is at most seven bytes longer than the spelling that it replaces, and an escape of two bytes
    // becomes one of three.
    let capacity = dn.count / 2 * 3 + 1 + 7 * Self.maximumLevels
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { out in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.maximumLevels) { ends in
        var pass = FastPass(input: dn, out: out)
        var levels = 0
        repeat {
          guard levels < Self.maximumLevels, pass.relativeName(fastTypes) else { return nil }
          ends[levels] = pass.written
          levels += 1
        } while pass.hasMore
        return Self.rootFirst(out, ends: UnsafeMutableBufferPointer(rebasing: ends[..<levels]))
      }
    }
  }

  private static func rootFirst(
    _ parts: UnsafeMutableBufferPointer<UInt8>, ends: UnsafeMutableBufferPointer<Int>
  ) -> String {
    let total = (ends.last ?? 0) + ends.count - 1
    return String(unsafeUninitializedCapacity: total) { key in
      var position = 0
      for level in stride(from: ends.count - 1, through: 0, by: -1) {
        if position > 0 {
          key[position] = 0x2C
          position += 1
        }
        for index in (level == 0 ? 0 : ends[level - 1])..<ends[level] {
          key[position] = parts[index]
          position += 1
        }
      }
      return position
    }
  }

  /// Packs up to eight bytes of a name into a number; nil for a longer or an empty one.
  static func packed(_ name: some Sequence<UInt8>) -> (name: UInt64, length: Int)? {
    var packed: UInt64 = 0
    var length = 0
    for byte in name {
      guard length < 8 else { return nil }
      packed = packed << 8 | UInt64(byte)
      length += 1
    }
    return length > 0 ? (packed, length) : nil
  }
}

/// One pass over a DN, leaf first.
private struct FastPass {
  let input: UnsafeBufferPointer<UInt8>
  let out: UnsafeMutableBufferPointer<UInt8>
  var position = 0
  var written = 0
  /// Whether the last RDN ended with a separator.
  var hasMore = false

  init(input: UnsafeBufferPointer<UInt8>, out: UnsafeMutableBufferPointer<UInt8>) {
    self.input = input
    self.out = out
  }

  /// Reads and writes one RDN; false where the long road must do it.
  @inline(__always)
  mutating func relativeName(_ types: [UInt64: DNNormalizer.FastType]) -> Bool {
    skipSpaces()
    guard let (name, length) = attributeType() else { return false }
    skipSpaces()
    guard position < input.count, input[position] == 0x3D else { return false }
    position += 1
    skipSpaces()
    let type = types[name]
    guard type?.isSlow != true else { return false }
    write(name: type?.name ?? name, length: type?.length ?? length)
    return value(foldsCase: type?.foldsCase ?? true)
  }

  @inline(__always)
  private mutating func attributeType() -> (name: UInt64, length: Int)? {
    var name: UInt64 = 0
    let start = position
    while position < input.count {
      let byte = input[position]
      let lower = byte | 0x20
      guard (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39 && position > start) else { break }
      guard position - start < 8 else { return nil }
      name = name << 8 | UInt64(lower)
      position += 1
    }
    return position > start ? (name, position - start) : nil
  }

  @inline(__always)
  private mutating func write(name: UInt64, length: Int) {
    var shift = UInt64(length) * 8
    while shift > 0 {
      shift -= 8
      write(UInt8(truncatingIfNeeded: name >> shift))
    }
    write(0x3D)
  }

  @inline(__always)
  private mutating func value(foldsCase: Bool) -> Bool {
    var hasSpace = false
    let start = written
    while position < input.count {
      let byte = input[position]
      if byte == 0x2C { break }
      position += 1
      if byte == 0x20 {
        hasSpace = written > start
        continue
      }
      if hasSpace {
        write(0x20)
        hasSpace = false
      }
      if DNNormalizer.isPlain(byte) {
        write(byte, foldsCase: foldsCase)
      } else if byte == 0xC3 {
        guard latinLetter(foldsCase: foldsCase) else { return false }
      } else {
        guard byte == DNText.backslash, escaped(foldsCase: foldsCase) else { return false }
      }
    }
    hasMore = position < input.count
    if hasMore { position += 1 }
    return true
  }

  @inline(__always)
  private mutating func write(_ byte: UInt8, foldsCase: Bool = false) {
    out[written] = foldsCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    written += 1
  }

  /// U+00C0 to U+00FF behind their first byte; the capitals lie 0x20 below the small letters, “×” has none.
  private mutating func latinLetter(foldsCase: Bool) -> Bool {
    guard position < input.count, input[position] & 0xC0 == 0x80 else { return false }
    let byte = input[position]
    position += 1
    write(0xC3)
    write(foldsCase && byte <= 0x9E && byte != 0x97 ? byte + 0x20 : byte)
    return true
  }

  /// What follows a backslash: a special character or the hexadecimal digits of a printable one.
  private mutating func escaped(foldsCase: Bool) -> Bool {
    guard position < input.count else { return false }
    var byte = input[position]
    position += 1
    if let high = DNText.hexValue(byte) {
      guard position < input.count, let low = DNText.hexValue(input[position]) else { return false }
      byte = high << 4 | low
      position += 1
    } else if DNNormalizer.isPlain(byte) {
      return false
    }
    // An escaped space counts as any other, which the long road knows to handle.
    guard byte > 0x20, byte < 0x7F else { return false }
    guard !DNNormalizer.isPlain(byte) else {
      write(byte, foldsCase: foldsCase)
      return true
    }
    write(DNText.backslash)
    write(DNText.hexDigit(byte >> 4))
    write(DNText.hexDigit(byte & 15))
    return true
  }

  @inline(__always)
  private mutating func skipSpaces() {
    while position < input.count, input[position] == 0x20 { position += 1 }
  }
}
