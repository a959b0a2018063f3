/// Reads changes from JSON Lines of the change feed's form.
struct ChangeLineReader {
  /// What a change may be, as the feed has it or a person writes it.
  private enum Word: String, CaseIterable {
    case add, update, rename, delete, enable, disable
  }

  private static let words = "add, update, rename, delete, enable or disable"
  private let context: InputContext
  private var edits = ChangeLineEdits()

  init(_ context: InputContext) { self.context = context }

  /// The change of one line; throws what is wrong with it.
  mutating func change(_ line: ArraySlice<UInt8>, number: Int) throws(InputError) -> DesiredChange {
    let members = try LineMembers(line, number: number)
    let word = try word(of: members)
    var change = DesiredChange(line: number, target: try target(of: members, word), kind: .add)
    change.transaction = members.transaction
    switch word {
    case .add: change.edits = try edits.additions(of: members)
    case .update:
      change.kind = .update
      change.edits = try edits.changes(of: members)
    case .rename:
      guard let name = try members.name("dn") else { throw members.error("a rename needs “dn”, the new name") }
      change.kind = .rename(.dn(name))
      change.edits = try edits.changes(of: members)
    case .delete: change.kind = .delete
    case .enable, .disable:
      change.kind = word == .enable ? .enable : .disable
      guard !members.has("attributes") else {
        throw members.error("“\(word.rawValue)” has no attributes; write an update for them in a line of its own")
      }
    }
    var sieve = SecretSieve(context)
    try sieve.sift(&change, password: try members.password())
    return change
  }

  private func word(of members: LineMembers) throws(InputError) -> Word {
    guard let text = try members.name("change") else {
      throw members.error("“change” is missing; it says \(Self.words)")
    }
    guard let word = Word(rawValue: text) else {
      let near = NearestName.to(String(text.prefix(16)), among: Word.allCases.map(\.rawValue))
      let hint = near.map { "; did you mean “\($0)”?" } ?? ""
      throw members.error("“change” must say \(Self.words)\(hint)")
    }
    return word
  }

  /// What names the object: of a rename its old names, which are the present ones where nothing else is said.
  private func target(of members: LineMembers, _ word: Word) throws(InputError) -> DesiredChange.Target {
    let feed = try members.name("feed")
    var target = DesiredChange.Target(dn: try members.name(word == .rename ? "oldDN" : "dn"))
    if feed == nil || feed == context.feed {
      target.id = try members.name("id")
      target.anchor = try members.name("anchor")
      if word == .rename {
        target.id = try members.name("oldId") ?? target.id
        target.anchor = try members.name("oldAnchor") ?? target.anchor
      }
    }
    guard target.dn != nil || word != .add && (target.id != nil || target.anchor != nil) else {
      throw members.error(Self.namelessReason(word, isForeign: feed != nil && feed != context.feed))
    }
    return target
  }

  private static func namelessReason(_ word: Word, isForeign: Bool) -> String {
    let key = word == .rename ? "oldDN" : "dn"
    if word == .add { return "an add needs “dn”" }
    if isForeign { return "the line is of another connector's feed, whose IDs mean nothing here; it needs “\(key)”" }
    return "nothing names the object; write “\(key)”, “id” or “anchor”"
  }
}

/// The members of a line, by name.
struct LineMembers {
  /// What a line may have; the last four are for readers of the feed.
  private static let known = [
    "change", "id", "anchor", "dn", "oldId", "oldAnchor", "oldDN", "attributes", "objectClasses", "password", "feed",
    "sequence", "transaction", "reason",
  ]

  let number: Int
  private let values: [String: JSONValue]

  /// Reads a line; throws for what is no JSON object, and for a member that nobody knows.
  init(_ line: ArraySlice<UInt8>, number: Int) throws(InputError) {
    self.number = number
    let members: [JSONValue.Member]
    do throws(JSONFault) {
      guard case .object(let found) = try JSONReader.read(line) else {
        throw JSONFault(offset: 0, reason: "a change is an object in “{” and “}”")
      }
      members = found
    } catch {
      throw InputError(line: number, reason: "at byte \(error.offset + 1) of the line: \(error.reason)")
    }
    for member in members where !Self.known.contains(member.name) {
      let near = NearestName.to(String(member.name.prefix(32)), among: Self.known).map { "; did you mean “\($0)”?" }
      throw InputError(
        line: number, reason: "nobody knows \(InputNames.shown(member.name)) in a change\(near ?? "")")
    }
    values = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
  }

  subscript(_ name: String) -> JSONValue? { values[name] }

  /// Whether the member is there and not null.
  func has(_ name: String) -> Bool {
    if case .null = values[name] ?? .null { false } else { true }
  }

  /// A text without NUL that names something; nil where there is none.
  func name(_ name: String) throws(InputError) -> String? {
    switch values[name] ?? .null {
    case .null: return nil
    case .string(let bytes) where !bytes.isEmpty && !bytes.contains(0): return String(decoding: bytes, as: UTF8.self)
    case .string: throw error("“\(name)” is empty or holds a NUL")
    case let other: throw error("“\(name)” must be a string, and is \(other.kind)")
    }
  }

  /// Names the transaction of a feed that the line is of; nil for a line of no feed.
  var transaction: String? {
    guard case .string(let feed) = values["feed"], case .number(let number) = values["transaction"] else { return nil }
    return String(decoding: feed + [0x20] + number, as: UTF8.self)
  }

  /// The password of the line itself.
  func password() throws(InputError) -> [UInt8]? {
    switch values["password"] ?? .null {
    case .null: return nil
    case .string(let bytes): return bytes
    case let other: throw error("“password” must be a string, and is \(other.kind)")
    }
  }

  func error(_ reason: String) -> InputError { InputError(line: number, reason: reason) }
}
