import ConnectorCore

extension Promise {
  static let trouble: [Promise] = order + steps + faults

  private static let order = [
    Promise(
      "hints.inclusive-boundary", .hints, "A change that shares time or number with the last one read is hinted.",
      remedy: "Ask for records from the watermark on, inclusive, and leave out those handed over before"
    ) { trial in
      let scene = try trial.scene()
      scene.directory.tick = .zero
      var watermark = try await scene.watermark()
      for dn in [Population.ann, Population.bob, Population.cid] {
        let truth = scene.truth()
        try scene.apply(Population.title("Chief", dn))
        let run = try await scene.delta(since: watermark)
        try truth.expectCovered(by: run.hints)
        watermark = run.watermark
      }
    },
    Promise(
      "hints.ties", .hints, "Many changes of one moment are all hinted, over page ends too.",
      remedy: "Order by something that has no ties, or hold every record of the boundary"
    ) { trial in
      let scene = try trial.scene(pageSize: 2) { $0.tick = .zero }
      try await trial.follow(scene) { try $0.applyMany(9) }
    },
    Promise(
      "hints.duplicates", .hints, "A change that the log holds twice is hinted, and does no harm.",
      remedy: "Do not count on records being unique"
    ) { trial in
      try await trial.follow(pageSize: 1) {
        try $0.apply(Population.title("Chief", Population.ann))
        $0.directory.repeatLastRecord()
        try $0.apply(Population.delete(Population.bob))
        $0.directory.repeatLastRecord()
      }
    },
    Promise(
      "hints.late-records", .hints, "A record that comes into sight after a later one was read is hinted.",
      remedy: "Read an overlap again, or move the watermark only over what is complete"
    ) { trial in
      let scene = try trial.scene()
      var watermark = try await scene.watermark()
      let truth = scene.truth()
      var hints: [Hint] = []
      for round in 0..<3 {
        scene.directory.hold()
        try scene.apply(Population.title("Late \(round)", Population.ann))
        try scene.apply(Population.person("uid=late\(round),\(Population.people)"))
        let held = scene.directory.takeHeld()
        try scene.apply(Population.title("Early \(round)", Population.bob))
        let run = try await scene.delta(since: watermark)
        hints += run.hints
        watermark = run.watermark
        try scene.directory.commit(held)
      }
      hints += try await scene.delta(since: watermark).hints
      try truth.expectCovered(by: hints)
    },
    Promise(
      "hints.scrambled", .hints, "The order in which the log answers does not matter.",
      remedy: "Move no checkpoint over a record because a higher one was read; the server need not sort"
    ) { trial in
      for order in [Faults.Order.reversed, .shuffled(seed: 1), .shuffled(seed: 2), .shuffled(seed: 3)] {
        let scene = try trial.scene(pageSize: 3)
        try await trial.follow(scene) {
          try $0.applyMany(12)
          $0.directory.faults.order = order
        }
      }
    },
    Promise(
      "hints.large-numbers", .hints, "Numbers above 2^32, and above 2^53, are read as they are.",
      remedy: "Use 64-bit integers, and compare numbers as numbers, not as text or floating point"
    ) { trial in
      for start in [9, 99, 1 << 31 - 20, 1 << 32 - 20, 1 << 53 - 20] as [UInt64] {
        let scene = try trial.scene { $0.startNumbers(at: start) }
        var watermark = try await scene.watermark()
        for round in 0..<3 {
          let truth = scene.truth()
          try scene.applyMany(8, from: round * 10)
          let run = try await scene.delta(since: watermark)
          try truth.expectCovered(by: run.hints)
          watermark = run.watermark
        }
      }
    },
  ]

