import ArgumentParser
import ConnectorCore

/// Plans and carries out exports, and tells what came of it.
struct ExportRunner {
  private let target: Target
  private let options: ExportOptions
  private let allowedDeletes: Int?

  init(_ options: ExportOptions, allowedDeletes: Int? = nil) throws {
    target = try Target(configurationAt: options.config)
    self.options = options
    self.allowedDeletes = allowedDeletes
  }

  private var output: Output { HostContext.current.output }

  /// Makes a plan, shows it, and keeps it in a file where one is named.
  func plan(_ file: String, to path: String?) async throws {
    let bytes = try InputFile.read(file)
    let plan = try await withSession { session in
      try await session.plan(ExportInput(bytes: bytes, context: session.inputContext), named: file)
    }
    if let path { try PlanFile.write(plan, to: path) }
    try show(plan)
    if let path, !options.json {
      output.line("\nKept in \(path). Next: ldap-connector export apply \(path)\(hint(plan, file))")
    }
    try Self.check(plan)
  }

  /// Shows the plan of an input, and how to go on.
  func show(_ file: String) async throws {
    let bytes = try InputFile.read(file)
    let plan = try await withSession { session in
      try await session.plan(ExportInput(bytes: bytes, context: session.inputContext), named: file)
    }
    try show(plan)
    if !options.json, !plan.operations.isEmpty {
      output.line("\nNothing was written. To carry it out: ldap-connector export \(file) --yes")
    }
    try Self.check(plan)
  }

  /// Settles what earlier exports left open, plans, and carries the plan out.
  func export(_ file: String) async throws {
    let bytes = try InputFile.read(file)
    let (plan, report) = try await withSession { session in
      let input = ExportInput(bytes: bytes, context: session.inputContext)
      let passwords = session.passwords(of: input)
      for finding in try await session.settle(passwords).findings { output.error(finding.text) }
      let plan = try await session.plan(input, named: file)
      return (plan, try await carryOut(plan, passwords, session))
    }
    show(report.following(plan))
    try Self.check(plan)
    try Self.check(report)
  }

  /// Carries out a plan that a file holds.
  func apply(_ path: String, passwords file: String?) async throws {
    let plan = try PlanFile.read(path)
    let bytes = try file.map { file throws(CommandFailure) in try InputFile.read(file) }
    let report = try await withSession { session in
      try session.check(plan)
      let input = bytes.map { ExportInput(bytes: $0, context: session.inputContext) }
      let passwords = session.passwords(of: input)
      try Self.check(passwords, try session.passwordsNeeded(by: plan), plan, file)
      return try await carryOut(plan, passwords, session)
    }
    show(report)
    try Self.check(report)
  }

  /// - Throws: `CommandFailure` where a password that is still to be set is not at hand.
  private static func check(
    _ passwords: InputPasswords, _ needed: [SecretReference], _ plan: ExportPlan, _ file: String?
  ) throws(CommandFailure) {
    let lines = Set(needed.filter { passwords.secret($0) == nil }.map(\.line)).sorted()
    guard let first = lines.first else { return }
    guard let file else {
      let source = plan.input == "-" ? "the file with the input" : plan.input
      throw CommandFailure(
        .usage,
        "The plan sets passwords of \(lines.count == 1 ? "1 line" : "\(lines.count) lines") of \(source), which it does "
          + "not hold. Nothing was written. Add --passwords \(plan.input == "-" ? "FILE" : plan.input)")
    }
    let others = lines.count > 1 ? " (and \(lines.count - 1) lines more)" : ""
    throw CommandFailure(
      .failure,
      "Line \(first) of \(file)\(others) does not hold the password that the plan was made with. Nothing was written. "
        + "Give the same input, or plan again.")
  }

  private func withSession<Result>(_ body: (ExportSession) async throws -> Result) async throws -> Result {
    for warning in target.configuration.connectionWarnings(resolve: target.resolve) {
      output.error("Warning: \(warning)")
    }
    let session = try await ExportSession.open(target, wait: options.wait, allowedDeletes: allowedDeletes)
    do {
      let result = try await body(session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }

  private func carryOut(
    _ plan: ExportPlan, _ passwords: InputPasswords, _ session: ExportSession
  ) async throws -> ExportReport {
    let progress = ProgressLine("of \(plan.operations.count) operations done", output: output)
    do {
      let report = try await session.carryOut(plan, passwords) { count in
        Task { await progress.update(count) }
      }
      await progress.finish()
      return report
    } catch {
      await progress.finish()
      throw error
    }
  }

  private func show(_ plan: ExportPlan) throws {
    output.line(options.json ? try PlanFile.text(plan) : PlanText(plan).text)
  }

  private func show(_ report: ExportReport) { output.line(options.json ? report.json : report.text) }

  private func hint(_ plan: ExportPlan, _ file: String) -> String {
    plan.needsPasswords ? " --passwords \(file)" : ""
  }

  /// - Throws: `CommandFailure` where the plan leaves out a part of the input.
  private static func check(_ plan: ExportPlan) throws(CommandFailure) {
    let isWhole = plan.partitions.allSatisfy(\.deletesAllowed) && !plan.findings.contains { $0.severity == .error }
    guard isWhole else { throw CommandFailure(.exportIncomplete) }
  }

  private static func check(_ report: ExportReport) throws(CommandFailure) {
    guard report.isComplete else { throw CommandFailure(.exportIncomplete) }
  }
}
