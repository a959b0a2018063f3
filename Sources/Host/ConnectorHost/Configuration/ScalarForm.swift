import ConnectorCore
import Yams

/// How one scalar of the file becomes a value, and how a value is written.
struct ScalarForm<Value: Sendable>: Sendable {
  /// What the scalar looks like, in words that follow "expected".
  let expected: String
  /// Whether messages keep the value found to themselves: some keys are mistaken for the place of a password.
  var isHidden = false
  /// Whether the text stands without quotes: a number, `true` or `false`.
  var isLiteral = false
  /// The value as text, without quotes.
  let write: @Sendable (Value) -> String
  /// The value of a scalar.
  let read: @Sendable (Node.Scalar) throws(Misfit) -> Value

  /// The value as YAML.
  func yaml(_ value: Value) -> String {
    isLiteral ? write(value) : YAMLText.scalar(write(value))
  }
}

/// A scalar does not have the expected form; the reason says more than the form itself, where there is more to say.
struct Misfit: Error {
  var reason: String?
}

extension ScalarForm {
  /// The form, or a word that stands for nothing in particular.
  static func either<Wrapped>(_ word: String, or form: ScalarForm<Wrapped>) -> ScalarForm where Value == Wrapped? {
    let expected = "`\(word)` or \(form.expected)"
    return ScalarForm(expected: expected, isHidden: form.isHidden, isLiteral: form.isLiteral) { value in
      value.map(form.write) ?? word
    } read: { (scalar) throws(Misfit) in
      scalar.string == word ? nil : try form.read(scalar)
    }
  }
}

extension ScalarForm<String> {
  /// Text of any kind, but not none.
  static func text(_ expected: String) -> ScalarForm {
    matching(expected) { !$0.isEmpty }
  }

  /// Text that passes a test.
  static func matching(_ expected: String, isHidden: Bool = false, _ test: @escaping @Sendable (String) -> Bool) -> Self
  {
    ScalarForm(expected: expected, isHidden: isHidden) {
      $0
    } read: { (scalar) throws(Misfit) in
      guard test(scalar.string) else { throw Misfit() }
      return scalar.string
    }
  }

  /// The name of an environment variable.
  static let environmentVariable = matching("the name of an environment variable", isHidden: true) { text in
    text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
      && text.utf8.allSatisfy { $0 == 0x5F || ASCII.isLetterOrDigit($0) }
  }

  /// A short name or an OID of the schema (RFC 4512 §1.4).
  static let schemaName = matching("a name such as `person` or an OID") { ASCII.isSchemaName($0[...]) }

  /// An attribute description (RFC 4512 §2.5).
  static let attributeDescription = matching("an attribute description such as `mail` or `cn;lang-de`") { text in
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    return parts.enumerated().allSatisfy { $0 == 0 ? ASCII.isSchemaName($1) : ASCII.isOption($1) }
  }

  /// An attribute without options, or the DN.
  static let deltaMethod = matching("a method such as `changelog`, or `none`") { text in
    !text.isEmpty && text.utf8.allSatisfy { ASCII.isLetterOrDigit($0) || $0 == 0x2D }
  }
  static let anchor = matching("`dn` or an attribute such as `entryUUID`") { ASCII.isSchemaName($0[...]) }

  /// An attribute type with at least one option.
  static let aliasedDescription = matching("an attribute with its option, such as `userCertificate;binary`") { text in
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    return parts.count > 1
      && parts.enumerated().allSatisfy { $0 == 0 ? ASCII.isSchemaName($1) : ASCII.isOption($1) }
  }
}

extension ScalarForm<SortKey> {
  /// An attribute description, with an ordering rule behind a colon where there is one.
  static let sortKey = ScalarForm(expected: "a sort key such as `entryUUID` or `cn:2.5.13.3`") {
    $0.description
  } read: { (scalar) throws(Misfit) in
    guard let key = SortKey(text: scalar.string) else { throw Misfit() }
    return key
  }
}

extension ScalarForm<ProvisioningRule> {
  /// The type of an RDN and an object class.
  static let provisioningRule = ScalarForm(expected: "a rule such as `ou=organizationalUnit`") {
    "\($0.type)=\($0.objectClass)"
  } read: { (scalar) throws(Misfit) in
    let parts = scalar.string.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let type = parts.first, let name = parts.last, ASCII.isSchemaName(type),
      ASCII.isSchemaName(name)
    else { throw Misfit() }
    return ProvisioningRule(String(type), String(name))
  }
}

extension ScalarForm<DN> {
  /// A DN (RFC 4514).
  static func dn(_ example: String) -> ScalarForm {
    ScalarForm(expected: "a DN such as \(example)") {
      $0.string
    } read: { (scalar) throws(Misfit) in
      do throws(DNError) {
        return try DN(scalar.string)
      } catch {
        throw Misfit(reason: "at character \(error.position + 1): \(error.expected) expected")
      }
    }
  }
}

extension ScalarForm<Bool> {
  /// `true` or `false`; YAML's other words for them are refused, because half of all readers take them for text.
  static let flag = ScalarForm(expected: "`true` or `false`", isLiteral: true) {
    $0 ? "true" : "false"
  } read: { (scalar) throws(Misfit) in
    switch scalar.string {
    case "true" where scalar.isPlain: true
    case "false" where scalar.isPlain: false
    default: throw Misfit()
    }
  }
}

extension ScalarForm<Int> {
  /// A whole number in decimal digits, within a range.
  static func number(_ range: ClosedRange<Int>) -> ScalarForm {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ScalarForm(expected: expected, isLiteral: true) {
      String($0)
    } read: { (scalar) throws(Misfit) in
      guard scalar.isPlain, scalar.string.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }),
        let number = Int(scalar.string)
      else { throw Misfit() }
      guard range.contains(number) else { throw Misfit() }
      return number
    }
  }
}

extension ScalarForm where Value: RawRepresentable<String> & CaseIterable {
  /// One of the names of an enumeration.
  static var name: ScalarForm {
    let names = Value.allCases.map(\.rawValue)
    let expected = "one of " + names.map { "`\($0)`" }.joined(separator: ", ")
    return ScalarForm(expected: expected) {
      $0.rawValue
    } read: { (scalar) throws(Misfit) in
      guard let value = Value(rawValue: scalar.string) else {
        throw Misfit(reason: NearestName.to(scalar.string, among: names).map { "did you mean `\($0)`?" })
      }
      return value
    }
  }
}

/// Tests on bytes of names.
private enum ASCII {
  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// A descriptor or a numeric OID; `_` is in use though RFC 4512 does not have it.
  static func isSchemaName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
  }

  static func isOption(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D }
  }
}
