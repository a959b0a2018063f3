extension AttributeDocument {
  /// What changed from `old` to this document, as `{"cn":{"old":[…],"new":[…]}}`; an absent attribute is `[]`.
  ///
  /// Both documents are walked once, side by side: their attributes lie in the same order.
  package func difference(from old: AttributeDocument) -> [UInt8] {
    var content: [UInt8] = [0x7B]
    var before = old.slices()[...]
    var after = slices()[...]
    while let order = Self.order(before.first, after.first) {
      let oldSlice = order == .newComesFirst ? nil : before.popFirst()
      let newSlice = order == .oldComesFirst ? nil : after.popFirst()
      if oldSlice?.values != newSlice?.values { Self.append(oldSlice, newSlice, to: &content) }
    }
    content.append(0x7D)
    return content
  }

  /// The values of `objectClass` as a JSON array; `[]` when the document has none.
  package var objectClasses: [UInt8] {
    let name = Array("\"objectclass\"".utf8)
    let slice = slices().first { $0.name.elementsEqual(name, by: { Self.folded($0) == $1 }) }
    return slice.map { Array($0.values) } ?? [0x5B, 0x5D]
  }

  /// Whether the attribute has a value here, and the object is of the class, if one is given.
  package func holds(_ attribute: AttributeDescription, objectClass: String?) -> Bool {
    guard let values = values(attribute), values.count > 2 else { return false }
    guard let objectClass = objectClass?.lowercased() else { return true }
    return strings("objectClass").contains { $0.lowercased() == objectClass }
  }

  private enum Order {
    case oldComesFirst
    case newComesFirst
    case same
  }

  private static func order(_ old: Slice?, _ new: Slice?) -> Order? {
    guard let old else { return new == nil ? nil : .newComesFirst }
    guard let new else { return .oldComesFirst }
    for (left, right) in zip(old.name, new.name) where folded(left) != folded(right) {
      return folded(left) < folded(right) ? .oldComesFirst : .newComesFirst
    }
    // Names end with a quote, which no other name goes on with.
    return .same
  }

  private static func append(_ old: Slice?, _ new: Slice?, to content: inout [UInt8]) {
    guard let name = new?.name ?? old?.name else { return }
    if content.count > 1 { content.append(0x2C) }
    content += name
    content += #":{"old":"#.utf8
    content += old?.values ?? [0x5B, 0x5D]
    content += #","new":"#.utf8
    content += new?.values ?? [0x5B, 0x5D]
    content.append(0x7D)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}

extension ConnectorObject {
  /// Whether ID, DN and anchor are the same to the byte, however alike they look: a consumer must hear of every spelling.
  package func isNamed(like other: ConnectorObject) -> Bool {
    dn.hasBytes(of: other.dn) && anchor.hasBytes(of: other.anchor) && id.hasBytes(of: other.id)
  }
}

extension String {
  /// Whether both are the same bytes; `==` takes canonically equivalent texts for equal.
  package func hasBytes(of other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
