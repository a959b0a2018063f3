/// Writes values as YAML that our own reader takes back unchanged.
enum YAMLText {
  /// A scalar: plain where no reader could take it for something else, in double quotes otherwise.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// A list on one line.
  static func list(_ items: [String]) -> String {
    "[" + items.map { $0.contains(",") ? quoted($0) : scalar($0) }.joined(separator: ", ") + "]"
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
    if ["null", "~", "yes", "no", "on", "off"].contains(text.lowercased()) { return false }
    if Double(text) != nil { return false }
    let isSafe = text.unicodeScalars.allSatisfy { isWordPart($0) || "/=,@+; -".unicodeScalars.contains($0) }
    return isSafe && (isWordPart(first) || first == "/") && last != " " && first != "."
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "."
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case _ where scalar.properties.generalCategory == .control || (0x2028...0x2029).contains(scalar.value):
      "\\u" + hexadecimal(scalar.value)
    default: String(scalar)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
