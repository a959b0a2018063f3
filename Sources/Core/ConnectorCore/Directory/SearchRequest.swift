/// One search (RFC 4511 §4.5).
public struct SearchRequest: Sendable {
  /// How deep a search looks.
  public enum Scope: Sendable {
    /// The base entry alone.
    case base
    /// The direct children of the base.
    case oneLevel
    /// The base and everything below it.
    case subtree
  }

  /// The base DN as text, or the product's ID form of one (`<GUID=…>`); empty for the root DSE.
  public var base: String
  /// How deep to look.
  public var scope: Scope
  /// Which entries are wanted.
  public var filter: Filter
  /// Attribute descriptions wanted, `*` and `+` included; empty asks for all user attributes.
  public var attributes: [String]
  /// Entries a page (RFC 2696), nil for one answer without pages.
  public var pageSize: Int?
  /// With a page size: read the entries sorted by this key, by virtual list view (draft-ietf-ldapext-ldapv3-vlv-09) in
  /// place of RFC 2696; nil for its pages.
  ///
  /// An attribute that every entry has, that no two share and that never changes is best: an entry whose value changes
  /// while the list is read may be passed over. The summary's controls are those of the last part of the list.
  public var sortKey: SortKey?
  /// The most entries wanted, zero for no limit of ours.
  public var sizeLimit: Int
  /// Further controls.
  public var controls: [Control]

  /// Describes a search; by default all entries below the base, in pages of 1000.
  public init(
    base: String, scope: Scope = .subtree, filter: Filter = .all, attributes: [String] = [], pageSize: Int? = 1000,
    sortKey: SortKey? = nil, sizeLimit: Int = 0, controls: [Control] = []
  ) {
    self.base = base
    self.scope = scope
    self.filter = filter
    self.attributes = attributes
    self.pageSize = pageSize
    self.sortKey = sortKey
    self.sizeLimit = sizeLimit
    self.controls = controls
  }

  /// In `attributes` alone: no attributes, only names (RFC 4511 §4.5.1.8).
  public static let noAttributes = "1.1"
}

/// How a search ended that ended with success.
public struct SearchSummary: Sendable {
  /// The number of entries handed out.
  public var entries: Int
  /// URLs of search references (RFC 4511 §4.5.3), in order; what lies behind them was not read.
  public var references: [String]
  /// Controls of the final response.
  public var controls: [Control]

  /// Joins the facts.
  public init(entries: Int = 0, references: [String] = [], controls: [Control] = []) {
    self.entries = entries
    self.references = references
    self.controls = controls
  }
}

/// The answer to the read of one entry by its DN.
public enum ReadAnswer: Sendable, CustomStringConvertible {
  /// The entry as it stands now.
  case entry(Entry)
  /// The server says that there is no such object, or gave an empty answer; an account without rights sees the same.
  case absent
  /// The entry could not be read; it may or may not exist.
  case failed(DirectoryError)

  /// The answer in words.
  public var description: String {
    switch self {
    case .entry: "it was read"
    case .absent: "the server says that there is no such entry"
    case .failed(let error): error.description
    }
  }

  /// The error of an entry that must be there and cannot be read, with what to do about it.
  public func error(reading dn: String, remedy: String) -> DirectoryError {
    guard case .failed(let error) = self else {
      return DirectoryError(.noSuchObject, operation: "read of \(dn)", message: "not there, or hidden. \(remedy)")
    }
    return error.adding(remedy)
  }
}