  private static let steps = [
    Promise(
      "hints.page-size-one", .hints, "Pages of one entry lose nothing.",
      remedy: "Let DirectoryReader do the paging, and read to its end"
    ) { trial in
      try await trial.follow(pageSize: 1) { try $0.applyEveryKind() }
    },
    Promise(
      "hints.crash", .hints,
      "A run that dies after any batch loses nothing when the next starts at its last checkpoint.",
      remedy: "Put a checkpoint into a batch only when everything below it has been handed over"
    ) { trial in
      for order in [Faults.Order.stored, .reversed, .shuffled(seed: 5)] {
        var stop = 0
        while try await trial.crashIsSafe(after: stop, order) { stop += 1 }
      }
    },
    Promise(
      "hints.change-during-read", .hints, "What changes while the log is being read is hinted by this run or the next.",
      remedy: "Let the checkpoint say what was read, not what was newest at the end"
    ) { trial in
      let scene = try trial.scene(pageSize: 2)
      let watermark = try await scene.watermark()
      let truth = scene.truth()
      try scene.applyMany(7)
      let run = try await scene.delta(since: watermark) {
        scene.directory.betweenPages { scene.change($0) }
      }
      scene.directory.betweenPages(nil)
      try truth.expectCovered(by: run.hints + (try await scene.delta(since: run.watermark).hints))
    },
    Promise(
      "hints.change-after-read", .hints,
      "What changes between a strategy's own searches is hinted by this run or the next.",
      remedy: "Read the end position before the records, never after them"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      let truth = scene.truth()
      let run = try await scene.delta(since: watermark) {
        scene.directory.afterSearch { scene.change($0) }
      }
      scene.directory.afterSearch(nil)
      try truth.expectCovered(by: run.hints + (try await scene.delta(since: run.watermark).hints))
    },
    Promise(
      "hints.concurrent-writers", .hints,
      "Writers whose changes come into sight out of turn, under a running read, lose nothing.",
      remedy: "Read an overlap again, or move the watermark only over what is complete"
    ) { trial in
      let scene = try trial.scene(pageSize: 2)
      let watermark = try await scene.watermark()
      let truth = scene.truth()
      scene.directory.hold()
      try scene.applyMany(5)
      let first = try await scene.delta(since: watermark) {
        scene.directory.betweenPages { try? $0.release(reversed: true) }
      }
      scene.directory.betweenPages(nil)
      try scene.directory.release()
      try scene.applyMany(3, from: 50)
      let second = try await scene.delta(since: first.watermark)
      try truth.expectCovered(by: first.hints + second.hints)
    },
    Promise(
      "hints.many", .hints, "Hundreds of changes are all hinted.",
      remedy: "Hand batches over as pages arrive; set no limit of your own"
    ) { trial in
      try await trial.follow(pageSize: 50) { try $0.applyMany(400) }
    },
  ]

  private static let faults = [
    surviving("hints.size-limit", "A size limit that cut the answer short is an error, never the end.") {
      $0.sizeLimit = 2
    },
    surviving("hints.admin-limit", "An administrative limit is an error, never the end.") { $0.adminLimit = 2 },
    surviving("hints.page-cut", "A page without its response control is an error, never the end.") { $0.pageCut = 1 },
    Promise(
      "hints.busy", .hints, "A server that is busy ends the run with an error.",
      remedy: "Let the DirectoryError pass"
    ) { trial in
      let scene = try trial.scene()
      let places = scene.directory.logContainers + [scene.partition.string]
      try await trial.expectNothingLost { faults in
        for dn in places.compactMap({ try? DN($0) }) { faults.failing[dn] = .busy }
      }
    },
    Promise(
      "hints.empty-answer", .hints, "An empty answer with success does not pass for “nothing changed”.",
      remedy: "Prove by a counter or by the last record that the log was really read"
    ) { trial in
      let scene = try trial.scene()
      let places = scene.directory.logContainers + [scene.partition.string]
      try await trial.expectNothingLost { faults in faults.empty = places.compactMap { try? DN($0) } }
    },
    Promise(
      "hints.hidden-log", .hints, "A log that vanished does not pass for “nothing changed”.",
      remedy: "Take noSuchObject at the log for an error, not for an empty log"
    ) { trial in
      let containers = try trial.scene().directory.logContainers
      try await trial.expectNothingLost { faults in faults.hidden = containers.compactMap { try? DN($0) } }
    },
  ]

  private static func surviving(
    _ id: ID, _ sentence: String, _ trouble: @escaping @Sendable (inout Faults) -> Void
  ) -> Promise {
    Promise(id, .hints, sentence, remedy: "Let the DirectoryError pass; what came before it is not all") { trial in
      try await trial.expectNothingLost(pageSize: 2, trouble)
      try await trial.expectNothingLost(pageSize: 1, trouble)
    }
  }
}

extension Scene {
  /// One more entry and one more change, a limited number of times so that every read comes to its end.
  func change(_ directory: MemoryDirectory) {
    let number = directory.history.count
    guard number < 80 else { return }
    try? directory.apply(ldif: Population.person("uid=more\(number),\(Population.people)"))
    try? directory.apply(ldif: Population.title("T\(number)", Population.ann))
  }
}

extension Trial {
  /// Stops a run after so many batches, and lets another one take over from the last checkpoint.
  /// - Returns: whether the first run had more batches than that.
  func crashIsSafe(after stop: Int, _ order: Faults.Order) async throws -> Bool {
    let scene = try scene(pageSize: 2)
    let watermark = try await scene.watermark()
    let truth = scene.truth()
    try scene.applyMany(5)
    try scene.apply(Population.delete(Population.bob) + Population.rename(Population.ann, "uid=anne"))
    scene.directory.faults.order = order
    let first = try await scene.delta(since: watermark, stopAfter: stop)
    let second = try await scene.delta(since: first.watermark)
    do { try truth.expectCovered(by: first.hints + second.hints) } catch let broken as BrokenPromise {
      throw BrokenPromise("after a stop at batch \(stop): \(broken.evidence)")
    }
    return first.isStopped
  }
}
