/// A 128-bit fingerprint of an object's DN and attributes, keyed by a secret of the store.
///
/// It is a sum over DN, attributes and values, so that the order in which a server sends them does not matter, and so
/// that a new DN can be put in without reading the attributes again. The key keeps people who may write to the directory
/// from making two contents with one fingerprint.
package struct ContentHash: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64 = 0, low: UInt64 = 0) {
    self.high = high
    self.low = low
  }

  @inline(__always)
  static func &+ (left: Self, right: Self) -> Self {
    Self(high: left.high &+ right.high, low: left.low &+ right.low)
  }

  @inline(__always)
  static func &- (left: Self, right: Self) -> Self {
    Self(high: left.high &- right.high, low: left.low &- right.low)
  }
}

/// The secret of a store that keys its content hashes; made once from the system's random numbers.
package struct ContentHashKey: Hashable, Sendable {
  package var words: (UInt64, UInt64, UInt64, UInt64)

  package init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// A new secret.
  package static func random() -> Self {
    var source = SystemRandomNumberGenerator()
    return Self((source.next(), source.next(), source.next() | 1, source.next() | 1))
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// Fingerprints bytes in a domain: 0 for DNs, an attribute's own number for its values.
  @inline(__always)
  package func hash(_ bytes: UnsafeBufferPointer<UInt8>, domain: UInt64) -> ContentHash {
    var a = words.0 ^ domain
    var b = words.1 &+ domain
    var rest = UnsafeRawBufferPointer(bytes)
    while rest.count >= 8 {
      let word = rest.loadUnaligned(as: UInt64.self)
      a = Self.fold(a ^ word, words.2)
      b = Self.fold(b ^ word, words.3)
      rest = UnsafeRawBufferPointer(rebasing: rest[8...])
    }
    var tail: UInt64 = 0
    for byte in rest { tail = tail << 8 | UInt64(byte) }
    tail ^= UInt64(bytes.count) << 56 ^ UInt64(bytes.count)
    a = Self.fold(a ^ tail, words.2)
    b = Self.fold(b ^ tail, words.3)
    return ContentHash(high: Self.fold(a, words.1 | 1), low: Self.fold(b, words.0 | 1))
  }

  package func hash(_ text: String, domain: UInt64) -> ContentHash {
    var text = text
    return text.withUTF8 { hash($0, domain: domain) }
  }

  /// Multiplies to 128 bits and folds both halves into one word.
  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low ^ a
  }
}
