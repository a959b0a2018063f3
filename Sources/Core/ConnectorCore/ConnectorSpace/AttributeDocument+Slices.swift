extension AttributeDocument {
  /// One attribute as it lies in the document.
  package struct Slice {
    /// The name as a JSON string, quotes included.
    package var name: ArraySlice<UInt8>
    /// The values as a JSON array, brackets included.
    package var values: ArraySlice<UInt8>

    /// The description as text.
    package var description: String { JSONText.unquote(name) }
  }

  /// The attributes in order, without decoding values; stops at the first byte that is not canonical.
  package func slices() -> [Slice] {
    var slices: [Slice] = []
    var scanner = CanonicalScanner(json)
    guard scanner.take(0x7B) else { return [] }
    while let name = scanner.string(), scanner.take(0x3A), let values = scanner.array() {
      slices.append(Slice(name: name, values: values))
      guard scanner.take(0x2C) else { break }
    }
    return slices
  }

  /// The values of an attribute as JSON array, nil when it is absent; names compare without case.
  package func values(_ name: AttributeDescription) -> ArraySlice<UInt8>? {
    slices().first { AttributeDescription($0.description) == name }?.values
  }

  /// The values of an attribute as text; binary ones come as their base64 text.
  package func strings(_ name: AttributeDescription) -> [String] {
    values(name).map { JSONText.elements($0).map(JSONText.unquote) } ?? []
  }
}

/// Steps through canonical JSON: no white space, arrays of strings and of one-key objects.
private struct CanonicalScanner {
  private let json: [UInt8]
  private var position = 0

  init(_ json: [UInt8]) { self.json = json }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < json.count, json[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func string() -> ArraySlice<UInt8>? {
    let start = position
    guard take(0x22) else { return nil }
    while position < json.count, json[position] != 0x22 { position += json[position] == 0x5C ? 2 : 1 }
    guard take(0x22) else { return nil }
    return json[start..<position]
  }

  mutating func array() -> ArraySlice<UInt8>? {
    let start = position
    guard take(0x5B) else { return nil }
    while position < json.count, json[position] != 0x5D {
      if json[position] == 0x22 {
        guard string() != nil else { return nil }
      } else {
        position += 1
      }
    }
    guard take(0x5D) else { return nil }
    return json[start..<position]
  }
}
