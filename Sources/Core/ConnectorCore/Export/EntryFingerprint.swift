/// A fingerprint of an entry's user attributes: the same for the same content, in whatever order a server sends it.
package struct EntryFingerprint: Sendable {
  private let key: ContentHashKey
  private let schema: Schema

  package init(key: ContentHashKey, schema: Schema) {
    self.key = key
    self.schema = schema
  }

  /// 32 hexadecimal digits.
  package func text(of entry: Entry) -> String {
    var hash = ContentHash()
    entry.forEachAttribute { name, values in
      let description = AttributeDescription(String(decoding: name, as: UTF8.self))
      guard !(schema.attributeType(description.type)?.isOperational ?? false) else { return }
      let domain = key.hash(description.key, domain: 1).low | 1
      for value in values { hash = hash &+ key.hash(value, domain: domain) }
    }
    return Self.hex(hash.high) + Self.hex(hash.low)
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
