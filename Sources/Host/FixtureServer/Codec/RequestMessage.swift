import ConnectorCore

/// One message from a client (RFC 4511 §4.1.1).
struct RequestMessage: Sendable {
  let id: Int
  let operation: Operation
  let controls: [Control]

  /// What the client asks for; names, filters and changes in the types that files use too.
  enum Operation: Sendable {
    /// Binds with a name and a password (RFC 4511 §4.2).
    case bind(version: Int, dn: String, password: [UInt8])
    /// Binds with a SASL mechanism, whose credentials are not read.
    case saslBind(mechanism: String)
    case unbind
    case search(SearchOperation)
    /// Add, delete, modify or modify DN.
    case change(LDIFRecord, LDIFChange)
    case compare(dn: String, attribute: AttributeDescription, value: [UInt8])
    /// Asks that the operation with this message ID be forgotten.
    case abandon(Int)
    case extended(oid: String, value: [UInt8]?)
  }
}

/// A search as a client asks for it (RFC 4511 §4.5.1).
struct SearchOperation: Sendable {
  var base: String
  var scope: SearchRequest.Scope
  var filter: Filter
  var attributes: [String]
  /// The most entries wanted, zero for no limit.
  var sizeLimit: Int
  /// Whether names are wanted without values.
  var typesOnly: Bool
}
