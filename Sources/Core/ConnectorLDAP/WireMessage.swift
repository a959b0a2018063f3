import CLDAP
import ConnectorCore

/// One message from the server, freed when it is let go.
struct WireMessage: ~Copyable {
  let pointer: OpaquePointer
  /// The ID of the request that it answers.
  let id: Int32
  let kind: ber_tag_t

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    id = ldap_msgid(pointer)
    kind = ber_tag_t(truncatingIfNeeded: ldap_msgtype(pointer))
  }

  deinit { ldap_msgfree(pointer) }
}

/// The end of an operation as the server told it (RFC 4511 §4.1.9).
struct WireResult {
  var code: ResultCode
  var matchedDN = ""
  var message = ""
  var referrals: [String] = []
  var controls: [Control] = []

  func error(_ operation: String) -> DirectoryError {
    DirectoryError(code, operation: operation, matchedDN: matchedDN, message: message, referrals: referrals)
  }
}

extension WireResult {
  /// Reads a response that ends an operation; nil when it is malformed.
  init?(_ message: borrowing WireMessage, of handle: OpaquePointer, hiding secrets: @autoclosure () -> [Secret]) {
    var code: Int32 = 0
    var matched: UnsafeMutablePointer<CChar>?
    var diagnostic: UnsafeMutablePointer<CChar>?
    var referrals: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
    let status = ldap_parse_result(
      handle, message.pointer, &code, &matched, &diagnostic, &referrals, &controls, 0)
    defer {
      ldap_memfree(matched)
      ldap_memfree(diagnostic)
      ldap_controls_free(controls)
    }
    let urls = takeStrings(referrals)
    guard status == LDAP_SUCCESS else { return nil }
    self.code = ResultCode(rawValue: code)
    matchedDN = matched.map { String(cString: $0) } ?? ""
    let text = diagnostic.map { String(cString: $0) } ?? ""
    self.message = text.isEmpty ? "" : oneLine(secrets().reduce(text) { $1.hide(in: $0) })
    self.referrals = urls
    self.controls = copyControls(controls)
  }
}

/// A server's text on one line of at most 500 characters.
func oneLine(_ text: String) -> String {
  let words = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
  return String(words.prefix(500))
}

private func copyControls(_ array: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?) -> [Control] {
  guard let array else { return [] }
  var controls: [Control] = []
  while let control = array[controls.count]?.pointee {
    controls.append(
      Control(
        control.ldctl_oid.map { String(cString: $0) } ?? "", isCritical: control.ldctl_iscritical != 0,
        value: control.ldctl_value.bv_val == nil ? nil : Array(control.ldctl_value.buffer)))
  }
  return controls
}

extension WireMessage {
  /// The URLs of a search reference (RFC 4511 §4.5.3); nil when it is malformed.
  borrowing func references(of handle: OpaquePointer) -> [String]? {
    var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let status = ldap_parse_reference(handle, pointer, &urls, nil, 0)
    let strings = takeStrings(urls)
    return status == LDAP_SUCCESS ? strings : nil
  }

  /// Adds an entry to a batch, whole or not at all; false when it is malformed.
  ///
  /// The getters end strings in place, so entry controls would have to be read before.
  borrowing func decodeEntry(of handle: OpaquePointer, into batch: inout EntryBatch.Builder) -> Bool {
    var ber: OpaquePointer?
    var dn = berval()
    guard ldap_get_dn_ber(handle, pointer, &ber, &dn) == LDAP_SUCCESS else { return false }
    defer { if let ber { ber_free(ber, 0) } }
    batch.beginEntry(dn: dn.buffer)
    while true {
      var name = berval()
      var values: UnsafeMutablePointer<berval>?
      guard ldap_get_attribute_ber(handle, pointer, ber, &name, &values) == LDAP_SUCCESS else {
        batch.abandonEntry()
        return false
      }
      guard name.bv_val != nil else { return true }
      batch.beginAttribute(name.buffer)
      guard let values else { continue }
      var next = values
      while next.pointee.bv_val != nil {
        batch.addValue(next.pointee.buffer)
        next += 1
      }
      ber_memfree(values)
    }
  }
}
