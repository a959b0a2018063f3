/// What detection found out, for a person.
struct DetectText {
  private let report: DetectReport

  init(_ report: DetectReport) { self.report = report }

  var text: String {
    [server, product, remarks, partitions, delta, export, identity, capabilities, missing, unseen]
      .filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private var server: [String] {
    guard let url = report.url, let address = report.address else { return ["From \(report.evidence ?? "a file")"] }
    guard let tls = report.tls else { return ["\(url) (\(address)), no TLS"] }
    return ["\(url) (\(address))", "  \(tls.inWords)"]
  }

  private var product: [String] {
    let version = (report.subtype.map { " (\($0))" } ?? "") + (report.version.map { " \($0)" } ?? "")
    let name =
      switch report.choice {
      case "adapter": "\(report.product ?? "")\(version), served by the adapter `\(report.adapter ?? "")`"
      case "generic":
        "Not recognised: served as any LDAP v3 server by the adapter `generic`. If you know the product, name its adapter."
      default: report.undecided ?? ""
      }
    let vendor = [report.vendorName, report.vendorVersion].compactMap(\.self).joined(separator: ", ")
    let (signs, others) = (report.ranking.filter { !$0.reasons.isEmpty }, report.ranking.filter(\.reasons.isEmpty))
    return ["Product: \(name)"] + (vendor.isEmpty ? [] : ["  It calls itself \(vendor)"]) + signs.flatMap(ranking)
      + (others.isEmpty ? [] : ["  No sign of \(others.map { "`\($0.adapter)`" }.joined(separator: ", "))"])
  }

  private var remarks: [String] {
    var remarks = report.remarks
    if !report.listedInVain.isEmpty {
      let names = report.listedInVain.map { $0.name ?? $0.oid }.joined(separator: "; ")
      remarks.append("Listed, but not to be relied on: \(names)")
    }
    return remarks.isEmpty ? [] : ["Good to know:"] + remarks.map { "  \($0)" }
  }

  private func ranking(_ verdict: DetectReport.Verdict) -> [String] {
    let points = verdict.reasons.map { reason in
      "      " + Self.padded((reason.points < 0 ? "" : "+") + "\(reason.points)", 4) + "  \(reason.fact)"
    }
    return ["  \(Self.padded("\(verdict.score)", 3))  \(verdict.title) (`\(verdict.adapter)`)"] + points
  }

  private var partitions: [String] {
    var lines = ["Partitions:"]
    lines += report.partitions.map { "  \($0.dn)" + ($0.problem.map { problem in "  (\(problem))" } ?? "") }
    if report.needsBase { lines.append("  The server names none that can be imported: say yourself where to begin.") }
    if !report.contextsWithoutEntries.isEmpty {
      lines.append("  Without entries to import: " + report.contextsWithoutEntries.joined(separator: "; "))
    }
    return lines
  }

  private var delta: [String] {
    guard let method = report.delta.method else { return ["Delta import: none. \(report.delta.unavailable ?? "")"] }
    return ["Delta import: by \(method)"]
      + report.delta.partitions.flatMap { partition in
        ["  \(partition.dn): \(partition.status)"] + partition.findings.flatMap { $0.lines(indent: "    ") }
      }
  }

  private var export: [String] { report.export?.lines ?? [] }

  private var identity: [String] {
    guard let anchor = report.anchor else { return [] }
    return [
      "Anchor: \(anchor)",
      "Immutable ID: \(report.immutableID ?? "none; the DN, and only the log's records make renames")",
      "Password attribute: \(report.passwordAttribute ?? "unknown")",
      "Schema: \(report.schema.objectClasses) object classes, \(report.schema.attributeTypes) attribute types"
        + (report.schema.problems == 0 ? "" : ", \(report.schema.problems) definitions with problems"),
    ]
  }

  private var capabilities: [String] {
    Self.list("Controls", report.controls) + Self.list("Features", report.features)
      + Self.list("Extended operations", report.extensions)
      + (report.saslMechanisms.isEmpty ? [] : ["SASL mechanisms: " + report.saslMechanisms.joined(separator: ", ")])
  }

  private var missing: [String] {
    guard !report.missing.isEmpty else { return [] }
    return ["Warning: not listed by the server. \(MissingFeature.caveat)"]
      + report.missing.map { "  \($0.name) (\($0.oid)): \($0.consequence)" }
  }

  private var unseen: [String] {
    report.unseen.isEmpty ? [] : ["Could not be seen:"] + report.unseen.map { "  \($0)" }
  }

  private static func list(_ title: String, _ items: [DetectReport.Capability]) -> [String] {
    guard !items.isEmpty else { return ["\(title): none listed"] }
    let named = items.filter { $0.name != nil }.map { "  \($0.name ?? "") (\($0.oid))" }.sorted()
    let others = items.filter { $0.name == nil }.map { "  \($0.oid)" }.sorted()
    return ["\(title):"] + named + others
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension DeltaReport.Finding {
  /// The finding and its remedy, a line each.
  func lines(indent: String) -> [String] {
    ["\(indent)\(status): \(evidence)"] + (remedy.map { ["\(indent)  What to do: \($0)"] } ?? [])
  }
}
