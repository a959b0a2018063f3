/// One request to change the directory (RFC 4511 §4.6 to §4.9, RFC 3062).
///
/// Neither print nor dump shows what it writes: there may be passwords among the values.
package struct WriteRequest: Sendable {
  /// What is done to the entry.
  package enum Operation: Sendable {
    /// Adds, modifies, deletes or renames; the attributes are those of an entry to add, each once, else none.
    case change(LDIFChange, attributes: [(AttributeDescription, [[UInt8]])])
    /// Sets the password (RFC 3062); without a new one the server makes one up, or refuses.
    case passwordModify(old: Secret?, new: Secret?)
  }

  /// The entry's DN; of a password the user as the server names users, and empty for the account that is bound.
  package var dn: String
  /// What is done to it.
  package var operation: Operation
  /// The server carries the request out only where the entry matches, else it answers `assertionFailed` (RFC 4528);
  /// one that does not know the control refuses.
  package var assertion: Filter?
  /// The attributes wanted of the entry as it was before the change (RFC 4527 §3.1), all user attributes where the
  /// list is empty; nil asks for nothing. A server that does not know the control leaves it out.
  package var preRead: [String]?
  /// The attributes wanted of the entry as it is after the change (RFC 4527 §3.2), else as ``preRead``.
  package var postRead: [String]?
  /// Further controls.
  package var controls: [Control]

  private init(_ dn: String, _ operation: Operation, _ controls: [Control]) {
    self.dn = dn
    self.operation = operation
    self.controls = controls
  }

  /// Adds an entry (RFC 4511 §4.7); every attribute stands there once, and has a value.
  package static func add(
    _ dn: String, _ attributes: [(AttributeDescription, [[UInt8]])], controls: [Control] = []
  ) -> WriteRequest {
    WriteRequest(dn, .change(.add, attributes: attributes), controls)
  }

  /// Changes attributes in this order, all of them or none (RFC 4511 §4.6).
  package static func modify(
    _ dn: String, _ modifications: [LDIFModification], controls: [Control] = []
  ) -> WriteRequest {
    WriteRequest(dn, .change(.modify(modifications), attributes: []), controls)
  }

  /// Deletes an entry (RFC 4511 §4.8).
  package static func delete(_ dn: String, controls: [Control] = []) -> WriteRequest {
    WriteRequest(dn, .change(.delete, attributes: []), controls)
  }

  /// Gives an entry a new RDN, and a new parent where one is named (RFC 4511 §4.9).
  package static func rename(
    _ dn: String, to newRDN: String, deleteOldRDN: Bool, newSuperior: String? = nil, controls: [Control] = []
  ) -> WriteRequest {
    let change = LDIFChange.rename(newRDN: newRDN, deleteOldRDN: deleteOldRDN, newSuperior: newSuperior)
    return WriteRequest(dn, .change(change, attributes: []), controls)
  }

  /// Sets a user's password (RFC 3062); an empty user is the account that is bound.
  package static func passwordModify(
    _ user: String, old: Secret? = nil, new: Secret?, controls: [Control] = []
  ) -> WriteRequest {
    WriteRequest(user, .passwordModify(old: old, new: new), controls)
  }
}

extension WriteRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What errors call the request, such as `add of cn=Ann,dc=example,dc=com`.
  package var description: String {
    switch operation {
    case .change(.add, _): "add of \(dn)"
    case .change(.modify, _): "modify of \(dn)"
    case .change(.delete, _): "delete of \(dn)"
    case .change(.rename, _): "rename of \(dn)"
    case .passwordModify: "password change of \(dn.isEmpty ? "the bound account" : dn)"
    }
  }

  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
