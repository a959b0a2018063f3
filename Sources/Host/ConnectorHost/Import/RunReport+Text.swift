import ConnectorCore

extension RunReport {
  /// The report for a person.
  var text: String {
    var lines = [
      "\(step) of \(partition), run \(run): \(isComplete ? "complete" : "INCOMPLETE") in \(Self.duration(seconds))"
    ]
    lines.append(
      "  \(counts.added) added, \(counts.updated) updated, \(counts.renamed) renamed, \(counts.deleted) deleted, "
        + "\(counts.held) newly held (\(counts.read) entries read, \(counts.unchanged) unchanged, \(counts.hints) hints)"
    )
    if counts.pending > 0 { lines.append("  \(counts.pending) hints could not be resolved; the next run tries again") }
    lines += forced.map { "  forced by the configuration: \($0)" }
    lines += findings.map { "  \($0.text)" }
    if moreFindings > 0 { lines.append("  … and \(moreFindings) findings more") }
    lines.append("  watermark: \(watermark?.text ?? "none; run a full import")")
    return lines.joined(separator: "\n")
  }

  /// A duration for a person.
  static func duration(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
  }
}

extension Watermark {
  /// The watermark for a person.
  var text: String { "\(method) \(summary ?? position)" }
}

extension Finding {
  /// The finding on one line.
  var text: String {
    let place = object.map { " \($0):" } ?? ""
    let cure = remedy.map { " → \($0)" } ?? ""
    return "\(severity.rawValue):\(place) \(summary)\(cure)"
  }
}
