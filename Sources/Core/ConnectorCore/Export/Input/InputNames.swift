/// Attribute descriptions of an input, each made once, and checked.
struct InputNames {
  private var known: [String: AttributeDescription] = [:]

  /// The description; throws for text that is none (RFC 4512 §2.5, and the `_` that some servers allow themselves).
  mutating func description(_ name: String, line: Int) throws(InputError) -> AttributeDescription {
    if let description = known[name] { return description }
    guard Self.isDescription(name) else {
      throw InputError(line: line, reason: "an attribute name has letters, digits and “-” only, such as givenName")
    }
    let description = AttributeDescription(name)
    known[name] = description
    return description
  }

  /// Whether the text is a type with options, if any: then it may be shown.
  static func isDescription(_ name: String) -> Bool {
    guard name.utf8.count <= 256 else { return false }
    let parts = name.utf8.split(separator: 0x3B, omittingEmptySubsequences: false)
    return parts.enumerated().allSatisfy { index, part in
      !part.isEmpty && part.allSatisfy { isNameByte($0) || index > 0 && ($0 == 0x3D || $0 == 0x2C) }
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  /// A name in quotation marks; one that is no attribute name is not repeated, for it may be a value.
  static func shown(_ name: String) -> String {
    isDescription(name) && name.utf8.count <= 64 ? "“\(name)”" : "a name"
  }
}
