import ConnectorCore

/// The texts of log records hold attributes and values in forms of their own; each part is treated as its attribute is.
extension Scrambler {
  /// LDIF lines without a DN; a secret's lines go, the line that says what was done with it stays. NUL bytes at the end,
  /// which some servers write, stay.
  func changes(_ value: [UInt8]) -> [UInt8] {
    let zeros = value.reversed().prefix { $0 == 0 }.count
    let lines = value.dropLast(zeros).split(separator: 0x0A, omittingEmptySubsequences: false)
    var unfolded: [[UInt8]] = []
    for line in lines {
      if line.first == 0x20, let last = unfolded.indices.last {
        unfolded[last] += line.dropFirst()
      } else {
        unfolded.append(Array(line))
      }
    }
    let scrambled = unfolded.compactMap { changeLine($0) }
    return Array(scrambled.joined(separator: [0x0A])) + Array(repeating: 0, count: zeros)
  }

  private func changeLine(_ line: [UInt8]) -> [UInt8]? {
    guard let colon = line.firstIndex(of: 0x3A), colon > 0 else { return line }
    let name = String(decoding: line[..<colon], as: UTF8.self)
    var rest = line[(colon + 1)...]
    let isEncoded = rest.first == 0x3A
    if isEncoded { rest = rest.dropFirst() }
    let raw = Array(rest.drop { $0 == 0x20 })
    guard let value = isEncoded ? Self.decoded(raw) : raw else { return nil }
    switch name.lowercased() {
    case "add", "delete", "replace", "increment", "changetype", "deleteoldrdn": return line
    case "dn", "newrdn", "newsuperior": return Self.line(name, Array(self.name(Self.text(value)).utf8), isEncoded)
    default: return self.value(value, of: AttributeDescription(name)).map { Self.line(name, $0, isEncoded) }
    }
  }

  /// `attribute:+ value`, `attribute:= value`, `attribute:-`, `attribute:# n`, `attribute: value`, or a separator `:`.
  ///
  /// Of a secret what was done stays, without the value; a secret of a new or an old entry goes altogether.
  func modification(_ value: [UInt8]) -> [UInt8]? {
    guard let colon = value.firstIndex(of: 0x3A), colon > 0 else { return value }
    var head = colon + 1
    if head < value.count, value[head] != 0x20 { head += 1 }
    let sign = head > colon + 1 ? value[colon + 1] : 0x20
    let attribute = AttributeDescription(Self.text(Array(value[..<colon])))
    guard head < value.count else { return value }
    guard let scrambled = self.value(Array(value[(head + 1)...]), of: attribute) else {
      return sign == 0x2D || sign == 0x3D ? Array(value[..<head]) : nil
    }
    return Array(value[...head]) + scrambled
  }

  private static func line(_ name: String, _ value: [UInt8], _ isEncoded: Bool) -> [UInt8] {
    Array(LDIFWriter.line(name, value, encoded: isEncoded).utf8)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    var reader = LDIFReader(Array("dn:\nx:: ".utf8) + bytes + [0x0A])
    return (try? reader.next())?.attributes.first?.1
  }
}
