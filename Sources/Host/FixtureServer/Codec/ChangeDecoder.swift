import ConnectorCore
import SwiftASN1

/// The operations that write, read into the records that LDIF files use (RFC 4511 §4.6 to §4.9).
extension RequestMessage.Operation {
  static func change(_ node: ASN1Node) throws -> Self {
    switch node.identifier.tagNumber {
    case 6: try modify(node)
    case 8: try add(node)
    case 10: .change(LDIFRecord(dn: try node.text(.application(10), "entry"), change: .delete), .delete)
    default: try rename(node)
    }
  }

  private static func modify(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(6)) { parts in
      let dn = try parts.text("entry")
      let change = LDIFChange.modify(try parts.required("changes").parts(.sequence, modification))
      return .change(LDIFRecord(dn: dn, change: change), change)
    }
  }

  private static func modification(_ node: ASN1Node) throws -> LDIFModification {
    try BER.sequence(node, identifier: .sequence) { parts in
      let operation = try operation(try parts.integer("modification", .enumerated))
      let (attribute, values) = try attribute(try parts.required("attribute"))
      return LDIFModification(operation, attribute, values)
    }
  }

  private static func operation(_ number: Int) throws -> LDIFModification.Operation {
    switch number {
    case 0: .add
    case 1: .delete
    case 2: .replace
    case 3: .increment
    default: throw MalformedMessage("no modification has the number \(number)")
    }
  }

  private static func add(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(8)) { parts in
      let dn = try parts.text("entry")
      let attributes = try parts.required("attributes").parts(.sequence, attribute)
      let pairs = attributes.flatMap { name, values in values.map { (name, $0) } }
      return .change(LDIFRecord(dn: dn, attributes: pairs, change: .add), .add)
    }
  }

  private static func attribute(_ node: ASN1Node) throws -> (AttributeDescription, [[UInt8]]) {
    try BER.sequence(node, identifier: .sequence) { parts in
      let name = AttributeDescription(try parts.text("attribute"))
      return (name, try parts.required("values").parts(.set) { try $0.octets(.octetString) })
    }
  }

  private static func rename(_ node: ASN1Node) throws -> Self {
    try BER.sequence(node, identifier: .application(12)) { parts in
      let dn = try parts.text("entry")
      let change = LDIFChange.rename(
        newRDN: try parts.text("new RDN"), deleteOldRDN: try parts.boolean("deleteoldrdn"),
        newSuperior: try parts.optional(.context(0))?.text(.context(0), "new superior"))
      return .change(LDIFRecord(dn: dn, change: change), change)
    }
  }
}
