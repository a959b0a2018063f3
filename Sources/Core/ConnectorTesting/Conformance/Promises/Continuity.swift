import ConnectorCore

extension Promise {
  static let continuity: [Promise] = reach + identityOfLog + unreadable

  private static let reach = [
    Promise(
      "continuity.unbroken", .continuity, "While the log reaches back, continuity says so, with and without changes.",
      remedy: "Compare the watermark with the oldest record, inclusive, and not with the number of records"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      try await scene.expectUnbroken(watermark, "with nothing changed")
      try scene.apply(Population.title("Chief", Population.ann) + Population.delete(Population.bob))
      try await scene.expectUnbroken(watermark, "with two changes since")
      try await scene.expectUnbroken(try await scene.delta(since: watermark).watermark, "at a checkpoint")
    },
    Promise(
      "continuity.trimmed", .continuity, "A log that was trimmed past the watermark is lost.",
      remedy: "Look for the first number, or for the last record read; absent means trimmed"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      try scene.applyMany(20)
      scene.directory.trimLog(keeping: 3)
      try await scene.expectLost(watermark, "17 of 20 records were trimmed")
    },
    Promise(
      "continuity.trimmed-to-nothing", .continuity, "A log that was trimmed to its end is lost, not empty.",
      remedy: "Tell “nothing happened” from “nothing is left”: keep what proves where the log stood"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      try scene.applyMany(5)
      scene.directory.trimLog(keeping: 0)
      try await scene.expectLost(watermark, "all records were trimmed")
    },
    Promise(
      "continuity.trimmed-from-empty", .continuity,
      "A watermark of an empty log is lost once records after it were trimmed.",
      remedy: "The position “the beginning” is reached only while the first record is still there"
    ) { trial in
      let scene = try trial.scene(isEmpty: true)
      let watermark = try await scene.watermark()
      try scene.apply((0..<8).map { Population.person("uid=n\($0),\(scene.partition)") }.joined())
      scene.directory.trimLog(keeping: 2)
      try await scene.expectLost(watermark, "six of eight records were trimmed")
    },
    Promise(
      "continuity.trim-of-what-was-read", .continuity, "A trim of records that were read long ago costs nothing.",
      remedy: "Compare with the watermark, not with the start of the log"
    ) { trial in
      let scene = try trial.scene()
      try scene.applyMany(5)
      let watermark = try await scene.watermark()
      try scene.applyMany(5, from: 50)
      scene.directory.trimLog(keeping: 8)
      try await scene.expectUnbroken(watermark, "records before the watermark were trimmed")
    },
    Promise(
      "continuity.trimmed-meanwhile", .continuity, "A trim that overtakes a running read loses nothing silently.",
      remedy: "Look again, after the read, whether the log still reaches back, and throw WatermarkLost if not"
    ) { trial in
      let scene = try trial.scene(pageSize: 2)
      let watermark = try await scene.watermark()
      let truth = scene.truth()
      try scene.applyMany(20)
      let run = try? await scene.delta(since: watermark) {
        scene.directory.betweenPages { $0.trimLog(keeping: 1) }
      }
      guard let run else { return }
      try truth.expectCovered(by: run.hints)
    },
  ]

