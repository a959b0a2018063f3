public import ConnectorCore

/// A change that somebody asked of a directory in memory, and what became of it.
public struct DirectoryChange: Sendable {
  /// What was asked.
  public enum Kind: String, Sendable, Hashable {
    /// An entry was to be added.
    case add
    /// Attributes were to be changed.
    case modify
    /// An entry was to be deleted.
    case delete
    /// An entry was to be renamed or moved, with everything below.
    case rename
  }

  /// What was asked, by its kind.
  public let kind: Kind
  /// What was asked, in full.
  public let request: LDIFRecord
  /// The entry before; nil where it was added, or did not exist.
  public let before: MemoryEntry?
  /// The entry afterwards; nil where it was deleted, or the change failed.
  public internal(set) var after: MemoryEntry?
  /// What became of it.
  public let result: ResultCode
  /// When and under which number.
  public internal(set) var stamp: ChangeStamp

  /// The same change at another time.
  func stamped(_ stamp: ChangeStamp) -> DirectoryChange {
    var change = self
    change.stamp = stamp
    return change
  }

  /// The DN that the request names.
  public var dn: String { before?.dn ?? request.dn }
}

/// When a change was made, by the directory's own clock, and its number.
public struct ChangeStamp: Sendable, Hashable {
  /// The time; several changes may have one.
  public var time: GeneralizedTime
  /// The number, one higher a change.
  public var number: UInt64
}

extension LDIFRecord {
  /// The kind of change; an entry is one to add.
  var kind: DirectoryChange.Kind {
    switch change {
    case nil, .add: .add
    case .delete: .delete
    case .modify: .modify
    case .rename: .rename
    }
  }
}
