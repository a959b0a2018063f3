/// How a password is set or changed at this server.
package struct PasswordRequest: Sendable {
  private let facts: PasswordFacts
  private let attribute: AttributeDescription
  private let offersOperation: Bool

  /// Takes the product's facts, the attribute that holds the password, and the OIDs that may be used here.
  package init(_ facts: PasswordFacts, attribute: AttributeDescription, capabilities: Set<String>) {
    self.facts = facts
    self.attribute = attribute
    offersOperation = capabilities.contains(WellKnownOIDs.passwordModify)
  }

  package init(_ scope: ExportScope) {
    let facts = scope.facts.password
    let needsAttribute = facts.passwordModifyNeedsTLS && !scope.isProtected
    self.init(
      facts, attribute: scope.passwordAttribute,
      capabilities: needsAttribute ? scope.capabilities.subtracting([WellKnownOIDs.passwordModify]) : scope.capabilities
    )
  }

  /// Sets a password by the right of an administrator: by RFC 3062 where the server lists it, else by writing the
  /// attribute; a hash with its scheme goes into the attribute always.
  package func set(_ dn: String, to password: Secret, isHashed: Bool = false) -> WriteRequest {
    if facts.usesPasswordModify && offersOperation && !isHashed { return .passwordModify(dn, new: password) }
    return .modify(dn, [LDIFModification(.replace, attribute, [value(of: password, isHashed: isHashed)])])
  }

  /// Changes a password with the knowledge of the old one.
  ///
  /// Nil where nothing but a bind with the old password can prove that: bind, then ``set(_:to:isHashed:)``.
  package func change(_ dn: String, from old: Secret, to new: Secret) -> WriteRequest? {
    switch facts.change {
    case .passwordModify where offersOperation: .passwordModify(dn, old: old, new: new)
    case .deleteAndAdd:
      .modify(
        dn,
        [
          LDIFModification(.delete, attribute, [value(of: old)]),
          LDIFModification(.add, attribute, [value(of: new)]),
        ])
    case .passwordModify, .verifiedByBind: nil
    }
  }

  /// The bytes that the attribute takes.
  package func value(of password: Secret, isHashed: Bool = false) -> [UInt8] {
    password.withBytes { bytes in
      guard facts.encoding == .quotedUTF16, !isHashed else { return bytes }
      let quoted = "\"" + String(decoding: bytes, as: UTF8.self) + "\""
      return quoted.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
  }

  /// The attribute of an entry to add that has its password from the beginning.
  package func attribute(for password: Secret, isHashed: Bool) -> (AttributeDescription, [[UInt8]]) {
    (attribute, [value(of: password, isHashed: isHashed)])
  }
}
