/// What counts as a word, and how words compare, when a recording is scrambled and checked.
enum Word {
  /// Whether the scalar belongs to a word: letters, digits, and marks on them.
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIIDigit(scalar) || isASCIILetter(scalar) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  static func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  static func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
    (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z")
  }

  /// The scalar in lower case, where that is one scalar; else itself, so that lengths stay.
  static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar >= "A" && scalar <= "Z" ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar }
    return single(scalar.properties.lowercaseMapping) ?? scalar
  }

  /// The text scalar by scalar in lower case.
  static func fold(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { fold($0) }))
  }

  /// The words of a text, folded.
  static func words(of text: String) -> [String] {
    text.unicodeScalars.split { !contains($0) }.map { fold(String($0)) }
  }

  /// The only scalar of a text, nil where there are more.
  static func single(_ text: String) -> Unicode.Scalar? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }
}
