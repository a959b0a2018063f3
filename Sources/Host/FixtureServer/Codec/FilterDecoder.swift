import ConnectorCore
import SwiftASN1

extension Filter {
  /// Reads a filter in BER (RFC 4511 §4.5.1.7); SwiftASN1 refuses what is nested deeper than 50 levels.
  init(decoding node: ASN1Node) throws {
    guard node.identifier.tagClass == .contextSpecific else {
      throw MalformedMessage("no filter has a tag of this class")
    }
    switch node.identifier.tagNumber {
    case 0: self = .and(try node.parts(.context(0)) { try Filter(decoding: $0) })
    case 1: self = .or(try node.parts(.context(1)) { try Filter(decoding: $0) })
    case 2: self = .not(try BER.sequence(node, identifier: .context(2)) { try Filter(decoding: $0.required("filter")) })
    case 3: self = try Self.assertion(node) { .equal($0, $1) }
    case 4: self = try Self.substrings(node)
    case 5: self = try Self.assertion(node) { .greaterOrEqual($0, $1) }
    case 6: self = try Self.assertion(node) { .lessOrEqual($0, $1) }
    case 7: self = .present(AttributeDescription(try node.text(.context(7), "attribute")))
    case 8: self = try Self.assertion(node) { .approximate($0, $1) }
    case 9: self = try Self.extensible(node)
    default: throw MalformedMessage("no filter has the tag [\(node.identifier.tagNumber)]")
    }
  }

  private static func assertion(
    _ node: ASN1Node, _ make: (AttributeDescription, [UInt8]) -> Filter
  ) throws -> Filter {
    try BER.sequence(node, identifier: node.identifier) { parts in
      make(AttributeDescription(try parts.text("attribute")), try parts.octets("value"))
    }
  }

  private static func substrings(_ node: ASN1Node) throws -> Filter {
    try BER.sequence(node, identifier: .context(4)) { parts in
      let attribute = AttributeDescription(try parts.text("attribute"))
      var initial: [UInt8]?
      var any: [[UInt8]] = []
      var final: [UInt8]?
      for part in try parts.required("substrings").parts(.sequence, { $0 }) {
        switch part.identifier {
        case .context(0) where initial == nil && any.isEmpty && final == nil: initial = try part.octets(.context(0))
        case .context(1) where final == nil: any.append(try part.octets(.context(1)))
        case .context(2) where final == nil: final = try part.octets(.context(2))
        default: throw MalformedMessage("the parts of a substrings filter are not in order")
        }
      }
      guard initial != nil || !any.isEmpty || final != nil else {
        throw MalformedMessage("a substrings filter has at least one part")
      }
      return .substrings(attribute, initial: initial, any: any, final: final)
    }
  }

  private static func extensible(_ node: ASN1Node) throws -> Filter {
    try BER.sequence(node, identifier: .context(9)) { parts in
      let rule = try parts.optional(.context(1))?.text(.context(1), "matching rule")
      let type = try parts.optional(.context(2))?.text(.context(2), "attribute")
      let value = try parts.required("value").octets(.context(3))
      let isForNames = try parts.optional(.context(4)).map { try Bool(berEncoded: $0, withIdentifier: .context(4)) }
      guard rule != nil || type != nil else {
        throw MalformedMessage("an extensible filter names an attribute or a matching rule")
      }
      return .extensible(
        type: type.map { AttributeDescription($0) }, rule: rule, dnAttributes: isForNames ?? false, value: value)
    }
  }
}
