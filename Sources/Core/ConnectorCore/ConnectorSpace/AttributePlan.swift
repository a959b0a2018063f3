/// What the normaliser does with one attribute description; looked up once a description, not once a value.
final class AttributePlan {
  let name: [UInt8]
  /// `"name":`, ready to be written.
  let jsonKey: [UInt8]
  /// What orders attributes in a document.
  let sortKey: String
  /// The description's own domain in content hashes.
  let domain: UInt64
  let isHeld: Bool
  let isBinary: Bool
  let isReference: Bool
  /// Whether its value is the object's ID.
  let isID: Bool

  init(
    name: [UInt8], schema: Schema, isHeld: Bool, isID: Bool, linked: Set<AttributeDescription>, key: ContentHashKey
  ) {
    let description = AttributeDescription(String(decoding: name, as: UTF8.self))
    let type = schema.attributeType(description.type)
    self.name = name
    self.isHeld = isHeld
    self.isID = isID
    jsonKey = JSONText.quote(description.string) + [0x3A]
    sortKey = description.key
    domain = key.hash(description.key, domain: 1).low | 1
    isBinary = type?.isBinary ?? false || description.options.contains { $0.lowercased() == "binary" }
    let isUserAttribute = type.map { !$0.isOperational } ?? true
    isReference =
      (type?.isDNValued ?? false) && (isUserAttribute || linked.contains(AttributeDescription(description.type)))
  }
}

extension AttributePlan {
  /// Whether the bytes are the very name; a loop, because this is asked of every attribute of every entry.
  @inline(__always)
  func isNamed(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    name.withUnsafeBufferPointer { name in
      guard name.count == other.count else { return false }
      for position in 0..<name.count where name[position] != other[position] { return false }
      return true
    }
  }
}

/// Remembers plans by description, and guesses that entries of one kind list their attributes in one order.
struct AttributePlans {
  private var known: [[UInt8]: AttributePlan] = [:]
  private var expected: [AttributePlan] = []
  private let make: ([UInt8]) -> AttributePlan

  init(make: @escaping ([UInt8]) -> AttributePlan) { self.make = make }

  /// The plan of the attribute at a position of an entry.
  @inline(__always)
  mutating func plan(_ name: UnsafeBufferPointer<UInt8>, at position: Int) -> AttributePlan {
    if position < expected.count {
      let guess = expected[position]
      if guess.isNamed(name) { return guess }
    }
    return lookUp(Array(name), at: position)
  }

  private mutating func lookUp(_ name: [UInt8], at position: Int) -> AttributePlan {
    let plan = known[name] ?? make(name)
    known[name] = plan
    if position < expected.count { expected[position] = plan } else { expected.append(plan) }
    return plan
  }
}
