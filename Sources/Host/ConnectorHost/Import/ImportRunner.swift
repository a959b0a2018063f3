import ArgumentParser
import ConnectorCore
import ConnectorStore

/// Runs a step over the selected partitions, tells each report, and ends with the code of the first failure.
struct ImportRunner {
  private let target: Target
  private let options: RunOptions
  private let partitions: [Configuration.Partition]

  init(_ options: RunOptions, pageSize: Int? = nil) throws {
    self.options = options
    var target = try Target(configurationAt: options.config)
    if let pageSize {
      guard pageSize > 0 else { throw ValidationError("--page-size must be 1 or more.") }
      target.configuration.import.pageSize = pageSize
    }
    self.target = target
    partitions = try Self.selected(options.partition, in: target.configuration)
  }

  private static func selected(_ wanted: [DN], in configuration: Configuration) throws -> [Configuration.Partition] {
    guard !wanted.isEmpty else { return configuration.partitions }
    return try wanted.map { dn in
      guard let partition = configuration.partitions.first(where: { $0.dn == dn }) else {
        let known = configuration.partitions.map { "“\($0.dn)”" }.joined(separator: ", ")
        throw ValidationError("The configuration has no partition “\(dn)”; it has \(known).")
      }
      return partition
    }
  }

  func run(_ step: ImportSession.Step) async throws {
    try await withSession { session in
      try session.checkAnchor(for: step)
      let failure = try await run(session, partitions) { _ in step }
      if let keep = target.configuration.feedRetention { try trimFeed(of: session.store, keep: keep) }
      if let failure { throw failure }
    }
  }

  /// Releases or drops the held objects of the selected partitions that a selection picks.
  func runHeld(_ selection: HeldSelection, _ step: @escaping ([Hold]) -> ImportSession.Step) async throws {
    try await withSession { session in
      try session.checkAnchor(for: step([]))
      let holds = try session.store.holds(partition: nil).filter(selection.picks)
      guard !holds.isEmpty else { throw CommandFailure(.failure, "Nothing held matches; see `held list`.") }
      let known = try session.store.partitions()
      func own(_ partition: Configuration.Partition) -> [Hold] {
        let numbers = known.filter { (try? DN($0.dn)) == partition.dn }.map(\.number)
        return holds.filter { numbers.contains($0.partition) }
      }
      let failure = try await run(session, partitions.filter { !own($0).isEmpty }) { step(own($0)) }
      if let failure { throw failure }
    }
  }

  private func withSession(_ body: (ImportSession) async throws -> Void) async throws {
    for warning in target.configuration.connectionWarnings(resolve: target.resolve) {
      HostContext.current.output.error("Warning: \(warning)")
    }
    let session = try await ImportSession.open(target, wait: options.wait)
    do {
      try await body(session)
      await session.close()
    } catch {
      await session.close()
      throw error
    }
  }

  /// Runs every partition, so that one that fails does not keep the others waiting; returns the first failure.
  private func run(
    _ session: ImportSession, _ partitions: [Configuration.Partition],
    step: (Configuration.Partition) -> ImportSession.Step
  ) async throws -> (any Error)? {
    let output = HostContext.current.output
    var failure: (any Error)?
    for partition in partitions {
      let progress = ProgressLine("entries read", output: output)
      do {
        let report = try await session.run(step(partition), partition) { counts in
          Task { await progress.update(counts.read + counts.hints) }
        }
        await progress.finish()
        output.line(options.json ? report.json : report.text)
        failure = failure ?? Self.failure(of: report)
      } catch {
        await progress.finish()
        if partitions.count > 1 { output.error("\(partition.dn): \(error)") }
        failure = failure ?? error
      }
    }
    return failure
  }

  private static func failure(of report: RunReport) -> CommandFailure? {
    if !report.isComplete { return CommandFailure(.directory) }
    return report.counts.held > 0 ? CommandFailure(.deletesHeld) : nil
  }

  private func trimFeed(of store: SQLiteStore, keep: Int) throws {
    try store.begin()
    try store.trimFeed(keep: keep)
    try store.commit()
  }
}
