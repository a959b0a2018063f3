/// A JSON value (RFC 8259): members in their order, strings as UTF-8, numbers as they are spelled.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number([UInt8])
  case string([UInt8])
  case array([JSONValue])
  case object([Member])

  struct Member: Sendable {
    var name: String
    var value: JSONValue
  }

  /// What it is, in words.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A line is no JSON.
struct JSONFault: Error {
  /// Where reading stopped, in bytes from the start of the line.
  var offset: Int
  /// What is wrong there; holds nothing of the line.
  var reason: String
}
