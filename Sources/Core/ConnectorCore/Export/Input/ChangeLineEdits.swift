/// Reads what a line says of attributes.
struct ChangeLineEdits {
  private var names = InputNames()

  /// The attributes of an entry to add: each name with its values. The classes stand among them, or on their own.
  mutating func additions(of members: LineMembers) throws(InputError) -> [AttributeEdit] {
    var edits: [AttributeEdit] = []
    for (attribute, value) in try attributes(of: members) {
      if case .object(let parts) = value, !Self.isBinary(parts) {
        throw members.error("in an add, \(attribute) has a list of values, without “old”, “new”, “add” or “remove”")
      }
      let values = try Self.values(value, attribute, members)
      if !values.isEmpty { edits.append(AttributeEdit(attribute, .replace(values, expected: nil))) }
    }
    if !edits.contains(where: { $0.attribute == Self.objectClass }), let classes = members["objectClasses"] {
      let values = try Self.values(classes, "objectClasses", members)
      if !values.isEmpty { edits.append(AttributeEdit(Self.objectClass, .replace(values, expected: nil))) }
    }
    return edits
  }

  /// What an update or a rename does with attributes.
  mutating func changes(of members: LineMembers) throws(InputError) -> [AttributeEdit] {
    var edits: [AttributeEdit] = []
    for (attribute, value) in try attributes(of: members) {
      edits.append(AttributeEdit(attribute, try Self.form(value, attribute, members)))
    }
    return edits
  }

  private static let objectClass: AttributeDescription = "objectClass"

  private mutating func attributes(
    of members: LineMembers
  ) throws(InputError) -> [(AttributeDescription, JSONValue)] {
    let found: [JSONValue.Member]
    switch members["attributes"] ?? .null {
    case .null: return []
    case .object(let object): found = object
    case let other: throw members.error("“attributes” must be an object of names and values, and is \(other.kind)")
    }
    var seen: Set<String> = []
    var attributes: [(AttributeDescription, JSONValue)] = []
    for member in found {
      let attribute = try names.description(member.name, line: members.number)
      guard seen.insert(attribute.key).inserted else {
        throw members.error("\(attribute) stands twice among the attributes; join the two")
      }
      attributes.append((attribute, member.value))
    }
    return attributes
  }

  private static func form(
    _ value: JSONValue, _ attribute: AttributeDescription, _ members: LineMembers
  ) throws(InputError) -> AttributeEdit.Form {
    guard case .object(let parts) = value, !isBinary(parts) else {
      return .replace(try values(value, attribute, members), expected: nil)
    }
    var lists: [String: [[UInt8]]] = [:]
    for part in parts {
      guard ["old", "new", "add", "remove"].contains(part.name) else {
        let near = NearestName.to(String(part.name.prefix(16)), among: ["old", "new", "add", "remove"])
        let hint = near.map { "; did you mean “\($0)”?" } ?? ""
        throw members.error("\(attribute) has “new” and “old”, or “add” and “remove”, and nothing else\(hint)")
      }
      lists[part.name] = try values(part.value, attribute, members)
    }
    if let new = lists["new"], lists["add"] == nil, lists["remove"] == nil {
      return .replace(new, expected: lists["old"])
    }
    guard lists["old"] == nil, lists["new"] == nil, !lists.isEmpty else {
      throw members.error("\(attribute) needs “new” (with “old” or without), or “add” or “remove” without these")
    }
    return .change(add: lists["add"] ?? [], remove: lists["remove"] ?? [])
  }

  private static func isBinary(_ parts: [JSONValue.Member]) -> Bool { parts.first?.name == "base64" }

  /// The values of a list, or the one value that stands there without a list.
  private static func values(
    _ value: JSONValue, _ attribute: AttributeDescription, _ members: LineMembers
  ) throws(InputError) -> [[UInt8]] {
    guard case .array(let elements) = value else {
      return try single(value, attribute, members).map { [$0] } ?? []
    }
    var values: [[UInt8]] = []
    for element in elements {
      guard let value = try single(element, attribute, members) else { continue }
      values.append(value)
    }
    return values
  }

  /// One value; nil for null.
  private static func single(
    _ value: JSONValue, _ attribute: AttributeDescription, _ members: LineMembers
  ) throws(InputError) -> [UInt8]? {
    switch value {
    case .null: return nil
    case .string(let bytes), .number(let bytes): return bytes
    case .bool(let isTrue): return Array((isTrue ? "TRUE" : "FALSE").utf8)
    case .object(let parts) where isBinary(parts):
      guard parts.count == 1, case .string(let text)? = parts.first?.value, let bytes = LDIFBase64.decode(text) else {
        throw members.error("\(attribute) has {\"base64\": …} with something in it that is no base64 (RFC 4648 §4)")
      }
      return bytes
    case .array, .object:
      throw members.error("a value of \(attribute) is a string or {\"base64\": …}, and here it is \(value.kind)")
    }
  }
}
