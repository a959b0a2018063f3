import ConnectorCore
import ConnectorTesting
import SwiftASN1

extension Session {
  /// Carries out an extended operation (RFC 4511 §4.12); one that is not known here is a protocol error.
  func extended(_ oid: String, _ value: [UInt8]?, _ request: RequestMessage) throws -> Answer {
    let unknown = LDAPResult(.protocolError, "the extended operation \(oid) is not supported here")
    guard supported.offers(extendedOperation: oid) else { return Answer(request.id, .extended(unknown)) }
    switch oid {
    case SupportedControls.whoAmI:
      let identity = boundDN.isEmpty ? "" : "dn:\(boundDN)"
      return Answer(request.id, .extended(.success, value: Array(identity.utf8)))
    case SupportedControls.passwordModify:
      return Answer(request.id, try modifyPassword(PasswordModify(decoding: value)))
    default: return Answer(request.id, .extended(unknown))
    }
  }

  /// Sets a password (RFC 3062 §2); makes one up where the client names none.
  private func modifyPassword(_ request: PasswordModify) throws -> ResponseMessage.Content {
    let dn = request.identity.map { $0.hasPrefix("dn:") ? String($0.dropFirst(3)) : $0 } ?? boundDN
    guard !dn.isEmpty else { return .extended(LDAPResult(.unwillingToPerform, "an anonymous client has no password")) }
    if let old = request.oldPassword, !directory.authenticate(dn, password: old) {
      return .extended(LDAPResult(.unwillingToPerform, "the old password is wrong"))
    }
    let made = request.newPassword == nil ? Self.newPassword() : nil
    let modification = LDIFModification(.replace, "userPassword", [request.newPassword ?? made ?? []])
    try directory.apply(LDIFRecord(dn: dn, change: .modify([modification])))
    let value = made.map { password in
      DER.Serializer.bytes { value in
        value.appendConstructedNode(identifier: .sequence) { $0.octets(password, .context(0)) }
      }
    }
    return .extended(.success, value: value)
  }

  private static func newPassword() -> [UInt8] {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    return (0..<12).compactMap { _ in letters.randomElement() }
  }
}

/// The value of a password modify request (RFC 3062 §2).
private struct PasswordModify {
  var identity: String?
  var oldPassword: [UInt8]?
  var newPassword: [UInt8]?

  init(decoding value: [UInt8]?) throws {
    guard let value else { return }
    (identity, oldPassword, newPassword) = try BER.sequence(try BER.parse(value), identifier: .sequence) { parts in
      (
        try parts.optional(.context(0))?.text(.context(0), "user identity"),
        try parts.optional(.context(1))?.octets(.context(1)),
        try parts.optional(.context(2))?.octets(.context(2))
      )
    }
  }
}
