import Foundation

/// An entry as `ldapsearch` returned it, byte for byte.
package struct DirectoryEntry: Sendable {
  package var dn: String
  /// Attribute description in lower case → values, in the server's order.
  package var attributes: [String: [[UInt8]]]

  package init(dn: String, attributes: [String: [[UInt8]]] = [:]) {
    self.dn = dn
    self.attributes = attributes
  }

  /// The values of `name` (any letter case) as text.
  package func strings(_ name: String) -> [String] {
    (attributes[name.lowercased()] ?? []).map { String(decoding: $0, as: UTF8.self) }
  }

  package var entryUUID: String? { strings("entryUUID").first }
}

extension DirectoryEntry {
  /// Reads the output of `ldapsearch -LLL -o ldif-wrap=no` (RFC 2849 content records without folded lines).
  /// - Throws: `SupportError` on a line that is neither a comment nor `name: value` nor `name:: base64`.
  package static func parse(_ output: [UInt8]) throws -> [DirectoryEntry] {
    var entries: [DirectoryEntry] = []
    var current: DirectoryEntry?
    for line in output.split(separator: 0x0a, omittingEmptySubsequences: false) {
      if line.isEmpty {
        if let entry = current { entries.append(entry) }
        current = nil
      } else if line.first != UInt8(ascii: "#") {
        let (name, value) = try nameAndValue(line)
        if current == nil && name == "dn" {
          current = DirectoryEntry(dn: String(decoding: value, as: UTF8.self))
        } else if current != nil {
          current?.attributes[name, default: []].append(value)
        }
      }
    }
    if let entry = current { entries.append(entry) }
    return entries
  }

  private static func nameAndValue(_ line: ArraySlice<UInt8>) throws -> (name: String, value: [UInt8]) {
    let colon = UInt8(ascii: ":")
    guard let end = line.firstIndex(of: colon) else {
      throw SupportError("not a line of LDIF: \(String(decoding: line.prefix(80), as: UTF8.self))")
    }
    let name = String(decoding: line[..<end], as: UTF8.self).lowercased()
    let rest = line[(end + 1)...]
    guard rest.first == colon else { return (name, Array(rest.drop { $0 == 0x20 })) }
    let text = Data(rest.dropFirst().drop { $0 == 0x20 })
    guard let bytes = Data(base64Encoded: text) else { throw SupportError("not base64: the value of \(name)") }
    return (name, Array(bytes))
  }
}
