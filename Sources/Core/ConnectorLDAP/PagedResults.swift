import CLDAP
import ConnectorCore

/// The control of simple paged results (RFC 2696), by libldap's codec.
enum PagedResults {
  /// Asks for a page, critically: a server that cannot page must say so.
  static func request(size: Int, cookie: [UInt8], _ operation: String, _ handle: OpaquePointer) throws -> Control {
    var value = berval()
    let status = withBerval(cookie) { cookie in
      ldap_create_page_control_value(handle, ber_int_t(clamping: max(1, size)), cookie, &value)
    }
    defer { ldap_memfree(value.bv_val) }
    guard status == LDAP_SUCCESS else {
      throw DirectoryError(ResultCode(rawValue: status), operation: operation, message: "paging could not be asked for")
    }
    return Control(Control.pagedResultsOID, isCritical: true, value: Array(value.buffer))
  }

  /// The cookie for the next page, empty after the last one.
  ///
  /// A success without the control is no end: a server that forgot it would look like one that has no more entries.
  static func cookie(in controls: [Control], _ operation: String, _ handle: OpaquePointer) throws -> [UInt8] {
    guard let control = controls.first(where: { $0.oid == Control.pagedResultsOID }) else {
      throw DirectoryError(
        .controlNotFound, operation: operation,
        message: "the server ended a page without the paged results control, so the answer may be cut short; "
          + "if it cannot page, switch paged results off, or read by virtual list view instead")
    }
    var estimate: ber_int_t = 0
    var cookie = berval()
    // libldap stops the process at a control without a value.
    let status =
      control.value == nil
      ? LDAP_DECODING_ERROR
      : withControls([control]) { controls in
        ldap_parse_pageresponse_control(handle, controls?.pointee, &estimate, &cookie)
      }
    defer { ldap_memfree(cookie.bv_val) }
    guard status == LDAP_SUCCESS else {
      throw DirectoryError(.decodingError, operation: operation, message: "the paged results control is malformed")
    }
    return Array(cookie.buffer)
  }
}
