import ConnectorCore

extension Promise {
  static let readiness = [
    Promise(
      "readiness.healthy", .readiness, "Where log and rights are as they should be, readiness proves it.",
      remedy: "Read what the delta will read, and add a finding `.available` with what was seen"
    ) { trial in
      let readiness = try await trial.scene().readiness()
      try expect(readiness.status == .available, "status “\(readiness.status.rawValue)”: \(readiness.words)")
    },
    Promise(
      "readiness.hidden-records", .readiness, "Where the account sees no record, readiness is not “available”.",
      remedy: "An empty answer with success proves nothing: look for a record, or a counter, that must be there"
    ) { trial in
      let scene = try trial.scene()
      try scene.apply(Population.delete(Population.cid))
      guard !scene.directory.logContainers.isEmpty else { return }
      scene.directory.faults.hidesRecords = true
      let readiness = try await scene.readiness()
      try expect(readiness.status != .available, "“available” with every record hidden: \(readiness.words)")
    },
    Promise(
      "readiness.hidden-log", .readiness, "Where the log itself cannot be seen, readiness says so and does not fail.",
      remedy: "Turn noSuchObject and insufficientAccessRights into a finding with a remedy"
    ) { trial in
      try await trial.expectRefusal("the log is hidden") { faults, scene in
        faults.hidden = scene.directory.logContainers.compactMap { try? DN($0) }
      }
    },
    Promise(
      "readiness.hidden-partition", .readiness,
      "Where the partition cannot be seen, readiness says so and does not fail.",
      remedy: "Read the partition's topmost entry first, and turn its absence into a finding with a remedy"
    ) { trial in
      let scene = try trial.scene()
      scene.directory.faults.hidden = [scene.partition]
      let readiness = try await scene.readiness()
      try expect(readiness.status != .available, "“available” for a partition that nobody sees: \(readiness.words)")
    },
    Promise(
      "readiness.no-rights", .readiness, "Where the log refuses the account, readiness says so and does not fail.",
      remedy: "Turn insufficientAccessRights into a finding with a remedy"
    ) { trial in
      try await trial.expectRefusal("the log refuses the account") { faults, scene in
        for container in scene.directory.logContainers {
          faults.failing[try DN(container)] = .insufficientAccessRights
        }
      }
    },
    Promise(
      "readiness.busy", .readiness, "A server that is busy is never taken for one that is ready.",
      remedy: "Let the error pass, or make a finding that is not `.available` of it"
    ) { trial in
      let scene = try trial.scene()
      for place in scene.directory.logContainers + [scene.partition.string] {
        scene.directory.faults.failing[try DN(place)] = .busy
      }
      guard let readiness = try? await scene.readiness() else { return }
      try expect(readiness.status != .available, "“available” of a busy server: \(readiness.words)")
    },
    Promise(
      "readiness.empty-log", .readiness, "A log without any record yet is no failure.",
      remedy: "Answer with a finding; throw only where the connection is lost"
    ) { trial in
      let readiness = try await trial.scene(isEmpty: true).readiness()
      try expect(!readiness.findings.isEmpty, "no finding at all for an empty log")
    },
    Promise(
      "readiness.remedy", .readiness, "Every finding tells what was seen; every bad one also tells what to do.",
      remedy: "Give each finding evidence, and each one that is not `.available` a remedy in the product's own terms"
    ) { trial in
      let scene = try trial.scene()
      var answers = [try await scene.readiness()]
      scene.directory.faults.hidesRecords = true
      answers.append(try await scene.readiness())
      scene.directory.faults.hidden = [scene.partition]
      answers.append(try await scene.readiness())
      for finding in answers.flatMap(\.findings) {
        try expect(!finding.evidence.isEmpty, "a finding “\(finding.status.rawValue)” has no evidence")
        let isHelpful = finding.status != .unavailable || finding.remedy?.isEmpty == false
        try expect(isHelpful, "no remedy for: \(finding.evidence)")
      }
    },
    Promise(
      "readiness.changes-nothing", .readiness, "Asking for readiness changes no answer that comes after it.",
      remedy: "Keep no state; a strategy is a value that is made anew for each run"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      let first = try await scene.readiness()
      let second = try await scene.readiness()
      try expect(first == second, "asked twice, readiness gave two answers")
      try expect(try await scene.watermark() == watermark, "the watermark moved though nothing changed")
    },
  ]
}

extension Readiness {
  /// The findings in a line.
  var words: String { findings.map { "\($0.status.rawValue): \($0.evidence)" }.joined(separator: "; ") }
}

extension Trial {
  /// Expects readiness to answer, and not with “available”; where the product has no log, there is nothing to hide.
  func expectRefusal(_ what: String, _ fault: (inout Faults, Scene) throws -> Void) async throws {
    let scene = try scene()
    guard !scene.directory.logContainers.isEmpty else { return }
    var faults = Faults()
    try fault(&faults, scene)
    scene.directory.faults = faults
    let readiness = try await scene.readiness()
    try expect(readiness.status != .available, "“available” while \(what): \(readiness.words)")
  }
}
