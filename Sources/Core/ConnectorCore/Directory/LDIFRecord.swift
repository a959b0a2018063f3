/// One record of an LDIF file: an entry, or a change to one (RFC 2849).
public struct LDIFRecord: Sendable {
  /// The DN as the file spells it.
  public var dn: String
  /// The attributes of the entry, or of an entry to add, value by value in the order of the file; else empty.
  public var attributes: [(AttributeDescription, [UInt8])]
  /// What to change; nil where the record is an entry.
  public var change: LDIFChange?
  /// The controls that a change record asks for.
  public var controls: [Control]
  /// The line of the file that it starts at, counted from 1; 0 where it was not read from a file.
  public var line = 0

  /// Joins the parts.
  public init(
    dn: String, attributes: [(AttributeDescription, [UInt8])] = [], change: LDIFChange? = nil, controls: [Control] = []
  ) {
    self.dn = dn
    self.attributes = attributes
    self.change = change
    self.controls = controls
  }
}

/// What a change record does (RFC 2849, `changerecord`).
public enum LDIFChange: Hashable, Sendable {
  /// Adds an entry; its attributes are those of the record.
  case add
  /// Deletes the entry.
  case delete
  /// Changes attributes, in this order.
  case modify([LDIFModification])
  /// Gives the entry a new RDN, and a new parent where `newSuperior` is there.
  case rename(newRDN: String, deleteOldRDN: Bool, newSuperior: String?)
}

/// One step of a modification (RFC 4511 §4.6, RFC 4525).
public struct LDIFModification: Hashable, Sendable {
  /// What to do with the values.
  public enum Operation: String, Hashable, Sendable {
    /// Adds the values.
    case add
    /// Deletes the values, or with none the attribute.
    case delete
    /// Puts the values in the place of all others; with none, deletes the attribute.
    case replace
    /// Adds the number to the value (RFC 4525).
    case increment
  }

  /// What to do.
  public var operation: Operation
  /// The attribute to change.
  public var attribute: AttributeDescription
  /// The values, in the order of the file.
  public var values: [[UInt8]]

  /// Joins the parts.
  public init(_ operation: Operation, _ attribute: AttributeDescription, _ values: [[UInt8]] = []) {
    self.operation = operation
    self.attribute = attribute
    self.values = values
  }
}

/// An LDIF file breaks the rules of RFC 2849, or uses what the connector refuses.
public struct LDIFError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// What is wrong and what to write instead.
  public let reason: String

  /// One sentence for a person.
  public var description: String { "LDIF line \(line): \(reason)" }
}
