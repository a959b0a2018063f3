import CLDAP
import ConnectorCore

/// The controls of assertion (RFC 4528), pre-read and post-read (RFC 4527), and the value of a password change
/// (RFC 3062).
enum WriteControls {
  /// All controls of a request.
  static func controls(of request: WriteRequest, _ handle: OpaquePointer) throws -> [Control] {
    var controls = request.controls
    if let filter = request.assertion { controls.append(try assertion(filter, request, handle)) }
    for (oid, attributes) in [
      (WellKnownOIDs.preRead, request.preRead), (WellKnownOIDs.postRead, request.postRead),
    ] {
      guard let attributes else { continue }
      // 389 Directory Server takes an empty list for no attributes at all.
      guard let value = BERElements.sequence(attributes.isEmpty ? ["*"] : attributes) else {
        throw DirectoryError(
          .parameterError, operation: "\(request)", message: "pre-read or post-read could not be asked for")
      }
      controls.append(Control(oid, value: value))
    }
    return controls
  }

  /// What a response says besides success; what cannot be read of it does not undo the change.
  static func outcome(
    of message: borrowing WireMessage, _ result: WireResult, to request: WriteRequest, _ handle: OpaquePointer
  ) -> WriteOutcome {
    var outcome = WriteOutcome(controls: result.controls)
    func readable<Value>(_ read: () throws -> Value?) -> Value? {
      do { return try read() } catch {
        outcome.problem = error as? DirectoryError
        return nil
      }
    }
    outcome.before = readable { try entry(WellKnownOIDs.preRead, in: result.controls, "\(request)") }
    outcome.after = readable { try entry(WellKnownOIDs.postRead, in: result.controls, "\(request)") }
    if case .passwordModify = request.operation {
      outcome.generatedPassword = readable { try generatedPassword(in: message, "\(request)", handle) }
    }
    return outcome
  }

  private static func assertion(_ filter: Filter, _ request: WriteRequest, _ handle: OpaquePointer) throws -> Control {
    var value = berval()
    let status = filter.description.withCString {
      ldap_create_assertion_control_value(handle, UnsafeMutablePointer(mutating: $0), &value)
    }
    defer { ldap_memfree(value.bv_val) }
    guard status == LDAP_SUCCESS else {
      throw DirectoryError(
        ResultCode(rawValue: status), operation: "\(request)", message: "the assertion is no filter that can be sent")
    }
    return Control(WellKnownOIDs.assertion, isCritical: true, value: Array(value.buffer))
  }

  /// The entry in a response control; nil where there is no such control.
  private static func entry(
    _ oid: String, in controls: [Control], _ operation: String
  ) throws -> Entry? {
    guard let control = controls.first(where: { $0.oid == oid }) else { return nil }
    if let entry = control.value.flatMap(Entry.init(decoding:)) { return entry }
    throw DirectoryError(
      .decodingError, operation: operation,
      message: "done, but the entry in the response control \(WellKnownOIDs.name(of: oid) ?? oid) is malformed")
  }

  /// `ldap_parse_passwd` would take a value without a password for malformed.
  private static func generatedPassword(
    in message: borrowing WireMessage, _ operation: String, _ handle: OpaquePointer
  ) throws -> Secret? {
    var data: UnsafeMutablePointer<berval>?
    let status = ldap_parse_extended_result(handle, message.pointer, nil, &data, 0)
    defer { ber_bvfree(data) }
    if status == LDAP_SUCCESS {
      guard let data, data.pointee.bv_len > 0 else { return nil }
      if let parts = BERElements.read(Array(data.pointee.buffer)), parts.count == 1, parts[0].tag == LBER_SEQUENCE,
        let fields = BERElements.read(parts[0].content)
      {
        return fields.first { $0.tag == LDAP_TAG_EXOP_MODIFY_PASSWD_GEN }.map { Secret($0.content) }
      }
    }
    throw DirectoryError(
      .decodingError, operation: operation,
      message: "the password was changed, but the answer, which may hold a new one, is malformed: set it again")
  }
}

extension Entry {
  /// Reads a SearchResultEntry (RFC 4511 §4.5.2); servers leave out its tag. Nil when it is malformed.
  fileprivate init?(decoding bytes: [UInt8]) {
    guard let whole = BERElements.read(bytes), whole.count == 1,
      [LBER_SEQUENCE, LDAP_RES_SEARCH_ENTRY].contains(whole[0].tag),
      let parts = BERElements.read(whole[0].content), parts.count == 2, parts[0].tag == LBER_OCTETSTRING,
      parts[1].tag == LBER_SEQUENCE, let list = BERElements.read(parts[1].content)
    else { return nil }
    var attributes: [(AttributeDescription, [[UInt8]])] = []
    for element in list {
      guard element.tag == LBER_SEQUENCE, let pair = BERElements.read(element.content), pair.count == 2,
        pair[0].tag == LBER_OCTETSTRING, pair[1].tag == LBER_SET, let values = BERElements.read(pair[1].content),
        values.allSatisfy({ $0.tag == LBER_OCTETSTRING })
      else { return nil }
      attributes.append((AttributeDescription(String(decoding: pair[0].content, as: UTF8.self)), values.map(\.content)))
    }
    self.init(dn: String(decoding: parts[0].content, as: UTF8.self), attributes: attributes)
  }
}
