import ConnectorCore

/// A plan for a person: what happens to each entry, attribute by attribute, and what stands against it.
struct PlanText {
  private let plan: ExportPlan

  init(_ plan: ExportPlan) { self.plan = plan }

  var text: String {
    let findings = plan.findings.map(\.text)
    return ([operations, summary] + (findings.isEmpty ? [] : [findings]))
      .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var operations: [String] {
    var lines: [String] = []
    var wave: Int?
    for operation in plan.operations {
      if operation.wave != wave {
        if wave != nil { lines.append("") }
        lines.append("Wave \(operation.wave):")
        wave = operation.wave
      }
      lines += Self.lines(of: operation)
    }
    return lines
  }

  private static func lines(of operation: PlannedOperation) -> [String] {
    let number = String(repeating: " ", count: max(0, 5 - String(operation.number).count)) + "\(operation.number)"
    let dn = ShownValue.text(operation.dn)
    let title =
      switch operation.kind {
      case .add: "add       \(dn)"
      case .modify: "modify    \(dn)"
      case .rename: "rename    \(dn) → \(ShownValue.text(operation.dnAfter))"
      case .delete: "delete    \(dn)"
      case .deleteTree: "delete    \(dn) with \(operation.descendants ?? 0) entries below, in one request"
      case .password: "password  \(dn)"
      }
    let cause = operation.reason.map { "  (\($0))" } ?? Self.lineNumbers(operation.lines)
    return ["\(number)  \(title)\(cause)"] + details(of: operation).map { "                 \($0)" }
  }

  private static func lineNumbers(_ lines: [Int]) -> String {
    guard let first = lines.first else { return "" }
    return lines.count == 1
      ? "  (line \(first))" : "  (lines \(lines.prefix(5).map(String.init).joined(separator: ", ")))"
  }

  private static func details(of operation: PlannedOperation) -> [String] {
    let attributes = (operation.attributes ?? []).map { "\($0.name): \(ShownValue.list($0.values))" }
    let steps = Self.lines(of: operation.modifications ?? [])
    let password = operation.secret == nil ? [] : ["password: set"]
    let oldRDN = operation.rename.map { $0.deleteOldRDN ? [] : ["the value of the old name stays"] } ?? []
    return attributes + steps + oldRDN + password
  }

  /// One line an attribute, in the order of the steps.
  private static func lines(of steps: [PlannedModification]) -> [String] {
    var texts: [(attribute: String, text: String)] = []
    for step in steps {
      if texts.last?.attribute == step.attribute {
        texts[texts.count - 1].text += "; \(text(of: step))"
      } else {
        texts.append((step.attribute, "\(step.attribute): \(text(of: step))"))
      }
    }
    return texts.map(\.text)
  }

  private static func text(of step: PlannedModification) -> String {
    let values = ShownValue.list(step.values)
    switch step.operation {
    case .add: return "+ \(values)"
    case .delete where !step.values.isEmpty: return "- \(values)"
    case .delete: return "\(ShownValue.list(step.before ?? [])) → none"
    case .replace: return "\(ShownValue.list(step.before ?? [])) → \(values)"
    }
  }

  /// The counts, and what the delete budget says.
  private var summary: [String] {
    let counts = ExportCounts(plan)
    guard !plan.operations.isEmpty || plan.partitions.contains(where: { $0.deletes > 0 }) else {
      return ["Nothing to do: \(plan.unchanged) changes of the input are so already."]
    }
    return ["\(counts.text); \(plan.unchanged) unchanged."] + plan.partitions.filter { $0.deletes > 0 }.map(Self.budget)
  }

  private static func budget(_ partition: PlannedPartition) -> String {
    let dn = ShownValue.text(partition.dn)
    let deletes = partition.deletes == 1 ? "1 delete" : "\(partition.deletes) deletes"
    if partition.deletesAllowed { return "\(dn): \(deletes) of \(partition.allowance) allowed." }
    return
      "\(dn): \(deletes), which is more than the \(partition.allowance) of `deleteBudget`, so that none of them "
      + "is carried out. If that is what you want: --allow-deletes \(partition.deletes)"
  }
}

/// Operations by what they do.
struct ExportCounts {
  private let counts: [(Int, String, String)]

  init(_ plan: ExportPlan) {
    func count(_ kinds: PlannedOperation.Kind...) -> Int { plan.operations.count { kinds.contains($0.kind) } }
    let deletes = plan.partitions.reduce(0) { $0 + $1.deletes }
    let passwords = plan.operations.count { $0.secret != nil }
    counts = [
      (count(.add), "add", "adds"), (count(.modify), "change", "changes"), (count(.rename), "rename", "renames"),
      (max(deletes, count(.delete, .deleteTree)), "delete", "deletes"), (passwords, "password", "passwords"),
    ]
  }

  var text: String { counts.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }.joined(separator: ", ") }
}

/// Values for a terminal: no control characters, nothing longer than a line.
enum ShownValue {
  private static let most = 3
  private static let length = 80

  /// A few values, and how many more there are.
  static func list(_ values: [PlannedValue]) -> String {
    guard !values.isEmpty else { return "none" }
    let shown = values.prefix(most).map(value).joined(separator: ", ")
    return values.count > most ? "\(shown), and \(number(values.count - most)) more" : shown
  }

  private static func value(_ value: PlannedValue) -> String {
    guard let text = value.text else { return "(\(number(value.bytes.count)) bytes)" }
    let shown = Self.text(text)
    return shown.count > length ? "\(shown.prefix(length))… (\(number(value.bytes.count)) bytes)" : shown
  }

  /// The text with control characters as escapes, so that no value can pose as output of ours.
  static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// The number with commas between thousands.
  private static func number(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
    }.joined()
  }
}

extension PlanFinding {
  /// The finding on one line.
  var text: String {
    let place = [line.map { "line \($0)" }, object.map(ShownValue.text)].compactMap(\.self).joined(separator: ", ")
    let cure = remedy.map { " → \($0)" } ?? ""
    return "\(severity.rawValue): \(place.isEmpty ? "" : "\(place): ")\(ShownValue.text(summary))\(cure)"
  }
}
