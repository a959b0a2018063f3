import ConnectorCore
import SwiftASN1

extension RequestMessage {
  /// Reads one message in BER (RFC 4511 §5.1).
  ///
  /// Throws `MalformedMessage` or SwiftASN1's `ASN1Error`; bytes never trap.
  init(decoding bytes: [UInt8]) throws {
    self = try BER.sequence(try BER.parse(bytes), identifier: .sequence) { parts in
      let id = try parts.integer("message ID")
      guard id > 0 else { throw MalformedMessage("a client's message ID is greater than zero, not \(id)") }
      let operation = try parts.required("operation")
      let controls = try parts.optional(.context(0))?.parts(.context(0)) { try Control(decoding: $0) } ?? []
      return RequestMessage(id: id, operation: try Operation(decoding: operation), controls: controls)
    }
  }
}

extension Control {
  fileprivate init(decoding node: ASN1Node) throws {
    self = try BER.sequence(node, identifier: .sequence) { parts in
      Control(
        try parts.text("control type"),
        isCritical: try parts.optional(.boolean).map { try Bool(berEncoded: $0) } ?? false,
        value: try parts.optional(.octetString)?.octets(.octetString))
    }
  }
}

extension RequestMessage.Operation {
  fileprivate init(decoding node: ASN1Node) throws {
    guard node.identifier.tagClass == .application else {
      throw MalformedMessage("no operation has a tag of this class")
    }
    switch node.identifier.tagNumber {
    case 0: self = try Self.bind(node)
    case 2: self = .unbind
    case 3: self = .search(try SearchOperation(decoding: node))
    case 6, 8, 10, 12: self = try Self.change(node)
    case 14: self = try Self.compare(node)
    case 16: self = .abandon(try node.integer(.application(16)))
    case 23: self = try Self.extended(node)
    default: throw MalformedMessage("no request has the tag [APPLICATION \(node.identifier.tagNumber)]")
    }
  }

  private static func bind(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(0)) { parts in
      let version = try parts.integer("version")
      let dn = try parts.text("bind name")
      let authentication = try parts.required("authentication")
      switch authentication.identifier {
      case .context(0): return .bind(version: version, dn: dn, password: try authentication.octets(.context(0)))
      case .context(3):
        return try BER.sequence(authentication, identifier: .context(3)) { parts in
          let mechanism = try parts.text("SASL mechanism")
          _ = parts.optional(.octetString)
          return .saslBind(mechanism: mechanism)
        }
      default: throw MalformedMessage("authentication is neither simple nor SASL")
      }
    }
  }

  private static func compare(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(14)) { parts in
      let dn = try parts.text("entry")
      return try BER.sequence(try parts.required("assertion"), identifier: .sequence) { parts in
        .compare(
          dn: dn, attribute: AttributeDescription(try parts.text("attribute")), value: try parts.octets("value"))
      }
    }
  }

  private static func extended(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(23)) { parts in
      .extended(
        oid: try parts.required("request name").text(.context(0), "request name"),
        value: try parts.optional(.context(1))?.octets(.context(1)))
    }
  }
}

extension SearchOperation {
  fileprivate init(decoding node: ASN1Node) throws {
    self = try BER.sequence(node, identifier: .application(3)) { parts in
      let base = try parts.text("base")
      let scope = try Self.scope(try parts.integer("scope", .enumerated))
      _ = try parts.integer("alias dereferencing", .enumerated)
      let sizeLimit = try parts.integer("size limit")
      _ = try parts.integer("time limit")
      let typesOnly = try parts.boolean("typesOnly")
      let filter = try Filter(decoding: try parts.required("filter"))
      let attributes = try parts.required("attributes").parts(.sequence) { try $0.text(.octetString, "attribute") }
      return SearchOperation(
        base: base, scope: scope, filter: filter, attributes: attributes, sizeLimit: max(0, sizeLimit),
        typesOnly: typesOnly)
    }
  }

  private static func scope(_ number: Int) throws -> SearchRequest.Scope {
    switch number {
    case 0: .base
    case 1: .oneLevel
    case 2: .subtree
    default: throw MalformedMessage("no search has the scope \(number)")
    }
  }
}
