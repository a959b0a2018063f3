import ConnectorCore
import ConnectorTesting

extension Session {
  /// The change with passwords as the directory keeps them, in `userPassword`.
  /// - Throws: `DirectoryError` where the product would refuse.
  func translated(_ record: LDIFRecord) throws -> LDIFRecord {
    var record = record
    if record.writesPassword { try checkPasswords(record.dn) }
    guard rules.takesUnicodePwd else { return record }
    record.attributes = try record.attributes.map { name, value in
      name == Self.unicodePwd ? (Self.kept, try Self.password(value, record.dn)) : (name, value)
    }
    guard case .modify(let steps) = record.change else { return record }
    record.change = .modify(
      try steps.map { step in
        guard step.attribute == Self.unicodePwd else { return step }
        return LDIFModification(step.operation, Self.kept, try step.values.map { try Self.password($0, record.dn) })
      })
    return record
  }

  static let unicodePwd: AttributeDescription = "unicodePwd"
  private static let kept: AttributeDescription = "userPassword"

  private func checkPasswords(_ dn: String) throws {
    guard rules.passwordsNeedTLS else { return }
    throw DirectoryError(
      .unwillingToPerform, operation: "modify of \(dn)", message: "passwords are taken over TLS alone")
  }

  /// The password in quotes and UTF-16, low byte first (MS-ADTS §3.1.1.3.1.5).
  private static func password(_ value: [UInt8], _ dn: String) throws -> [UInt8] {
    let units = stride(from: 0, to: value.count - value.count % 2, by: 2).map {
      UInt16(value[$0]) | UInt16(value[$0 + 1]) << 8
    }
    let text = String(decoding: units, as: UTF16.self)
    guard value.count.isMultiple(of: 2), text.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") else {
      throw DirectoryError(
        .unwillingToPerform, operation: "modify of \(dn)", message: "unicodePwd is no password in quotes and UTF-16")
    }
    return Array(text.dropFirst().dropLast().utf8)
  }

  /// Whether the account may log in, as its entry says.
  func refusal(of dn: String) -> LDAPResult? {
    guard let mark = rules.disabled, let entry = directory.entry(dn) else { return nil }
    let values = entry.attributes.strings(AttributeDescription(mark.attribute)).map { $0.uppercased() }
    guard values.contains(mark.value.uppercased()) else { return nil }
    return LDAPResult(ResultCode(rawValue: mark.code), "the account is disabled")
  }
}

extension LDIFRecord {
  fileprivate var writesPassword: Bool {
    let names: [AttributeDescription] = ["userPassword", "unicodePwd"]
    if case .modify(let steps) = change { return steps.contains { names.contains($0.attribute) } }
    return attributes.contains { names.contains($0.0) }
  }
}
