/// One request of a plan.
package struct PlannedOperation: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case add, modify, rename, delete
    /// The entry with everything below it, in one request (draft-armijo-ldap-treedelete).
    case deleteTree
    /// Sets the password.
    case password
  }

  /// From 1, in the order in which they may be sent one by one.
  package var number: Int
  package var kind: Kind
  /// Operations of one wave do not need each other; a wave begins when the one before has ended.
  package var wave: Int
  /// Numbers of the operations without which this one is not sent.
  package var after: [Int] = []
  /// Lines of the input behind it; empty for what the plan adds on its own.
  package var lines: [Int] = []
  /// Which of the plan's partitions the entry lies in, from 0.
  package var partition: Int
  /// The DN that the entry has when the operation is due.
  package var dn: String
  /// The immutable ID; nil for a new entry, and where the product has none.
  package var id: String?
  /// Why the plan has it, where no line asks for it in so many words, such as a missing parent.
  package var reason: String?

  /// Of an add.
  package var attributes: [PlannedAttribute]?
  /// Of a modify, in this order.
  package var modifications: [PlannedModification]?
  /// Of a rename.
  package var rename: PlannedRename?
  /// Of a tree delete: how many entries lie below.
  package var descendants: Int?
  /// The password, of a password operation and of an add that must have one.
  package var secret: SecretReference?
  /// Whether `secret` is a hash with its scheme, which goes into the attribute as it is.
  package var isHashedSecret: Bool?
  /// What the entry must still look like; nil for a new one, and for all but the first operation on an entry.
  package var state: PlannedState?

  package init(number: Int, kind: Kind, wave: Int, partition: Int, dn: String) {
    self.number = number
    self.kind = kind
    self.wave = wave
    self.partition = partition
    self.dn = dn
  }

  /// The DN after the operation.
  package var dnAfter: String { rename?.dn ?? dn }
}

/// An attribute of an entry to add.
package struct PlannedAttribute: Hashable, Sendable {
  package var name: String
  package var values: [PlannedValue]

  package init(name: String, values: [PlannedValue]) {
    self.name = name
    self.values = values
  }
}

/// One step of a modify.
package struct PlannedModification: Hashable, Sendable {
  package enum Operation: String, Sendable { case add, delete, replace }

  package var operation: Operation
  package var attribute: String
  package var values: [PlannedValue]
  /// Of a replace, and of a delete without values: the values that go.
  package var before: [PlannedValue]?

  package init(_ operation: Operation, _ attribute: String, _ values: [PlannedValue], before: [PlannedValue]? = nil) {
    self.operation = operation
    self.attribute = attribute
    self.values = values
    self.before = before
  }
}

/// The new name of an entry (RFC 4511 §4.9).
package struct PlannedRename: Hashable, Sendable {
  package var newRDN: String
  package var deleteOldRDN: Bool
  /// Nil where the parent stays.
  package var newSuperior: String?
  /// The DN after it.
  package var dn: String

  package init(newRDN: String, deleteOldRDN: Bool, newSuperior: String?, dn: String) {
    self.newRDN = newRDN
    self.deleteOldRDN = deleteOldRDN
    self.newSuperior = newSuperior
    self.dn = dn
  }
}

/// How an entry looked when the plan was made, so that a change since then is seen.
package struct PlannedState: Hashable, Sendable {
  /// The attribute that gets another value with every change, or the time of the last one; nil where it was not there.
  package var versionAttribute: String?
  package var version: String?
  /// The fingerprint of all user attributes, see `EntryFingerprint`.
  package var fingerprint: String

  package init(versionAttribute: String?, version: String?, fingerprint: String) {
    self.versionAttribute = versionAttribute
    self.version = version
    self.fingerprint = fingerprint
  }
}

/// A value: in JSON a string, or `{"base64": …}` where the bytes are no UTF-8.
package struct PlannedValue: Hashable, Sendable {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value as text; nil for bytes that are none.
  package var text: String? { String(validating: bytes, as: UTF8.self) }
}
