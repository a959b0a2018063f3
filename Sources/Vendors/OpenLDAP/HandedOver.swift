import ConnectorCore

/// Which log records have been handed over already, by their `reqStart`, which is their RDN and so unique in a log.
///
/// Kept for the overlap alone, because older records are not read again; as JSON one text of base-36 differences, about
/// three bytes a record.
struct HandedOver: Hashable, Sendable {
  /// The most records remembered; older ones are hinted again, which costs a re-read and changes nothing.
  static let bound = 100_000

  private var keys: Set<Int64> = []

  init() {}

  var count: Int { keys.count }

  func contains(_ key: Int64) -> Bool { keys.contains(key) }

  mutating func insert(_ key: Int64) {
    keys.insert(key)
    if keys.count > 2 * Self.bound { keepNewest() }
  }

  /// Forgets what started before the overlap, and the oldest beyond the bound.
  mutating func prune(before floor: Int64) {
    keys = keys.filter { $0 >= floor }
    if keys.count > Self.bound { keepNewest() }
  }

  private mutating func keepNewest() {
    keys = Set(keys.sorted().suffix(Self.bound))
  }
}

extension HandedOver: Codable {
  init(from decoder: any Decoder) throws {
    var last: Int64 = 0
    for part in try decoder.singleValueContainer().decode(String.self).split(separator: " ") {
      guard let step = Int64(part, radix: 36) else { continue }
      let (next, overflow) = last.addingReportingOverflow(step)
      guard !overflow else { continue }
      last = next
      keys.insert(next)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var last: Int64 = 0
    var parts: [String] = []
    for key in keys.sorted() {
      parts.append(String(key &- last, radix: 36))
      last = key
    }
    var container = encoder.singleValueContainer()
    try container.encode(parts.joined(separator: " "))
  }
}

extension GeneralizedTime {
  /// Microseconds since 1970; nil where the time is finer than that, so that two times never share a number.
  var microseconds: Int64? {
    guard nanoseconds % 1000 == 0 else { return nil }
    return secondsSinceEpoch * 1_000_000 + Int64(nanoseconds / 1000)
  }
}
