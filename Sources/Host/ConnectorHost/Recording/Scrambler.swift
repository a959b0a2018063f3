import ConnectorCore

/// Replaces what a directory holds by something of the same shape, the same value always by the same.
///
/// Feed it everything with ``reserve(_:)`` first, so that no substitute is a word of the directory.
final class Scrambler {
  let treatments: AttributeTreatments
  let substitutes = Substitutes()
  /// Values that were replaced or dropped, folded, with the attribute that held them: none may appear in a file.
  private(set) var replaced: [String: String] = [:]
  private(set) var replacedOctets: Set<[UInt8]> = []
  /// Values that stay because they are technical, folded: the same text elsewhere is no leak.
  private(set) var kept: Set<String> = []
  /// Attributes of which nothing was written.
  private(set) var dropped: Set<String> = []

  init(_ treatments: AttributeTreatments) { self.treatments = treatments }

  /// Names the words of an entry as ones that no substitute should be.
  func reserve(_ entry: Entry) {
    substitutes.reserve(entry.dn)
    for (_, values) in entry.attributes {
      for case let text? in values.map({ String(validating: $0, as: UTF8.self) }) { substitutes.reserve(text) }
    }
  }

  /// The entry scrambled; attributes that lose all their values are left out.
  func entry(_ entry: Entry) -> Entry {
    var attributes: [(AttributeDescription, [[UInt8]])] = []
    for (name, values) in entry.attributes {
      let scrambled = values.compactMap { value($0, of: name) }
      if !scrambled.isEmpty || values.isEmpty { attributes.append((name, scrambled)) }
    }
    return Entry(dn: self.name(entry.dn), attributes: attributes)
  }

  /// One value scrambled; nil where nothing of it may be written.
  func value(_ value: [UInt8], of attribute: AttributeDescription) -> [UInt8]? {
    let treatment = treatments.treatment(of: attribute)
    let made = scramble(value, treatment)
    switch treatment {
    case .changes, .modification: break  // their parts have been noted
    default: note(value, made, attribute)
    }
    return made
  }

  private func scramble(_ value: [UInt8], _ treatment: AttributeTreatment) -> [UInt8]? {
    switch treatment {
    case .drop: return nil
    case .keep: return value
    case .changes: return changes(value)
    case .modification: return modification(value)
    case .octets: return octets(value)
    case .name, .time, .text:
      guard let text = String(validating: value, as: UTF8.self) else { return substitutes.octets(value) }
      if treatment == .time, let moved = time(text) { return Array(moved.utf8) }
      if let name = nameWithOctets(text) { return Array(name.utf8) }
      return Array((isName(text) ? name(text) : self.text(text)).utf8)
    }
  }

  /// `B:32:hex:dn`, as Active Directory writes a DN with octets; nil for any other text.
  private func nameWithOctets(_ text: String) -> String? {
    let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, parts[0] == "B", parts[1] == "\(parts[2].count)" else { return nil }
    return "B:\(parts[1]):\(self.text(parts[2])):\(name(parts[3]))"
  }

  /// Octets that happen to be text are treated as text: some servers say so of everything.
  private func octets(_ value: [UInt8]) -> [UInt8] {
    guard value.count != 16, let text = String(validating: value, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
    else { return substitutes.octets(value) }
    return Array(self.text(text).utf8)
  }

  /// The time moved, in its own form; nil for other forms than UTC to the second and finer.
  private func time(_ text: String) -> String? {
    guard let time = GeneralizedTime(text), text.hasSuffix("Z") else { return nil }
    let digits = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard digits.first?.count == 14, digits.count <= 2 else { return nil }
    let fraction = digits.count == 2 ? digits[1].count : 0
    return time.adding(seconds: substitutes.timeShift).text(fractionDigits: min(fraction, 9))
  }

  /// Text with its words replaced.
  func text(_ text: String) -> String {
    if TechnicalNames.values.contains(Word.fold(text)) { return text }
    let scalars = Array(text.unicodeScalars)
    var result = ""
    var position = 0
    while position < scalars.count {
      let rest = scalars[position...]
      let length = rest.prefix { Word.contains($0) }.count
      if length == 0 {
        result.unicodeScalars.append(scalars[position])
        position += 1
      } else if let identifier = HexIdentifier(rest) {
        result += identifier.text(of: substitutes.identifier(identifier.bytes))
        position += identifier.length
      } else {
        let taken = keptLength(scalars, position, length)
        result.unicodeScalars.append(contentsOf: rest.prefix(taken))
        if taken < length { result += substitutes.word(rest.prefix(length).dropFirst(taken)) }
        position += length
      }
    }
    return result
  }

  /// How many scalars of a word stay: of `%2C` two, of `cn=` and `ldap://` all, and of the mark of a tombstone.
  private func keptLength(_ scalars: [Unicode.Scalar], _ position: Int, _ length: Int) -> Int {
    let before = position > 0 ? scalars[position - 1] : nil
    let after = scalars[(position + length)...]
    if before == "%" { return min(2, length) }
    let word = String(String.UnicodeScalarView(scalars[position..<position + length]))
    if after.first == "=", treatments.knows(word) { return length }
    if after.starts(with: "://".unicodeScalars) { return length }
    return before == "\n" && word == "DEL" ? length : 0
  }

  private func note(_ value: [UInt8], _ made: [UInt8]?, _ attribute: AttributeDescription) {
    let text = String(validating: value, as: UTF8.self)
    switch made {
    case value: if let text { keep(text) }
    case nil:
      dropped.insert(attribute.type)
      fallthrough
    default:
      if let text { replaced[Word.fold(text)] = attribute.type } else { replacedOctets.insert(value) }
    }
  }

  /// Notes a text that stays because it is technical.
  func keep(_ text: String) { kept.insert(Word.fold(text)) }

  /// Notes a text that must not appear though no attribute holds it, such as the name of the host.
  func forbid(_ text: String, as what: String) { replaced[Word.fold(text)] = what }
}
