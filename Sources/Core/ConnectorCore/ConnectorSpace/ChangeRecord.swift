/// One record of the change feed: a change that the connector space accepted.
package struct ChangeRecord: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case add
    case update
    case rename
    case delete
  }

  /// Rises by one from record to record.
  package var sequence: Int64
  /// The same for all records that became durable together.
  package var transaction: Int64
  package var kind: Kind
  package var id: String
  package var anchor: String
  package var dn: String
  /// The ID before a rename, where it is made of the DN and changed with it; nil where it stayed.
  package var oldID: String?
  /// For a rename the anchor and the DN before it, also where one of them stayed; nil for all others.
  package var oldAnchor: String?
  package var oldDN: String?
  /// The object classes after the change, before it for a delete; a JSON array.
  package var objectClasses: [UInt8]
  /// For an add and a delete the whole document; else `{"cn":{"old":[…],"new":[…]}}` of the changed attributes.
  package var content: [UInt8]
  /// The run, and the log record or the rule behind the change, in words.
  package var reason: String

  package init(
    sequence: Int64, transaction: Int64, kind: Kind, id: String, anchor: String, dn: String,
    oldID: String? = nil, oldAnchor: String? = nil, oldDN: String? = nil, objectClasses: [UInt8], content: [UInt8],
    reason: String
  ) {
    self.sequence = sequence
    self.transaction = transaction
    self.kind = kind
    self.id = id
    self.anchor = anchor
    self.dn = dn
    self.oldID = oldID
    self.oldAnchor = oldAnchor
    self.oldDN = oldDN
    self.objectClasses = objectClasses
    self.content = content
    self.reason = reason
  }

  /// The reason in words: `full import, run 3`, or `delta import, run 4: reqStart=…`.
  package static func reason(step: String, run: Int64, detail: String?) -> String {
    let name = step.isEmpty ? "run \(run)" : "\(step), run \(run)"
    return detail.map { "\(name): \($0)" } ?? name
  }
}
