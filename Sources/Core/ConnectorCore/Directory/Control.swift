/// A control of a request or a response (RFC 4511 §4.1.11).
public struct Control: Hashable, Sendable {
  /// The control's object identifier, dotted.
  public var oid: String
  /// Whether the server must refuse the operation if it does not know the control.
  public var isCritical: Bool
  /// The control value, BER-encoded as its definition says; nil where it has none.
  public var value: [UInt8]?

  /// Joins the parts.
  public init(_ oid: String, isCritical: Bool = false, value: [UInt8]? = nil) {
    self.oid = oid
    self.isCritical = isCritical
    self.value = value
  }

  /// Simple paged results (RFC 2696).
  public static let pagedResultsOID = "1.2.840.113556.1.4.319"
  /// Treats referral entries as plain entries (RFC 3296).
  public static let manageDsaIT = Control("2.16.840.1.113730.3.4.2", isCritical: false)
  /// A modify request that adds values which are there, or deletes some which are not, succeeds for the rest.
  package static let permissiveModify = Control(WellKnownOIDs.permissiveModify, isCritical: true)
  /// A delete request takes everything below the entry along (draft-armijo-ldap-treedelete).
  package static let treeDelete = Control(WellKnownOIDs.treeDelete, isCritical: true)
}
