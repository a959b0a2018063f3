/// Where a server points to for a part of the tree (RFC 4511 §4.5.3, RFC 4516).
struct SearchReference {
  /// The DN in the URL.
  var dn: String

  /// Reads an LDAP URL; nil when it names no DN.
  init?(_ url: String) {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let rest = url[scheme.upperBound...]
    guard let slash = rest.firstIndex(of: "/") else { return nil }
    let path = rest[rest.index(after: slash)...].prefix { $0 != "?" }
    dn = Self.decoded(path)
    if dn.isEmpty { return nil }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
