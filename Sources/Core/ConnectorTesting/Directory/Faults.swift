public import ConnectorCore

/// What a directory in memory does wrong, or does not show.
public struct Faults: Sendable {
  /// The order in which a search hands out its entries.
  public enum Order: Sendable, Hashable {
    /// As they were added.
    case stored
    /// The last added first.
    case reversed
    /// By chance, the same for the same seed.
    case shuffled(seed: UInt64)
  }

  /// The log's records are not shown: searches end with success and are empty, as for an account without rights.
  public var hidesRecords = false
  /// Entries at and below these DNs are not shown.
  public var hidden: [DN] = []
  /// Searches with these bases end with that code.
  public var failing: [DN: ResultCode] = [:]
  /// Searches with these bases end with success and are empty.
  public var empty: [DN] = []
  /// Searches end with `sizeLimitExceeded` after so many entries.
  public var sizeLimit: Int?
  /// Searches end with `adminLimitExceeded` after so many entries.
  public var adminLimit: Int?
  /// After so many pages the next comes without its response control, which a session takes for `controlNotFound`.
  public var pageCut: Int?
  /// The order of answers.
  public var order = Order.stored

  /// None.
  public init() {}

  /// Where an entry with that place stands in an answer.
  func rank(_ serial: UInt64) -> UInt64 {
    switch order {
    case .stored: serial
    case .reversed: .max - serial
    case .shuffled(let seed): DirectoryModel.mix(serial ^ DirectoryModel.mix(seed))
    }
  }
}
