import Foundation
import Glibc

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
    try eachLine(of: output) { line in
      if line.isEmpty {
        if let entry = current { entries.append(entry) }
        current = nil
      } else if line.first != UInt8(ascii: "#") {
        let (name, value) = try nameAndValue(line)
        if current == nil && name == "dn" {
          current = DirectoryEntry(dn: String(decoding: value, as: UTF8.self))
        } else {
          current?.attributes[name, default: []].append(value)
        }
      }
    }
    if let entry = current { entries.append(entry) }
    return entries
  }

  /// Calls `body` with every line; by memchr(3), for collections are slow in a debug build and 100,000 entries many.
  private static func eachLine(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer
      while !rest.isEmpty {
        let length = index(of: 0x0a, in: rest) ?? rest.count
        try body(UnsafeRawBufferPointer(rebasing: rest.prefix(length)))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length + 1))
      }
    }
  }

  private static func index(of byte: Int32, in buffer: UnsafeRawBufferPointer) -> Int? {
    guard let start = buffer.baseAddress, let found = memchr(start, byte, buffer.count) else { return nil }
    return UnsafeRawPointer(found) - start
  }

  private static func nameAndValue(_ line: UnsafeRawBufferPointer) throws -> (name: String, value: [UInt8]) {
    guard let end = index(of: 0x3a, in: line) else {
      throw SupportError("not a line of LDIF: \(String(decoding: line.prefix(80), as: UTF8.self))")
    }
    let name = String(decoding: UnsafeRawBufferPointer(rebasing: line.prefix(end)), as: UTF8.self).lowercased()
    let isBase64 = end + 1 < line.count && line[end + 1] == 0x3a
    var start = end + (isBase64 ? 2 : 1)
    while start < line.count && line[start] == 0x20 { start += 1 }
    let value = UnsafeRawBufferPointer(rebasing: line.dropFirst(start))
    guard isBase64 else { return (name, Array(value)) }
    guard let bytes = Data(base64Encoded: Data(value)) else { throw SupportError("not base64: the value of \(name)") }
    return (name, Array(bytes))
  }
}
