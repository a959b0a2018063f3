import Yams

extension ScalarForm<Duration> {
  /// A whole number with its unit: `ms`, `s`, `m` or `h`.
  static func duration(_ range: ClosedRange<Duration>) -> ScalarForm {
    let bounds = "from \(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
    return ScalarForm(expected: "a duration such as `10s`, `2m` or `500ms`, \(bounds)") { duration in
      DurationText.write(duration)
    } read: { (scalar) throws(Misfit) in
      guard let duration = DurationText.read(scalar.string) else {
        throw Misfit(reason: scalar.string.allSatisfy(\.isNumber) ? "the unit is missing" : nil)
      }
      guard range.contains(duration) else { throw Misfit() }
      return duration
    }
  }
}

/// Durations as people write them: a whole number and one unit.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  /// Reads `10s` and the like; nil where the text is nothing of the kind or beyond some ten thousand years.
  package static func read(_ text: String) -> Duration? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }), let number = Int64(digits) else {
      return nil
    }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
    return overflow || milliseconds > 1 << 50 ? nil : .milliseconds(milliseconds)
  }

  /// Writes a duration in the largest unit that holds it exactly; what is below a millisecond is dropped.
  package static func write(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    guard milliseconds != 0 else { return "0s" }
    let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? units[0]
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }
}
