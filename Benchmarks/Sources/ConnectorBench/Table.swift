/// The costs of one step over all rounds.
struct Series {
  private(set) var costs: [Cost] = []

  mutating func add(_ cost: Cost) { costs.append(cost) }

  var median: Double { Self.median(costs.map(\.wall)) }
  var cpu: Double { Self.median(costs.map(\.cpu)) }
  var peakMB: Double { costs.map(\.peakMB).max() ?? 0 }
  var range: String {
    "\(rounded(costs.map(\.wall).min() ?? 0, 3))–\(rounded(costs.map(\.wall).max() ?? 0, 3))"
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// What a figure must not exceed, and what we would like it to be.
struct Bar {
  let limit: Double
  var aim: Double?

  func verdict(_ value: Double) -> String {
    if value > limit { return "**MISSED**" }
    if let aim, value > aim { return "met, aim missed" }
    return "met"
  }
}

/// A Markdown table of the results; remembers whether a bar was missed.
struct Table {
  private(set) var missed = false
  private var lines = [
    "| step | n | median s | range s | CPU s | peak MB | ratio | bar | aim | verdict |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
  ]

  /// A row of times; with a bar, as a ratio to the median of `other`.
  mutating func row(_ name: String, _ series: Series, to other: Series? = nil, _ bar: Bar? = nil) {
    let ratio = other.map { series.median / $0.median }
    lines.append(
      "| \(name) | \(series.costs.count) | \(rounded(series.median, 3)) | \(series.range) | \(rounded(series.cpu, 3)) "
        + "| \(rounded(series.peakMB, 1)) | \(ratio.map { rounded($0, 2) } ?? "") | \(judge(ratio, bar)) |")
  }

  /// A row with one figure and its bar.
  mutating func row(_ name: String, megabytes: Double, _ bar: Bar) {
    lines.append("| \(name) | | | | | \(rounded(megabytes, 1)) | | \(judge(megabytes, bar)) |")
  }

  var text: String { lines.joined(separator: "\n") }

  private mutating func judge(_ value: Double?, _ bar: Bar?) -> String {
    guard let value, let bar else { return " | | " }
    if value > bar.limit { missed = true }
    return "\(short(bar.limit)) | \(bar.aim.map(short) ?? "") | \(bar.verdict(value))"
  }

  private func short(_ value: Double) -> String {
    value == value.rounded() ? rounded(value, 0) : rounded(value, 1)
  }
}

/// The number with so many digits after the point.
func rounded(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "–" }
  let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
  let units = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(units % scale)
  let sign = value < 0 ? "-" : ""
  guard digits > 0 else { return sign + String(units) }
  return sign + String(units / scale) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
}
