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
    let text = try decoder.singleValueContainer().decode(String.self)
    var last: Int64 = 0
    keys.reserveCapacity(text.utf8.count / 4)
    for part in text.utf8.split(separator: 0x20) {
      guard let step = Self.number(part) else { continue }
      let (next, overflow) = last.addingReportingOverflow(step)
      guard !overflow else { continue }
      last = next
      keys.insert(next)
    }
  }

  /// A number of base 36 in lower case; nil for any other text. Thousands are read at every delta import.
  private static func number(_ digits: Substring.UTF8View) -> Int64? {
    var digits = digits
    let isNegative = digits.first == 0x2D
    if isNegative { digits = digits.dropFirst() }
    guard !digits.isEmpty else { return nil }
    var value: Int64 = 0
    for digit in digits {
      let next: Int64
      switch digit {
      case 0x30...0x39: next = Int64(digit - 0x30)
      case 0x61...0x7A: next = Int64(digit - 0x57)
      default: return nil
      }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 36)
      let (sum, overflows) = product.addingReportingOverflow(next)
      guard !isTooLarge, !overflows else { return nil }
      value = sum
    }
    return isNegative ? -value : value
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
