import CLDAP
import ConnectorCore
import Glibc

/// Lends strings as a NULL-terminated array of C strings; nil as no array.
func withCStrings<R>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) throws -> R
) rethrows -> R {
  guard !strings.isEmpty else { return try body(nil) }
  var pointers = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return try pointers.withUnsafeMutableBufferPointer { try body($0.baseAddress) }
}

/// Lends bytes as a berval.
func withBerval<R>(_ bytes: [UInt8], _ body: (UnsafeMutablePointer<berval>) throws -> R) rethrows -> R {
  var storage = bytes + [0]
  return try storage.withUnsafeMutableBytes { raw in
    var value = berval(bv_len: ber_len_t(bytes.count), bv_val: raw.bindMemory(to: CChar.self).baseAddress)
    return try body(&value)
  }
}

/// Lends controls as libldap wants them: a NULL-terminated array of pointers.
func withControls<R>(
  _ controls: [Control], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?) throws -> R
) rethrows -> R {
  guard let first = controls.first else { return try body(nil) }
  var pointers: [UnsafeMutablePointer<LDAPControl>?] = []
  return try nest(first, controls.dropFirst(), &pointers, body)
}

private func nest<R>(
  _ control: Control, _ others: ArraySlice<Control>, _ pointers: inout [UnsafeMutablePointer<LDAPControl>?],
  _ body: (UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?) throws -> R
) rethrows -> R {
  try control.oid.withCString { oid in
    try withBerval(control.value ?? []) { value in
      let absent = berval(bv_len: 0, bv_val: nil)
      var copy = LDAPControl(
        ldctl_oid: UnsafeMutablePointer(mutating: oid), ldctl_value: control.value == nil ? absent : value.pointee,
        ldctl_iscritical: control.isCritical ? 1 : 0)
      return try withUnsafeMutablePointer(to: &copy) { pointer in
        pointers.append(pointer)
        if let next = others.first { return try nest(next, others.dropFirst(), &pointers, body) }
        pointers.append(nil)
        return try pointers.withUnsafeMutableBufferPointer { try body($0.baseAddress) }
      }
    }
  }
}

extension berval {
  /// The bytes where they lie; valid as long as the message is.
  var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: bv_val, count: bv_val == nil ? 0 : Int(bv_len)).assumingMemoryBound(to: UInt8.self)
  }
}

/// Copies an array of C strings and frees it.
func takeStrings(_ array: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
  guard let array else { return [] }
  var strings: [String] = []
  while let string = array[strings.count] { strings.append(String(cString: string)) }
  for index in strings.indices { ldap_memfree(array[index]) }
  ldap_memfree(array)
  return strings
}
