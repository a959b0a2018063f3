import ConnectorCore

extension ExportReport {
  /// The report with what the plan had to say of the input, where nobody has seen the plan.
  func following(_ plan: ExportPlan) -> ExportReport {
    var report = self
    let own = findings
    report.findings = []
    for finding in plan.findings {
      let line = finding.line.map { "line \($0): " } ?? ""
      report.add(
        Finding(finding.severity.ofReport, object: finding.object, line + finding.summary, remedy: finding.remedy))
    }
    for finding in own { report.add(finding) }
    return report
  }

  /// The report for a person.
  var text: String {
    if isComplete, counts.done == 0 {
      let news =
        counts.alreadyDone > 0
        ? "Everything is done already: an earlier run carried out all \(counts.alreadyDone) operations of this plan."
        : "Nothing to do: \(counts.unchanged) changes of the input are so already."
      return ([news] + findings.map { "  \($0.text)" }).joined(separator: "\n")
    }
    var lines = ["Export \(isComplete ? "complete" : "INCOMPLETE") in \(RunReport.duration(seconds))"]
    lines.append(
      "  \(counts.added) added, \(counts.modified) changed, \(counts.renamed) renamed, \(counts.deleted) deleted, "
        + "\(counts.passwords) \(counts.passwords == 1 ? "password" : "passwords") set (\(counts.unchanged) unchanged, \(counts.alreadyDone) done before)"
    )
    let missed = counts.refused + counts.failed + counts.skipped
    if missed > 0 {
      lines.append(
        "  \(missed) not done: \(counts.failed) failed, \(counts.refused) left alone because the entry changed, "
          + "\(counts.skipped) not sent")
    }
    lines += findings.map { "  \($0.text)" }
    if moreFindings > 0 { lines.append("  … and \(moreFindings) findings more") }
    return lines.joined(separator: "\n")
  }
}

extension PlanFinding.Severity {
  fileprivate var ofReport: Finding.Severity {
    switch self {
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}
