import ConnectorCore

/// Looks for values of the directory in what was written of it.
///
/// A value counts as found where all of it stands between word boundaries, whatever the letter case. Values shorter than
/// four characters are not looked for, nor those of which every word of three characters stands for another word, or
/// names something in the schema: finding them would prove nothing.
struct LeakCheck {
  /// How sure a find must be.
  enum Care {
    /// Any value counts: the text was scrambled.
    case scrambled
    /// Numbers do not count: the text is technical, and full of OIDs and times.
    case technical
  }

  private struct Value {
    let scalars: [Unicode.Scalar]
    let attribute: String
    /// Whether it has a word of letters alone.
    let hasLetters: Bool
    let words: [String]
  }

  private var values: [String: [Value]] = [:]
  private let octets: Set<[UInt8]>
  private let treatments: AttributeTreatments

  /// Takes what was replaced; the scrambler must have scrambled everything by now.
  init(_ scrambler: Scrambler, _ schema: Schema) {
    octets = scrambler.replacedOctets.filter { $0.count >= 4 }
    treatments = scrambler.treatments
    let taken = scrambler.substitutes.taken
    for (text, attribute) in scrambler.replaced where text.unicodeScalars.count >= 4 && !scrambler.kept.contains(text) {
      let words = Word.words(of: text)
      let telling = words.filter { $0.unicodeScalars.count >= 3 && !taken.contains($0) }
      guard !telling.isEmpty, let first = words.first else { continue }
      if words == [text], schema.defines(text) || Self.operations.contains(text) { continue }
      let scalars = Array(text.unicodeScalars.drop { !Word.contains($0) })
      let hasLetters = telling.contains { !$0.unicodeScalars.contains { Word.isASCIIDigit($0) } }
      values[first, default: []].append(
        Value(scalars: scalars, attribute: attribute, hasLetters: hasLetters, words: words))
    }
  }

  /// What log records say of every change.
  private static let operations: Set<String> = ["delete", "replace", "increment", "modify", "modrdn"]

  /// The attributes whose values stand in an LDIF file, each with where it was found.
  /// - Throws: `LDIFError` where the file is none.
  func leaks(inLDIF text: String, isTechnical: Bool = false) throws(LDIFError) -> [String] {
    var found: [String] = []
    var reader = LDIFReader(Array(text.utf8))
    while let record = try reader.next() {
      found += leaks(in: record.dn, isTechnical ? .technical : .scrambled).map { "\($0) in a DN" }
      for (attribute, value) in record.attributes {
        found += leaks(in: value, of: attribute, isTechnical).map { "\($0) in \(attribute)" }
      }
    }
    return found
  }

  private func leaks(in value: [UInt8], of attribute: AttributeDescription, _ isTechnical: Bool) -> [String] {
    if octets.contains(value) { return ["octets"] }
    guard let text = String(validating: value, as: UTF8.self) else { return [] }
    let treatment = treatments.treatment(of: attribute)
    let care: Care = isTechnical || treatment == .keep ? .technical : .scrambled
    if treatment == .keep, text.first == "(" {
      return DefinitionText.freeTexts(of: text).flatMap { leaks(in: String($0), .technical) }
    }
    let inner = treatment == .changes ? LDIFLinesOfChange.decoded(text) : []
    return ([text] + inner).flatMap { leaks(in: $0, care) }
  }

  /// The attributes whose values stand in a text.
  /// - Parameter known: folded words that are ours, so that a value made of them alone proves nothing.
  func leaks(in text: String, _ care: Care = .technical, known: Set<String> = []) -> [String] {
    let scalars = text.unicodeScalars.map { Word.fold($0) }
    var found: [String] = []
    var position = 0
    while position < scalars.count {
      let rest = scalars[position...]
      let word = rest.prefix { Word.contains($0) }
      // Digits within a UUID are chance; the whole of one is not.
      let whole = word.isEmpty ? 0 : HexIdentifier(rest)?.length ?? 0
      for value in values[String(String.UnicodeScalarView(word))] ?? [] where stands(value, in: rest) {
        if value.scalars.count < whole { continue }
        if care == .technical, !value.hasLetters { continue }
        if !known.isEmpty, value.words.allSatisfy({ known.contains($0) }) { continue }
        found.append(value.attribute)
      }
      position += max(word.count, whole, 1)
    }
    return found
  }

  private func stands(_ value: Value, in text: ArraySlice<Unicode.Scalar>) -> Bool {
    guard text.starts(with: value.scalars) else { return false }
    guard let last = value.scalars.last, Word.contains(last) else { return true }
    return !text.dropFirst(value.scalars.count).prefix(1).contains { Word.contains($0) }
  }
}

/// The encoded values within the text of a change.
private enum LDIFLinesOfChange {
  static func decoded(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.contains("::") }.compactMap { line in
      var reader = LDIFReader(Array("dn:\n\(line)\n".utf8))
      return (try? reader.next())?.attributes.first.map { String(decoding: $0.1, as: UTF8.self) }
    }
  }
}
