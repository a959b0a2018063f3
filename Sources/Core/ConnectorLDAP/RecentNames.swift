/// The DNs of the entries that were handed out last, as many as ``capacity``.
struct RecentNames {
  /// Changes between two windows that move the list by less than this are followed.
  static let capacity = 1000

  private var names: Set<[UInt8]> = []
  private var order: [[UInt8]] = []
  private var oldest = 0

  func contains(_ name: [UInt8]) -> Bool { names.contains(name) }

  /// Adds a DN, and drops the oldest where there are too many.
  mutating func append(_ name: [UInt8]) {
    guard names.insert(name).inserted else { return }
    guard order.count == Self.capacity else { return order.append(name) }
    names.remove(order[oldest])
    order[oldest] = name
    oldest = (oldest + 1) % Self.capacity
  }
}
