import ConnectorCore

/// The suite that tells an adapter's author, promise by promise, what holds and what does not.
public enum Conformance {
  /// Every promise, by area.
  public static let promises: [Promise] =
    Promise.detection + Promise.anchors + Promise.readiness + Promise.watermarks + Promise.continuity + Promise.hints
    + Promise.trouble + Promise.encodings

  /// Checks all promises, or those named, one after the other.
  /// - Parameter limit: how long one promise may take; one that takes longer is cancelled, and broken.
  public static func run(
    _ subject: ConformanceSubject, only ids: Set<Promise.ID>? = nil, limit: Duration = .seconds(300)
  ) async -> ConformanceReport {
    var verdicts: [ConformanceReport.Verdict] = []
    for promise in promises where ids?.contains(promise.id) ?? true {
      let outcome = await outcome(of: promise, subject, limit)
      verdicts.append(ConformanceReport.Verdict(promise: promise, outcome: outcome))
    }
    return ConformanceReport(adapter: subject.adapter.name, verdicts: verdicts)
  }

  private static func outcome(
    of promise: Promise, _ subject: ConformanceSubject, _ limit: Duration
  ) async -> ConformanceReport.Outcome {
    let trial = Trial(subject)
    guard !promise.needsDelta || trial.hasDelta else { return withoutDelta(subject.adapter) }
    do {
      try await check(promise, trial, limit)
      return .kept
    } catch is CancellationError {
      return .broken("did not end within \(limit)")
    } catch {
      let evidence = (error as? BrokenPromise)?.evidence ?? "ended with the error: \(error)"
      guard let reason = subject.cannot[promise.id] else { return .broken(evidence) }
      guard !promise.needsDelta else { return await declared(reason, evidence, trial) }
      return .declared(reason)
    }
  }

  /// Cancels a check that takes too long; a strategy that reads on for ever is stopped by its next search.
  private static func check(_ promise: Promise, _ trial: Trial, _ limit: Duration) async throws {
    let work = Task { try await promise.check(trial) }
    let alarm = Task {
      try await Task.sleep(for: limit)
      work.cancel()
    }
    defer { alarm.cancel() }
    try await work.value
  }

  private static func withoutDelta(_ adapter: VendorAdapter) -> ConformanceReport.Outcome {
    let sentence = adapter.deltaUnavailable
    guard sentence.split(separator: " ").count >= 4 else {
      return .broken("there is no delta, and deltaUnavailable (“\(sentence)”) does not tell an operator why")
    }
    return .declared(sentence)
  }

  /// What an adapter cannot do, it must say itself: a silent one loses changes.
  private static func declared(_ reason: String, _ evidence: String, _ trial: Trial) async -> ConformanceReport.Outcome
  {
    if await trial.adapterSaysSo() { return .declared(reason) }
    return .broken(
      "declared as impossible (\(reason)), but neither readiness nor continuity says so to the operator; \(evidence)")
  }
}
