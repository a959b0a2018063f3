/// Numbers of a change log that were passed over although no record was seen there: legal holes, or records that come
/// late; ranges in ascending order, each with the moment when it was noticed.
struct NumberGaps: Hashable, Sendable, Codable {
  /// Numbers from `from` to `to`, both missing.
  struct Gap: Hashable, Sendable, Codable {
    var from: UInt64
    var to: UInt64
    /// Seconds since 1970 by this machine's clock; it says how long to ask again, never where the log stands.
    var since: Int64
  }

  /// The most ranges kept; beyond it neighbours are joined, which asks for some records twice and loses none.
  static let bound = 1000

  private(set) var ranges: [Gap] = []

  init() {}

  var isEmpty: Bool { ranges.isEmpty }
  /// The lowest number that is missing.
  var lowest: UInt64? { ranges.first?.from }

  /// Whether a number is missing.
  func contains(_ number: UInt64) -> Bool { ranges.contains { $0.from <= number && number <= $0.to } }

  /// Notes the numbers between two that were seen next to each other.
  mutating func note(between lower: UInt64, and upper: UInt64, at moment: Int64) {
    guard lower < upper, upper - lower > 1 else { return }
    ranges.append(Gap(from: lower + 1, to: upper - 1, since: moment))
    if ranges.count > Self.bound { joinNeighbours() }
  }

  /// Takes out a number that was seen after all.
  mutating func fill(_ number: UInt64) {
    guard let index = ranges.firstIndex(where: { $0.from <= number && number <= $0.to }) else { return }
    let gap = ranges.remove(at: index)
    if number < gap.to { ranges.insert(Gap(from: number + 1, to: gap.to, since: gap.since), at: index) }
    if gap.from < number { ranges.insert(Gap(from: gap.from, to: number - 1, since: gap.since), at: index) }
  }

  /// Forgets what has been asked for long enough: those holes are legal.
  mutating func forget(noticedBefore moment: Int64) { ranges.removeAll { $0.since <= moment } }

  /// Joins the two ranges that lie closest together.
  private mutating func joinNeighbours() {
    let closest = ranges.indices.dropLast().min { first, second in
      ranges[first + 1].from - ranges[first].to < ranges[second + 1].from - ranges[second].to
    }
    guard let closest else { return }
    let next = ranges.remove(at: closest + 1)
    ranges[closest].to = next.to
    ranges[closest].since = max(ranges[closest].since, next.since)
  }
}
