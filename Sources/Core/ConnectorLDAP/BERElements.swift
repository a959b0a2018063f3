import CLDAP

/// BER by lber, for what libldap has no function for.
enum BERElements {
  /// A SEQUENCE OF OCTET STRING; nil when memory is short.
  static func sequence(_ strings: [String]) -> [UInt8]? {
    guard let ber = ber_alloc_t(LBER_USE_DER) else { return nil }
    defer { ber_free(ber, 1) }
    guard ber_start_seq(ber, LBER_SEQUENCE) >= 0 else { return nil }
    for string in strings {
      let status = withBerval(Array(string.utf8)) { ber_put_berval(ber, $0, LBER_OCTETSTRING) }
      guard status >= 0 else { return nil }
    }
    var value = berval()
    guard ber_put_seq(ber) >= 0, ber_flatten2(ber, &value, 1) >= 0 else { return nil }
    defer { ber_memfree(value.bv_val) }
    return Array(value.buffer)
  }

  /// The elements that bytes consist of, to the last byte; nil when they are malformed.
  static func read(_ bytes: [UInt8]) -> [(tag: ber_tag_t, content: [UInt8])]? {
    guard let ber = withBerval(bytes, { ber_init($0) }) else { return nil }
    defer { ber_free(ber, 1) }
    var elements: [(ber_tag_t, [UInt8])] = []
    while remaining(in: ber) > 0 {
      var content = berval()
      let tag = ber_skip_element(ber, &content)
      // LBER_DEFAULT, which the importer cannot take.
      guard tag != ber_tag_t.max else { return nil }
      elements.append((tag, Array(content.buffer)))
    }
    return elements
  }

  private static func remaining(in ber: OpaquePointer) -> ber_len_t {
    var count: ber_len_t = 0
    return ber_get_option(UnsafeMutableRawPointer(ber), LBER_OPT_BER_REMAINING_BYTES, &count) == LBER_OPT_SUCCESS
      ? count : 0
  }
}