  private static let identityOfLog = [
    Promise(
      "continuity.other-server", .continuity, "A watermark of another server is lost.",
      remedy: "Compare `server` of the watermark with what the server says now, before anything else"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      scene.directory.replaceServer()
      try scene.applyMany(3)
      try await scene.expectLost(watermark, "another server answers, whose numbers have come as far")
    },
    Promise(
      "continuity.reset-counter", .continuity, "A log whose numbers went back is lost.",
      remedy: "A watermark above the newest number tells of a restored copy"
    ) { trial in
      let scene = try trial.scene()
      try scene.applyMany(5)
      let number = scene.directory.history.last?.stamp.number ?? 0
      let watermark = try await scene.watermark()
      scene.directory.resetCounter(to: number - 4)
      try await scene.expectLost(watermark, "the log was restored from an older copy")
    },
    Promise(
      "continuity.regrown-counter", .continuity, "A log whose numbers went back and grew past the watermark is lost.",
      remedy: "Keep the last record read in the watermark, and look whether it is still the same"
    ) { trial in
      let scene = try trial.scene()
      try scene.applyMany(5)
      let number = scene.directory.history.last?.stamp.number ?? 0
      let watermark = try await scene.watermark()
      scene.directory.resetCounter(to: number - 4)
      try scene.applyMany(12, from: 100)
      try await scene.expectLost(watermark, "the log was restored from an older copy, and grew past the watermark")
    },
    Promise(
      "continuity.other-method", .continuity, "A watermark of another method is lost.",
      remedy: "Compare the watermark's method first"
    ) { trial in
      let scene = try trial.scene()
      var watermark = try await scene.watermark()
      watermark.method = "another-method"
      try await scene.expectLost(watermark, "another method wrote the watermark")
    },
    Promise(
      "continuity.other-version", .continuity, "A watermark of a version that the adapter does not know is lost.",
      remedy: "Compare the watermark's version before the position is read"
    ) { trial in
      let scene = try trial.scene()
      var watermark = try await scene.watermark()
      watermark.version += 1_000
      try await scene.expectLost(watermark, "a later version wrote the watermark")
    },
    Promise(
      "continuity.garbage", .continuity, "A position that cannot be read is lost, and traps nothing.",
      remedy: "Parse the position with care: no index, no number and no key may be taken for granted"
    ) { trial in
      let scene = try trial.scene()
      let garbage = ["", "{}", "null", "\0", "-1", "[]", "99999999999999999999999", "{\"last\":-1}", "\u{FEFF}x"]
      for position in garbage + [String(repeating: "[", count: 20_000)] {
        var watermark = try await scene.watermark()
        watermark.position = position
        try await scene.expectLost(watermark, "the position is “\(position.prefix(30))”")
      }
    },
    Promise(
      "continuity.reason", .continuity, "What is lost comes with a reason that a person can check.",
      remedy: "Say in the reason what was compared, and what was found"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      scene.directory.replaceServer()
      guard case .lost(let reason) = try await scene.continuity(of: watermark) else {
        throw BrokenPromise("another server answers, and continuity is unbroken")
      }
      try expect(reason.split(separator: " ").count >= 4, "the reason is “\(reason)”")
    },
  ]

  private static let unreadable = [
    Promise(
      "continuity.busy", .continuity, "A log that cannot be read at the moment is neither unbroken nor lost.",
      remedy: "Let the DirectoryError pass; the run can be tried again"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      guard !scene.directory.logContainers.isEmpty else { return }
      for container in scene.directory.logContainers { scene.directory.faults.failing[try DN(container)] = .busy }
      let answer: Continuity?
      do { answer = try await scene.continuity(of: watermark) } catch { answer = nil }
      guard let answer, answer == .unbroken else {
        return try expect(answer == nil, "a busy server makes the watermark lost: \(String(describing: answer))")
      }
      scene.directory.faults = Faults()
      throw BrokenPromise("unbroken, though the log could not be read")
    },
    Promise(
      "continuity.rights-revoked", .continuity,
      "Where the account lost its right to the log, no run ends as if nothing happened.",
      remedy: "Look for a record that was there; if it is gone and nothing shows that it was trimmed, say lost"
    ) { trial in
      try await trial.expectNothingLost { $0.hidesRecords = true }
    },
  ]
}

extension Scene {
  /// Many changes, each of a person of its own.
  func applyMany(_ count: Int, from first: Int = 0) throws {
    let people = "ou=people,\(partition)"
    try apply((first..<first + count).map { Population.person("uid=n\($0),\(people)") }.joined())
  }

  func expectUnbroken(_ watermark: Watermark, _ what: String) async throws {
    if case .lost(let reason) = try await continuity(of: watermark) {
      throw BrokenPromise("\(what), the watermark is lost: \(reason)")
    }
  }

  func expectLost(_ watermark: Watermark, _ what: String) async throws {
    try expect(try await continuity(of: watermark) != .unbroken, "\(what), and continuity is unbroken")
  }
}

extension Trial {
  /// Expects that runs during and after some trouble hint every change together.
  func expectNothingLost(pageSize: Int = 2, changes: Int = 9, _ trouble: (inout Faults) -> Void) async throws {
    let scene = try scene(pageSize: pageSize)
    let watermark = try await scene.watermark()
    let truth = scene.truth()
    try scene.applyMany(changes)
    try scene.apply(Population.delete(Population.cid))
    try truth.expectCovered(by: try await scene.deltaThroughTrouble(since: watermark, trouble).hints)
  }
}
