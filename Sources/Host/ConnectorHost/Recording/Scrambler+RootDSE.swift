import ConnectorCore

extension Scrambler {
  /// The root DSE: what tells of the product stays, DNs are scrambled level by level, names of hosts as text.
  func rootDSE(_ entry: Entry) -> Entry {
    let attributes = entry.attributes.map { name, values in
      (name, values.map { rootDSEValue($0, of: name) })
    }
    return Entry(dn: "", attributes: attributes)
  }

  private func rootDSEValue(_ value: [UInt8], of attribute: AttributeDescription) -> [UInt8] {
    guard let text = String(validating: value, as: UTF8.self) else { return substitutes.octets(value) }
    if !isName(text), TechnicalNames.isTechnical(rootDSE: attribute.type) || Self.isTechnical(text) {
      keep(text)
      return value
    }
    let made = isName(text) ? name(text) : self.text(text)
    if made == text { keep(text) } else { forbid(text, as: attribute.type) }
    return Array(made.utf8)
  }

  /// OIDs, numbers, times, booleans, and what has no letters at all.
  private static func isTechnical(_ text: String) -> Bool {
    if ["true", "false", "on", "off"].contains(text.lowercased()) || GeneralizedTime(text) != nil { return true }
    return text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x2D || $0 == 0 }
  }
}

extension Scrambler {
  /// The subschema entry: definitions stay but for descriptions that repeat a value of the directory.
  func schema(_ entry: Entry, _ check: LeakCheck) -> Entry {
    let attributes = entry.attributes.map { name, values in
      (name, values.map { definition($0, check) })
    }
    return Entry(dn: name(entry.dn), attributes: attributes)
  }

  private func definition(_ value: [UInt8], _ check: LeakCheck) -> [UInt8] {
    guard let text = String(validating: value, as: UTF8.self) else { return value }
    var result = ""
    var position = text.startIndex
    for free in DefinitionText.freeTexts(of: text) {
      result += text[position..<free.startIndex]
      result += check.leaks(in: String(free)).isEmpty ? String(free) : self.text(String(free))
      position = free.endIndex
    }
    return Array((result + text[position...]).utf8)
  }
}
