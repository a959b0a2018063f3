import ConnectorCore

/// What stands in the attribute `changes`: lines of LDIF (draft-good-ldap-changelog-04 §2).
struct ChangesText {
  /// The lines; nil for a delete or a rename.
  let bytes: [UInt8]?

  init(_ change: DirectoryChange, endsWithNUL: Bool) {
    switch change.request.change {
    case nil, .add: bytes = change.after.map(Self.lines)
    case .modify(let steps): bytes = steps.flatMap(Self.lines) + (endsWithNUL ? [0] : [])
    case .delete, .rename: bytes = nil
    }
  }

  /// Every attribute, one line a value.
  static func lines(of entry: MemoryEntry) -> [UInt8] {
    entry.attributes.flatMap { name, values in values.flatMap { line(name, $0) } }
  }

  private static func lines(_ step: LDIFModification) -> [UInt8] {
    Array("\(step.operation.rawValue): \(step.attribute)\n".utf8)
      + step.values.flatMap { line(step.attribute, $0) } + [0x2D, 0x0A]
  }

  private static func line(_ name: AttributeDescription, _ value: [UInt8]) -> [UInt8] {
    let isSafe = value.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && ![0x20, 0x3A, 0x3C].contains(value.first ?? 0x61)
    let text = isSafe ? Array(": ".utf8) + value : Array(":: ".utf8) + base64(value)
    return Array(name.string.utf8) + text + [0x0A]
  }

  /// RFC 4648 §4.
  private static func base64(_ value: [UInt8]) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return stride(from: 0, to: value.count, by: 3).flatMap { start in
      let group = value[start..<min(start + 3, value.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      let letters = stride(from: UInt32(18), through: 0, by: -6).map { digits[Int(bits >> $0 & 63)] }
      return letters.prefix(group.count + 1) + Array(repeating: 0x3D, count: 3 - group.count)
    }
  }
}
