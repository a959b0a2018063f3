import Foundation

/// Writes LDIF (RFC 2849): content records and change records.
package struct LDIFText: Sendable {
  package private(set) var text = ""

  package init() {}

  /// A line `name: value`, or `name:: base64` where the value is no SAFE-STRING.
  package mutating func line(_ name: String, _ value: String) {
    if Self.isSafe(value) {
      text += "\(name): \(value)\n"
    } else {
      line(name, bytes: Array(value.utf8))
    }
  }

  /// A line `name:: base64`, but `name:` for no bytes at all, because `ldapmodify` takes no empty base64.
  package mutating func line(_ name: String, bytes: [UInt8]) {
    if bytes.isEmpty { return text += "\(name):\n" }
    text += "\(name):: \(Data(bytes).base64EncodedString())\n"
  }

  /// Ends the record.
  package mutating func end() { text += "\n" }

  /// A content record; the object class line is written for every name in `classes`.
  package mutating func entry(_ dn: String, classes: [String], _ attributes: [(String, String)]) {
    line("dn", dn)
    classes.forEach { line("objectClass", $0) }
    attributes.forEach { line($0, $1) }
    end()
  }

  /// A record that adds an entry.
  package mutating func add(_ dn: String, classes: [String], _ attributes: [(String, String)]) {
    line("dn", dn)
    line("changetype", "add")
    classes.forEach { line("objectClass", $0) }
    attributes.forEach { line($0, $1) }
    end()
  }

  /// A record with one modification: `add`, `delete`, `replace` or `increment`.
  package mutating func modify(_ dn: String, _ operation: String, _ attribute: String, _ values: [String]) {
    line("dn", dn)
    line("changetype", "modify")
    line(operation, attribute)
    values.forEach { line(attribute, $0) }
    text += "-\n"
    end()
  }

  /// A record with one modification whose values are bytes.
  package mutating func modify(_ dn: String, _ operation: String, _ attribute: String, bytes values: [[UInt8]]) {
    line("dn", dn)
    line("changetype", "modify")
    line(operation, attribute)
    values.forEach { line(attribute, bytes: $0) }
    text += "-\n"
    end()
  }

  /// A record that renames or moves an entry.
  package mutating func rename(
    _ dn: String, to newRDN: String, deletingOldRDN: Bool = true, newSuperior: String? = nil
  ) {
    line("dn", dn)
    line("changetype", "modrdn")
    line("newrdn", newRDN)
    line("deleteoldrdn", deletingOldRDN ? "1" : "0")
    if let newSuperior { line("newsuperior", newSuperior) }
    end()
  }

  /// A record that deletes an entry.
  package mutating func delete(_ dn: String) {
    line("dn", dn)
    line("changetype", "delete")
    end()
  }

  private static func isSafe(_ value: String) -> Bool {
    let bytes = value.utf8
    guard let first = bytes.first, let last = bytes.last else { return true }
    if first == 0x20 || first == 0x3a || first == 0x3c || last == 0x20 { return false }
    return bytes.allSatisfy { $0 != 0 && $0 != 0x0a && $0 != 0x0d && $0 < 0x80 }
  }
}
