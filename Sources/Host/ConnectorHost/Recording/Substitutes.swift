/// The secret of one recording: which word, identifier or octet string stands for which.
///
/// Substitutes are random and remembered, and not computed with a key: who gets the recording has nothing to try names
/// against. The table dies with the recording. Different words have different substitutes, so that DNs stay different.
final class Substitutes {
  private var words: [String: [Unicode.Scalar]] = [:]
  private var octetStrings: [[UInt8]: [UInt8]] = [:]
  private var originals: Set<String> = []
  /// Every word that stands for another one.
  private(set) var taken: Set<String> = []
  private var random = SystemRandomNumberGenerator()
  /// What is added to times that people entered, seconds: whole days, so that their order and distance stay.
  let timeShift = -86_400 * Int64.random(in: 30...3000)

  /// Names the words of a text as ones that no substitute should be: else a check could not tell one from a leak.
  func reserve(_ text: String) {
    originals.formUnion(Word.words(of: text))
  }

  /// The substitute of a word: as many characters, digits for digits, letters for letters of the same script and case.
  func word(_ word: some Sequence<Unicode.Scalar>) -> String {
    let scalars = Array(word)
    let folded = scalars.map { Word.fold($0) }
    let key = Self.string(folded)
    let found = words[key] ?? makeWord(folded, key)
    words[key] = found
    taken.insert(Self.string(found))
    return Self.string(
      zip(scalars, found).map { original, new in
        let isUpper = original != Word.fold(original)
        return isUpper ? Word.single(new.properties.uppercaseMapping) ?? new : new
      })
  }

  /// The substitute of octets: as many, with the head of a certificate, picture or SID kept; 16 are taken as a UUID.
  func octets(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.count == 16 { return identifier(bytes) }
    if let known = octetStrings[bytes] { return known }
    let kept = OctetFrame(bytes)
    let made = bytes.enumerated().map { position, byte in
      kept.contains(position) ? byte : UInt8.random(in: .min ... .max, using: &random)
    }
    octetStrings[bytes] = made
    return made
  }

  /// The substitute of a UUID, whichever of its two byte orders it comes in; version and variant stay.
  func identifier(_ bytes: [UInt8]) -> [UInt8] {
    if let known = octetStrings[bytes] { return known }
    if let known = octetStrings[Self.otherByteOrder(bytes)] { return Self.otherByteOrder(known) }
    let made = bytes.enumerated().map { position, byte in
      let new = UInt8.random(in: .min ... .max, using: &random)
      switch position {
      case 6, 7: return byte & 0xF0 | new & 0x0F
      case 8: return byte & 0xC0 | new & 0x3F
      default: return new
      }
    }
    octetStrings[bytes] = made
    return made
  }

  /// The first three fields of a UUID are numbers, which some servers store with the lowest byte first.
  private static func otherByteOrder(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count == 16 else { return bytes }
    return [3, 2, 1, 0, 5, 4, 7, 6].map { bytes[$0] } + bytes[8...]
  }

  /// Short words run out: the last tries take what else would be avoided, first originals, then the word itself.
  private func makeWord(_ folded: [Unicode.Scalar], _ key: String) -> [Unicode.Scalar] {
    let isNumber = folded.allSatisfy { Word.isASCIIDigit($0) }
    let start = isNumber ? folded.prefix { $0 == "0" }.count : 0
    guard start < folded.count else { return folded }
    for attempt in 0..<20_000 {
      let made = folded.enumerated().map { position, scalar in
        position < start ? scalar : alike(scalar, leads: isNumber && position == start)
      }
      let text = Self.string(made)
      if taken.contains(text) || (attempt < 400 && text == key) { continue }
      if attempt < 200, originals.contains(text) { continue }
      return made
    }
    return folded
  }

  private func alike(_ scalar: Unicode.Scalar, leads: Bool) -> Unicode.Scalar {
    if Word.isASCIIDigit(scalar) {
      return Unicode.Scalar(UInt8.random(in: (leads ? 0x31 : 0x30)...0x39, using: &random))
    }
    if scalar.isASCII { return Unicode.Scalar(UInt8.random(in: 0x61...0x7A, using: &random)) }
    return Self.relatives(of: scalar).randomElement(using: &random) ?? scalar
  }

  /// Scalars near it of the same kind, in lower case like it, with as many bytes of UTF-8.
  private static func relatives(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let kind = scalar.properties.generalCategory
    guard kind == .lowercaseLetter || kind == .otherLetter || kind == .decimalNumber else { return [] }
    let block = scalar.value & ~0x3F
    return (block...(block + 0x3F)).compactMap { Unicode.Scalar($0) }.filter { other in
      guard other.properties.generalCategory == kind else { return false }
      if kind != .lowercaseLetter { return true }
      return Word.single(other.properties.uppercaseMapping).map { Word.fold($0) } == other
    }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

/// The octets of a value that say of which kind it is, and how long.
private struct OctetFrame {
  private let head: Int
  private let tail: Int

  init(_ bytes: [UInt8]) {
    switch bytes {
    case let bytes where bytes.starts(with: [0x30, 0x82]): (head, tail) = (4, bytes.count)
    case let bytes where bytes.starts(with: [0xFF, 0xD8]): (head, tail) = (2, bytes.count - 2)
    case let bytes where bytes.starts(with: [0x01]) && bytes.dropFirst(2).starts(with: [0, 0, 0, 0, 0]):
      (head, tail) = (8, bytes.count)
    default: (head, tail) = (0, bytes.count)
    }
  }

  func contains(_ position: Int) -> Bool { position < head || position >= tail }
}
