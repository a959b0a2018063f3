extension PartitionImport {
  /// Carries a step out and closes the run with its report, whatever the end; what is committed by then stays.
  package func carryOut(
    forced: [String], _ step: @Sendable () async throws -> Void
  ) async throws -> RunReport {
    let clock = ContinuousClock()
    let start = clock.now
    report.forced = forced
    do {
      try noteLeftovers()
      try await step()
      try close(outcome: report.isComplete ? "complete" : "incomplete", seconds: (clock.now - start) / .seconds(1))
      return report
    } catch {
      store.rollback()
      report.isComplete = false
      find(.error, nil, "The run ended early: \(error)")
      try close(outcome: "failed", seconds: (clock.now - start) / .seconds(1))
      throw error
    }
  }

  /// Adds a remark to the report.
  package func note(_ text: String) {
    find(.info, nil, text)
  }

  private func close(outcome: String, seconds: Double) throws {
    report.seconds = seconds
    try store.endRun(run, outcome: outcome, report: report.json)
  }
}
