/// Sends a chunk until every operation has an answer: what the server is too busy for is sent again, and what was lost
/// with a connection is judged by the directory before it is sent again.
extension ExportRun {
  /// Never throws: what is known must not be lost with an error.
  func deliver(_ outgoing: [Outgoing]) async -> Delivery {
    var round = Round(waiting: outgoing)
    var failures = 0
    while !round.waiting.isEmpty || !round.doubtful.isEmpty {
      let before = round.results.count
      do {
        try await send(&round)
        try await judge(&round)
      } catch {
        return round.ended(by: error, plan.plan)
      }
      if Task.isCancelled { return round.ended(by: CancellationError(), plan.plan) }
      guard !round.waiting.isEmpty || !round.doubtful.isEmpty else { break }
      failures = round.results.count > before ? 1 : failures + 1
      if let error = round.lastLoss, failures >= patience.tries { return round.ended(by: error, plan.plan) }
      let pleas = (round.waiting + round.doubtful.map(\.item)).map(\.failures).max() ?? 0
      if round.lastLoss != nil || pleas > 0 {
        do { try await Task.sleep(for: patience.wait(after: max(failures, pleas))) } catch {
          return round.ended(by: error, plan.plan)
        }
      }
      report.counts.retried += round.waiting.count
    }
    return Delivery(results: round.results)
  }

  /// What of a chunk is still open.
  struct Round {
    var waiting: [Outgoing]
    /// Sent, and either not answered or refused though an earlier try may have been carried out.
    var doubtful: [(item: Outgoing, refusal: DirectoryError?)] = []
    var results: [OperationResult] = []
    /// Why the last session was lost; nil while it is not.
    var lastLoss: DirectoryError?

    init(waiting: [Outgoing]) { self.waiting = waiting }

    mutating func end(_ item: Outgoing, _ plan: String, _ fate: OperationResult.Fate) {
      results.append(OperationResult(operation: item.operation, partition: item.partition, fate: fate, plan: plan))
    }

    /// The results when nothing more can be sent: what may have been carried out stays open.
    func ended(by error: any Error, _ plan: String) -> Delivery {
      var round = self
      for item in waiting { round.end(item, plan, item.wasSent ? .unknown : .unsent) }
      for (item, _) in doubtful { round.end(item, plan, item.wasSent ? .unknown : .unsent) }
      return Delivery(results: round.results, error: error)
    }
  }

  private func send(_ round: inout Round) async throws {
    guard !round.waiting.isEmpty else { return }
    let items = round.waiting
    let (session, generation) = try await connection.writer()
    let answers: [WriteAnswer]
    do {
      answers = try await session.write(items.map(\.request))
    } catch let error as DirectoryError where error.isRetriable || error.endsSession {
      round.lastLoss = error
      return await connection.lost(generation)
    }
    round.waiting = []
    round.lastLoss = nil
    for (item, answer) in zip(items, answers) { take(answer, of: item, &round) }
    if round.lastLoss != nil { await connection.lost(generation) }
  }

  private func take(_ answer: WriteAnswer, of item: Outgoing, _ round: inout Round) {
    var item = item
    switch answer {
    case .done(let outcome): round.end(item, plan.plan, .done(outcome.after, id: nil))
    case .unknown(let error):
      item.wasSent = true
      round.lastLoss = error
      round.doubtful.append((item, nil))
    case .unsent(let error):
      if error.code != .cancelledHere { round.lastLoss = error }
      round.waiting.append(item)
    case .refused(let error) where error.isRetriable || isPart(error, of: item):
      item.failures += 1
      if item.failures < patience.tries {
        round.waiting.append(item)
      } else {
        let words = "\(OperationRemedies.words(of: error)), after \(item.failures) tries"
        round.end(item, plan.plan, .failed(words, remedy: "Carry the plan out again when the server has time."))
      }
    case .refused(let error) where item.wasSent || error.code == .assertionFailed:
      round.doubtful.append((item, error))
    case .refused(let error): fail(item, error, &round)
    }
  }

  /// Servers delete so many entries of a tree in one request, and want to be asked again for the rest.
  private func isPart(_ error: DirectoryError, of item: Outgoing) -> Bool {
    item.operation.kind == .deleteTree && error.code == .adminLimitExceeded
  }

  private func fail(_ item: Outgoing, _ error: DirectoryError, _ round: inout Round) {
    round.end(
      item, plan.plan, .failed(OperationRemedies.words(of: error), remedy: OperationRemedies.remedy(for: error)))
  }

  /// Looks whether doubtful operations were carried out after all.
  private func judge(_ round: inout Round) async throws {
    guard !round.doubtful.isEmpty else { return }
    let doubtful = round.doubtful
    let sent = doubtful.filter(\.item.wasSent)
    let verdicts = try await verdicts(sent.map { ($0.item.operation, $0.item.partition) })
    let changed = doubtful.filter { !$0.item.wasSent }.map(\.item)
    let objections = try await objections(Array(changed.indices), changed)
    round.doubtful = []
    for ((item, refusal), verdict) in zip(sent, verdicts) { take(verdict, of: item, refusal, &round) }
    for (index, item) in changed.enumerated() { recheck(item, objections[index], &round) }
  }

  private func take(
    _ verdict: Judgement, of item: Outgoing, _ refusal: DirectoryError?, _ round: inout Round
  ) {
    var item = item
    switch (verdict.verdict, refusal) {
    case (.done, _): round.end(item, plan.plan, .done(nil, id: verdict.id))
    case (.notDone, nil): round.waiting.append(item)
    case (.notDone, let refusal?) where refusal.code == .assertionFailed:
      item.wasSent = false
      round.doubtful.append((item, refusal))
    case (.notDone, let refusal?), (.unknown, let refusal?): fail(item, refusal, &round)
    case (.unknown(let why), nil):
      item.failures += 1
      if item.failures < patience.tries {
        round.doubtful.append((item, nil))
      } else {
        round.end(item, plan.plan, .unknown)
        report.add(
          Finding(
            .error, object: item.operation.dn,
            "Nobody knows whether operation \(item.operation.number) was carried out: \(why)",
            remedy: "The next run looks again."))
      }
    }
  }

  /// The assertion failed: another version of the entry may still be what was planned with, as where a server mends
  /// references by itself.
  private func recheck(_ item: Outgoing, _ objection: String?, _ round: inout Round) {
    var item = item
    guard objection == nil, !item.isRead, item.operation.state != nil else {
      let how = objection ?? "its version is another one"
      return round.end(item, plan.plan, .refused(Self.changed(how)))
    }
    item.isRead = true
    item.request.assertion = item.partition.watch.assertion(item.operation, isRead: true)
    round.waiting.append(item)
  }
}
