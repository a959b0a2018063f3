import ConnectorCore

/// Ends work that takes longer than it may.
enum TimeLimit {
  /// Runs the work; past the limit it is cancelled.
  /// - Throws: what the work throws, or `DirectoryError` with the code `timeout`.
  static func run<Result: Sendable>(
    _ limit: Duration, _ operation: String, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw DirectoryError(
          .timeout, operation: operation,
          message: "not done within \(DurationText.write(limit)); see `connectionTimeout`, or --timeout")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }
}
