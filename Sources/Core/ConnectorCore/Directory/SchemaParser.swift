/// A definition taken apart: its OID and what follows each keyword.
struct SchemaDefinition {
  let text: String
  let oid: String
  /// By keyword in upper case; a keyword without values has an empty list.
  let fields: [String: [String]]

  var names: [String] { all("NAME") }
  func all(_ keyword: String) -> [String] { fields[keyword] ?? [] }
  func first(_ keyword: String) -> String? { fields[keyword]?.first }
  func has(_ keyword: String) -> Bool { fields[keyword] != nil }
  var extensions: [String: [String]] { fields.filter { $0.key.hasPrefix("X-") } }
}

/// Reads one schema definition (RFC 4512 §4.1) and puts up with what servers make of the grammar.
///
/// Quotes around OIDs and syntaxes, missing and doubled spaces, names in the place of OIDs, keywords in lower case,
/// lists without parentheses, and extensions of every form pass; what does not is told in `problems`.
struct SchemaParser {
  private let text: String
  private let tokens: [SchemaToken]
  private var position = 0
  private(set) var problems: [String] = []

  init(_ text: String) {
    self.text = text
    var tokenizer = SchemaTokenizer(text)
    tokens = tokenizer.tokens()
    if !tokenizer.isClosed { problems.append("a quotation mark is not closed") }
  }

  /// The definition; nil where there is neither an OID nor a name, or no parenthesis at the start.
  mutating func parse() -> SchemaDefinition? {
    guard take(.open) else { return refuse("it does not start with “(”") }
    let oid = objectIdentifier()
    let fields = fields()
    if take(.close) {
      if position < tokens.count { problems.append("something follows the closing “)”") }
    } else {
      problems.append("the closing “)” is missing")
    }
    guard let oid = oid ?? fields["NAME"]?.first else { return refuse("it has neither OID nor name") }
    return SchemaDefinition(text: text, oid: oid, fields: fields)
  }

  private mutating func refuse(_ reason: String) -> SchemaDefinition? {
    problems.append(reason)
    return nil
  }

  private mutating func objectIdentifier() -> String? {
    guard let oid = peek?.content, !oid.isEmpty else {
      problems.append("the OID is missing")
      return nil
    }
    if case .word = peek, Self.keywords.contains(oid.uppercased()), peek(1) == .open || peek(1)?.isQuoted == true {
      problems.append("the OID is missing")
      return nil
    }
    position += 1
    return oid
  }

  private mutating func fields() -> [String: [String]] {
    var fields: [String: [String]] = [:]
    while let token = peek, token != .close {
      position += 1
      guard case .word(let word) = token else {
        problems.append("a keyword is missing before “\(token.content ?? "(")”")
        if token == .open { _ = list() }
        continue
      }
      let keyword = Self.synonyms[word.uppercased()] ?? word.uppercased()
      let values = values(of: keyword)
      if fields[keyword] == nil {
        fields[keyword] = values
      } else {
        problems.append("\(keyword) is there twice, and the first counts")
      }
    }
    return fields
  }

  private mutating func values(of keyword: String) -> [String] {
    if Self.flags.contains(keyword) { return [] }
    if take(.open) { return list() }
    if !Self.keywords.contains(keyword) { return valuesOfUnknown(keyword) }
    guard let value = peek?.content, !isKeywordInUse(value) else {
      problems.append("\(keyword) has no value")
      return []
    }
    position += 1
    var values = [value]
    while take(.dollar), let next = peek?.content {
      values.append(next)
      position += 1
    }
    return keyword == "SYNTAX" ? [joinedWithLength(value)] : values
  }

  private mutating func valuesOfUnknown(_ keyword: String) -> [String] {
    if !keyword.hasPrefix("X-") { problems.append("the keyword \(keyword) is unknown") }
    var values: [String] = []
    while let token = peek, let value = token.content {
      guard token.isQuoted || !(isKeywordInUse(value) || value.uppercased().hasPrefix("X-")) else { break }
      values.append(value)
      position += 1
    }
    return values
  }

  /// The values up to the closing parenthesis, which is taken too.
  private mutating func list() -> [String] {
    var values: [String] = []
    while let token = peek, token != .close {
      position += 1
      if let value = token.content, !value.isEmpty { values.append(value) }
    }
    _ = take(.close)
    return values
  }

  /// The length of a syntax that stands apart from it: `1.3.6 {64}`.
  private mutating func joinedWithLength(_ syntax: String) -> String {
    guard let length = peek?.content, length.hasPrefix("{") else { return syntax }
    position += 1
    return syntax + length
  }

  /// Whether the word must be the next keyword. In lower case it is a name: there is an attribute `name`.
  private func isKeywordInUse(_ word: String) -> Bool {
    guard case .word = peek else { return false }
    return word != "NAME" && (Self.keywords.contains(word) || Self.flags.contains(word))
  }

  private var peek: SchemaToken? { peek(0) }

  private func peek(_ ahead: Int) -> SchemaToken? {
    position + ahead < tokens.count ? tokens[position + ahead] : nil
  }

  private mutating func take(_ token: SchemaToken) -> Bool {
    guard peek == token else { return false }
    position += 1
    return true
  }

  private static let keywords: Set<String> = [
    "NAME", "DESC", "SUP", "EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "USAGE", "MUST", "MAY", "AUX", "NOT",
  ]
  private static let flags: Set<String> = [
    "OBSOLETE", "SINGLE-VALUE", "COLLECTIVE", "NO-USER-MODIFICATION", "ABSTRACT", "STRUCTURAL", "AUXILIARY",
  ]
  private static let synonyms = ["SUBSTRING": "SUBSTR", "SINGLE-VALUED": "SINGLE-VALUE"]
}
