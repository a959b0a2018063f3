import CLDAP
import ConnectorCore

/// The controls of server-side sorting (RFC 2891) and virtual list view (draft-ietf-ldapext-ldapv3-vlv-09), by
/// libldap's codec.
enum VirtualList {
  static let viewResponseOID = "2.16.840.1.113730.3.4.10"
  static let sortResponseOID = "1.2.840.113556.1.4.474"

  /// Some entries of the list, from a position that counts from 1.
  struct Window: Hashable {
    var start: Int
    var count: Int
  }

  /// What a server says of the list together with a window of it (§5.2).
  struct View: Hashable {
    /// The position of the window's first entry, from 1.
    var position = 0
    /// The length of the list, zero where the server does not tell.
    var contentCount = 0
    var code = ResultCode.success
    /// What the next request must bring back; a server may keep the list by it.
    var contextID: [UInt8]?
  }

  /// Asks for a window of the sorted list, critically: a server that cannot do that must say so.
  static func request(
    _ window: Window, contextID: [UInt8]?, by key: SortKey, _ operation: String, _ handle: OpaquePointer
  ) throws -> [Control] {
    let sort = try value("sorting", operation) { value in
      key.attribute.string.withCString { attribute in
        withOptionalCString(key.rule) { rule in
          var key = LDAPSortKey(
            attributeType: UnsafeMutablePointer(mutating: attribute), orderingRule: rule, reverseOrder: 0)
          return withUnsafeMutablePointer(to: &key) { key in
            var list: [UnsafeMutablePointer<LDAPSortKey>?] = [key, nil]
            return ldap_create_sort_control_value(handle, &list, &value)
          }
        }
      }
    }
    let view = try value("a virtual list view", operation) { value in
      withBerval(contextID ?? []) { context in
        // A content count of ours would only make the server scale the offset (§5.1).
        var info = LDAPVLVInfo(
          ldvlv_version: 1, ldvlv_before_count: 0, ldvlv_after_count: ber_int_t(clamping: window.count - 1),
          ldvlv_offset: ber_int_t(clamping: window.start), ldvlv_count: 0, ldvlv_attrvalue: nil,
          ldvlv_context: contextID == nil ? nil : context, ldvlv_extradata: nil)
        return ldap_create_vlv_control_value(handle, &info, &value)
      }
    }
    return [
      Control(WellKnownOIDs.sort, isCritical: true, value: sort),
      Control(WellKnownOIDs.virtualListView, isCritical: true, value: view),
    ]
  }

  /// The response control of virtual list view; nil where there is none.
  static func view(in controls: [Control], _ operation: String, _ handle: OpaquePointer) throws -> View? {
    var (position, count, code): (ber_int_t, ber_int_t, Int32) = (0, 0, 0)
    var context: UnsafeMutablePointer<berval>?
    let wasFound = try parse(viewResponseOID, in: controls, "virtual list view", operation) { control in
      ldap_parse_vlvresponse_control(handle, control, &position, &count, &context, &code)
    }
    defer { ber_bvfree(context) }
    guard wasFound else { return nil }
    return View(
      position: Int(position), contentCount: max(0, Int(count)), code: ResultCode(rawValue: code),
      contextID: context.map { Array($0.pointee.buffer) })
  }

  /// The result of sorting (RFC 2891 §1.2); nil where there is no such control, which some servers leave out.
  static func sortResult(in controls: [Control], _ operation: String, _ handle: OpaquePointer) throws -> ResultCode? {
    var code: ber_int_t = 0
    var attribute: UnsafeMutablePointer<CChar>?
    let wasFound = try parse(sortResponseOID, in: controls, "sort", operation) { control in
      ldap_parse_sortresponse_control(handle, control, &code, &attribute)
    }
    ldap_memfree(attribute)
    return wasFound ? ResultCode(rawValue: code) : nil
  }

  /// Has libldap encode a control's value.
  private static func value(
    _ what: String, _ operation: String, _ encode: (inout berval) -> Int32
  ) throws -> [UInt8] {
    var value = berval()
    let status = encode(&value)
    defer { ldap_memfree(value.bv_val) }
    guard status == LDAP_SUCCESS else {
      throw DirectoryError(
        ResultCode(rawValue: status), operation: operation, message: "\(what) could not be asked for")
    }
    return Array(value.buffer)
  }

  /// Has libldap decode a control, if it is there; libldap stops the process at one without a value.
  private static func parse(
    _ oid: String, in controls: [Control], _ name: String, _ operation: String,
    _ decode: (UnsafeMutablePointer<LDAPControl>?) -> Int32
  ) throws -> Bool {
    guard let control = controls.first(where: { $0.oid == oid }) else { return false }
    let hasValue = control.value?.isEmpty == false
    let status = hasValue ? withControls([control]) { decode($0?.pointee) } : LDAP_DECODING_ERROR
    guard status == LDAP_SUCCESS else {
      throw DirectoryError(
        .decodingError, operation: operation, message: "the response control of \(name) is malformed")
    }
    return true
  }
}

/// Lends a string as a C string; nil as none.
private func withOptionalCString<R>(_ string: String?, _ body: (UnsafeMutablePointer<CChar>?) -> R) -> R {
  guard let string else { return body(nil) }
  return string.withCString { body(UnsafeMutablePointer(mutating: $0)) }
}
