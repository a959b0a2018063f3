/// Turns DNs into tree keys: normalised text, root first, so that an entry's descendants are one range of keys.
///
/// `CN=Foo Bar,  DC=Example` becomes `dc=example,cn=foo bar`. Types have one spelling each (an OID and an alias give
/// way to the short name), values are prepared as their equality rule compares them (RFC 4517 §4.2, RFC 4518), and
/// every byte that could be taken for syntax is written `\xx`. So `,` occurs as separator only, and the descendants
/// of the entry with key `k` are exactly the keys from `k + ","` up to, and without, `k + "-"`.
public struct DNNormalizer: Sendable {
  /// The normaliser without a schema: RFC 4519 naming attributes, and no regard to case for all others.
  package static let standard = DNNormalizer()

  private let types: NamingTypes
  let fastTypes: [UInt64: FastType]

  /// Prepares a normaliser; with a schema, names and equality rules are the server's own.
  public init(schema: Schema? = nil) {
    types = NamingTypes(schema: schema)
    fastTypes = types.fastTypes
  }

  /// The tree key of a DN; throws `DNError` for text that is no DN.
  public func key(of dn: String) throws(DNError) -> String {
    try dn.utf8.span.withUnsafeBufferPointer { (bytes) throws(DNError) in try key(utf8: bytes) }
  }

  /// The tree key of a DN given as bytes of UTF-8; throws `DNError` for text that is no DN.
  package func key(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(DNError) -> String {
    if let key = fastKey(of: bytes) { return key }
    return key(of: try DNParser.parse(bytes))
  }

  /// The tree key of the entry one level up: the empty text for the topmost, nil for the empty key.
  public func parentKey(of key: String) -> String? {
    guard !key.isEmpty else { return nil }
    guard let comma = key.utf8.lastIndex(of: 0x2C) else { return "" }
    return String(key[..<comma])
  }

  func key(of rdns: [[RDN.Assertion]]) -> String {
    String(decoding: bytes(of: rdns, depth: 0), as: UTF8.self)
  }

  private func bytes(of rdns: [[RDN.Assertion]], depth: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(96)
    for rdn in rdns.reversed() {
      if !out.isEmpty { out.append(0x2C) }
      if rdn.count == 1 {
        append(rdn[0], to: &out, depth: depth)
      } else {
        let parts = rdn.map { assertion in
          var part: [UInt8] = []
          append(assertion, to: &part, depth: depth)
          return part
        }
        out += parts.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0x2B])
      }
    }
    return out
  }

  private func append(_ assertion: RDN.Assertion, to out: inout [UInt8], depth: Int) {
    let type = types[assertion.type]
    out += type.name.utf8
    out.append(0x3D)
    if assertion.isBER {
      out.append(0x23)
      out += DNText.hex(assertion.value).utf8
    } else {
      appendEscaped(prepared(assertion.value, by: type.rule, depth: depth), to: &out)
    }
  }

  private func prepared(_ value: [UInt8], by rule: EqualityRule, depth: Int) -> [UInt8] {
    // Names within names grow with every level of escaping, so that there must be an end to it.
    guard rule == .distinguishedName, depth < 2 else { return rule.prepare(value) }
    let inner = value.withUnsafeBufferPointer { try? DNParser.parse($0) }
    return inner.map { bytes(of: $0, depth: depth + 1) } ?? rule.prepare(value)
  }

  private func appendEscaped(_ value: [UInt8], to out: inout [UInt8]) {
    let isText = value.allSatisfy { $0 < 0x80 } || String(validating: value, as: UTF8.self) != nil
    for (index, byte) in value.enumerated() {
      let isOuterSpace = byte == 0x20 && (index == 0 || index == value.count - 1)
      if isOuterSpace || !DNNormalizer.isPlain(byte) && (byte < 0x80 || !isText) {
        DNText.appendHex(byte, to: &out)
      } else {
        out.append(byte)
      }
    }
  }

  /// Whether a byte of ASCII stands for itself in a key.
  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    // One bit a character: the space to “~”, without " # + , ; < = > and, in the upper half, the backslash.
    let low: UInt64 = 0x87FF_E7F3_0000_0000
    let high: UInt64 = 0x7FFF_FFFF_EFFF_FFFF
    guard byte < 0x80 else { return false }
    return (byte < 0x40 ? low >> UInt64(byte) : high >> UInt64(byte & 63)) & 1 == 1
  }
}
