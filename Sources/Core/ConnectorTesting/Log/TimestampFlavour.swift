import ConnectorCore

/// Time stamps on the entries, and nothing for deletes: all that RFC 4512 §3.4 gives.
public struct TimestampFlavour: ChangeLogFlavour {
  /// The operational attributes that it keeps.
  public var keeps: OperationalAttributes

  /// Names the attributes.
  public init(keeps: OperationalAttributes = .entryUUID) { self.keeps = keeps }

  /// None.
  public func containers(in directory: DirectoryModel) -> [String] { [] }

  /// Adds nothing.
  public func prepare(_ directory: inout DirectoryModel) {}

  /// Sets ID and times.
  public func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    keeps.stamp(&entry, change, in: &directory)
  }

  /// Writes nothing.
  public func record(_ change: DirectoryChange, in directory: inout DirectoryModel) {}

  /// There is nothing to trim.
  public func trim(_ directory: inout DirectoryModel, keeping: Int) {}

  /// Sets the clock back to where that number stood.
  public func restore(_ directory: inout DirectoryModel, to number: UInt64) {
    let steps = directory.counter > number ? directory.counter - number : 0
    let seconds = Int64(clamping: steps).multipliedReportingOverflow(by: max(1, directory.tick / 1_000_000))
    directory.clock = directory.clock.subtracting(seconds: seconds.overflow ? .max : seconds.partialValue)
    directory.counter = number
  }
}

extension ChangeLogFlavour where Self == TimestampFlavour {
  /// Time stamps on the entries, and `entryUUID`.
  public static func timestamp(keeps: OperationalAttributes = .entryUUID) -> TimestampFlavour {
    TimestampFlavour(keeps: keeps)
  }
}
