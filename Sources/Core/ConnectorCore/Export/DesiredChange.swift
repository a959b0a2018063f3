/// One change that somebody wants in the directory, as a line of the change feed's form or an LDIF record says it.
package struct DesiredChange: Sendable {
  /// What names the object: the immutable ID first, then the anchor, then the DN.
  ///
  /// An ID or anchor is good only in the connector's own feed; a line of another feed names its object by DN alone.
  package struct Target: Hashable, Sendable {
    package var id: String?
    package var anchor: String?
    package var dn: String?

    package init(id: String? = nil, anchor: String? = nil, dn: String? = nil) {
      self.id = id
      self.anchor = anchor
      self.dn = dn
    }
  }

  package enum Kind: Sendable {
    /// There shall be an entry of the target's DN with these attributes.
    case add
    /// The attributes shall be as the edits say.
    case update
    /// The entry shall have another DN, and attributes as the edits say.
    case rename(NewName)
    /// There shall be no such entry, and nothing below it.
    case delete
    /// The account shall be able to log in.
    case enable
    /// The account shall not be able to log in.
    case disable
  }

  /// The name that an entry shall get.
  package enum NewName: Hashable, Sendable {
    /// The whole DN. Values of the old RDN go.
    case dn(String)
    /// As a rename request has it (RFC 4511 §4.9).
    case request(newRDN: String, deleteOldRDN: Bool, newSuperior: String?)
  }

  /// The first line in the input, counted from 1.
  package var line: Int
  package var target: Target
  package var kind: Kind
  /// For an add the attributes, as values to put in place; for updates and renames what to do with attributes.
  package var edits: [AttributeEdit]
  /// The password that the account shall have; it is in none of the edits.
  package var password: DesiredPassword?
  /// The feed and its transaction, of which all lines hold together; nil for a line of its own.
  package var transaction: String?

  package init(
    line: Int, target: Target, kind: Kind, edits: [AttributeEdit] = [], password: DesiredPassword? = nil
  ) {
    self.line = line
    self.target = target
    self.kind = kind
    self.edits = edits
    self.password = password
  }
}

/// What shall become of one attribute.
package struct AttributeEdit: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// Exactly these values; none takes the attribute away. `expected` is what the input takes for the present values.
    case replace([[UInt8]], expected: [[UInt8]]?)
    /// These values more, and those no longer; whatever else is there stays.
    case change(add: [[UInt8]], remove: [[UInt8]])
  }

  package var attribute: AttributeDescription
  package var form: Form

  package init(_ attribute: AttributeDescription, _ form: Form) {
    self.attribute = attribute
    self.form = form
  }
}

/// A password of the input.
package struct DesiredPassword: Sendable {
  /// The line that it stands in.
  package var line: Int
  package var secret: Secret
  /// Whether it is a hash with its scheme, such as `{SSHA}…`, which only the attribute takes (RFC 2307 §5.3).
  package var isHashed: Bool

  package init(line: Int, secret: Secret, isHashed: Bool) {
    self.line = line
    self.secret = secret
    self.isHashed = isHashed
  }
}

/// A line of the input that is not what a change looks like.
package struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1.
  package let line: Int
  /// What is wrong and what to write instead; never holds a value of the input.
  package let reason: String

  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  package var description: String { "line \(line): \(reason)" }
}
