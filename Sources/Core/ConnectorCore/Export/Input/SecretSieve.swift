/// Takes passwords out of a change's edits, and refuses other secrets.
struct SecretSieve {
  private static let alias = "userpassword"
  private let passwordType: String
  private let secretTypes: Set<String>
  private var candidates: [[UInt8]] = []
  /// Whether values of the password go, which nobody can tell by what they look like.
  private var removesSome = false
  private var removal: AttributeEdit?

  init(_ context: InputContext) {
    passwordType = context.passwordAttribute.type.lowercased()
    secretTypes = Set(context.secretAttributes.map { $0.type.lowercased() })
  }

  /// Leaves a change without secrets in its edits; throws for more than one password, and for secrets of other kinds.
  mutating func sift(_ change: inout DesiredChange, password: [UInt8]? = nil) throws(InputError) {
    candidates = password.map { [$0] } ?? []
    var edits: [AttributeEdit] = []
    for edit in change.edits {
      let key = edit.attribute.key
      let type = key.utf8.contains(0x3B) ? edit.attribute.type.lowercased() : key
      if type == passwordType || type == Self.alias {
        takePassword(edit)
      } else if secretTypes.contains(type) {
        edits.append(try Self.withoutSecrets(edit, line: change.line))
      } else {
        edits.append(edit)
      }
    }
    change.password = try desiredPassword(of: change)
    if change.password == nil, let removal { edits.append(removal) }
    change.edits = edits
  }

  private mutating func takePassword(_ edit: AttributeEdit) {
    switch edit.form {
    case .replace(let values, _):
      candidates += values
      if values.isEmpty { removal = AttributeEdit(edit.attribute, .replace([], expected: nil)) }
    case .change(let add, let remove):
      candidates += add
      removesSome = removesSome || !remove.isEmpty
    }
  }

  private func desiredPassword(of change: DesiredChange) throws(InputError) -> DesiredPassword? {
    let error = { (reason: String) in InputError(line: change.line, reason: reason) }
    guard let value = candidates.first else {
      guard !removesSome else { throw error("a password is not removed by its value; write the new one alone") }
      return nil
    }
    guard candidates.count == 1 else { throw error("there are \(candidates.count) passwords, and only one can be set") }
    switch change.kind {
    case .add, .update, .rename: break
    case .delete, .enable, .disable:
      throw error("this change sets no password; write an update with it in a line of its own")
    }
    let bytes = Self.unquoted(value)
    guard !bytes.isEmpty else { throw error("the password is empty") }
    return DesiredPassword(line: change.line, secret: Secret(bytes), isHashed: Self.hasScheme(bytes))
  }

  private static func withoutSecrets(_ edit: AttributeEdit, line: Int) throws(InputError) -> AttributeEdit {
    switch edit.form {
    case .replace([], _): return AttributeEdit(edit.attribute, .replace([], expected: nil))
    case .change([], []): return edit
    default:
      throw InputError(
        line: line, reason: "\(edit.attribute) holds secrets, which an export does not carry; take it out of the change"
      )
    }
  }

  /// A password in double quotes and UTF-16, low byte first, as some servers want it, in UTF-8; others as they are.
  private static func unquoted(_ value: [UInt8]) -> [UInt8] {
    let quote: [UInt8] = [0x22, 0]
    guard value.count >= 4, value.count % 2 == 0, value.starts(with: quote), value.suffix(2).elementsEqual(quote)
    else { return value }
    let inner = value.dropFirst(2).dropLast(2)
    let units = stride(from: inner.startIndex, to: inner.endIndex, by: 2).map {
      UInt16(inner[$0]) | UInt16(inner[$0 + 1]) << 8
    }
    return String(validating: units, as: UTF16.self).map { Array($0.utf8) } ?? value
  }

  /// Whether it is a hash with its scheme: `{SSHA}…` (RFC 2307 §5.3).
  private static func hasScheme(_ value: [UInt8]) -> Bool {
    guard value.first == 0x7B, let end = value.firstIndex(of: 0x7D), end > 1, end + 1 < value.count else {
      return false
    }
    return value[1..<end].allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
      default: false
      }
    }
  }
}
