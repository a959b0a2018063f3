internal import Foundation

/// String preparation for matching (RFC 4518), as directories do it rather than to the letter.
///
/// Case is folded by lower-casing, not by the expansions of RFC 3454 Table B.2, and no character is mapped to nothing:
/// servers keep `Weiß` and `Weiss` apart as two entries, and a key that merges two entries does more harm than one
/// that splits the spellings of one.
enum StringPreparation {
  /// NFKC, one space for every run of them and none outside, lower case where asked. Bytes that are no UTF-8 are
  /// taken as they are but for ASCII.
  static func prepare(_ value: [UInt8], foldsCase: Bool) -> [UInt8] {
    if value.allSatisfy({ $0 < 0x80 }) { return ascii(value, foldsCase: foldsCase) }
    guard let text = String(validating: value, as: UTF8.self) else { return ascii(value, foldsCase: foldsCase) }
    return ascii(normalized(text, foldsCase: foldsCase).utf8, foldsCase: foldsCase)
  }

  private static func ascii(_ value: some Collection<UInt8>, foldsCase: Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(value.count)
    var hasSpace = false
    for byte in value {
      if byte == 0x20 {
        hasSpace = !out.isEmpty
        continue
      }
      if hasSpace { out.append(0x20) }
      hasSpace = false
      out.append(foldsCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
    }
    return out
  }

  private static func normalized(_ text: String, foldsCase: Bool) -> String {
    guard !text.unicodeScalars.allSatisfy(isSettled) else { return foldsCase ? lowercased(text) : text }
    let compatible = text.precomposedStringWithCompatibilityMapping
    // Lower-casing can take a string out of NFKC: “İ” becomes an “i” with a combining dot.
    return foldsCase ? lowercased(compatible).precomposedStringWithCompatibilityMapping : compatible
  }

  /// Character by character, so that a final sigma is like any other.
  private static func lowercased(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        out.unicodeScalars.append(scalar)
      } else {
        out += scalar.properties.lowercaseMapping
      }
    }
    return out
  }

  /// Whether NFKC leaves the character as it is, in lower case too, and whatever of these stands beside it:
  /// the letters of most DNs, which need no slow normalising.
  static func isSettled(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: true
    case 0x130, 0x132, 0x133, 0x13F, 0x140, 0x149, 0x17F: false
    case 0xC0...0x17E: true
    case 0x400...0x482, 0x48A...0x4FF: true
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
    default: false
    }
  }
}
