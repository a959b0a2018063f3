import ConnectorCore

extension Promise {
  static let hints: [Promise] = kinds + scope + shape

  private static let kinds = [
    following("hints.add", "An added entry is hinted.", "Ask for records of every kind of change") {
      try $0.apply(Population.person("uid=new,\(Population.people)"))
    },
    following("hints.modify", "A changed entry is hinted.", "Ask for records of every kind of change") {
      try $0.apply(Population.title("Chief", Population.ann))
    },
    following(
      "hints.delete", "A deleted entry is hinted.",
      "Read the log's deletes or the tombstones; where there is nothing of the kind, say so in readiness"
    ) {
      try $0.apply(Population.delete(Population.bob))
    },
    following(
      "hints.rename", "A renamed entry is hinted by its ID, its old DN or its new one.",
      "Hand over the old DN as `dn` and the new one as `newDN`"
    ) {
      try $0.apply(Population.rename(Population.ann, "uid=anne"))
    },
    following(
      "hints.move-branch", "A moved branch is hinted, at least its topmost entry.",
      "Servers write one record for a branch: hint it, with the new DN"
    ) {
      try $0.apply(Population.rename(Population.department, "ou=department", to: Population.archive))
    },
    following(
      "hints.rename-then-modify", "An entry that was renamed and changed afterwards is hinted.",
      "Hand over records as they are; do not join those of one DN"
    ) {
      let anne = "uid=anne,\(Population.people)"
      try $0.apply(Population.rename(Population.ann, "uid=anne") + Population.title("Chief", anne))
    },
    following(
      "hints.rename-then-delete", "An entry that was renamed and deleted afterwards is hinted.",
      "Hint the rename too: the delete's DN may be unknown to the connector"
    ) {
      let anne = "uid=anne,\(Population.people)"
      try $0.apply(Population.rename(Population.ann, "uid=anne") + Population.delete(anne))
    },
    following(
      "hints.delete-and-recreate", "Where an entry took the DN of a deleted one, both are hinted.",
      "Do not drop a delete because an add of the same DN follows"
    ) {
      try $0.apply(Population.delete(Population.ann) + Population.person(Population.ann))
    },
    following("hints.swapped-names", "Entries that swapped names are hinted.", "Hint each rename by itself") {
      let third = "uid=third,\(Population.people)"
      try $0.apply(
        Population.rename(Population.ann, "uid=third") + Population.rename(Population.bob, "uid=ann")
          + Population.rename(third, "uid=bob"))
    },
    following("hints.branch-deleted", "Every entry of a deleted branch is hinted.", "Read all deletes, page by page") {
      let eve = "uid=eve,ou=sub,\(Population.department)"
      let dora = "uid=dora,\(Population.department)"
      let branch = [eve, "ou=sub,\(Population.department)", dora, Population.department]
      try $0.apply(branch.map(Population.delete).joined())
    },
  ]

  private static let scope = [
    Promise(
      "hints.move-out", .hints, "An entry that moved out of the partition is hinted there.",
      remedy: "Decide by the old DN and the new one whether a record concerns the partition"
    ) { trial in
      try await trial.follow {
        try $0.apply(Population.rename(Population.ann, "uid=out", to: "ou=people,dc=other,dc=org"))
      }
    },
    Promise(
      "hints.move-in", .hints, "An entry that moved into the partition is hinted there.",
      remedy: "Decide by the old DN and the new one whether a record concerns the partition"
    ) { trial in
      try await trial.follow {
        try $0.apply(Population.rename("uid=ann,ou=people,dc=other,dc=org", "uid=in", to: Population.people))
      }
    },
    Promise(
      "hints.two-partitions", .hints, "Two partitions of one server each get their own changes.",
      remedy: "Take the partition from the argument; a checkpoint of one says nothing of the other"
    ) { trial in
      let scene = try trial.scene()
      var other = scene
      other.partition = try DN(Scene.partitions[1])
      let (first, second) = (try await scene.watermark(), try await other.watermark())
      let (truth, otherTruth) = (scene.truth(), other.truth())
      try scene.apply(Population.title("Chief", Population.ann))
      try scene.apply(Population.title("Chief", "uid=ann,ou=people,dc=other,dc=org"))
      try scene.apply(Population.delete(Population.bob))
      try scene.apply(Population.delete("uid=cid,ou=people,dc=other,dc=org"))
      try truth.expectCovered(by: try await scene.delta(since: first).hints)
      try otherTruth.expectCovered(by: try await other.delta(since: second).hints)
    },
    Promise(
      "hints.other-partition", .hints, "Changes of another partition alone are no hints.",
      remedy: "Leave out records whose old and new DN both lie outside of the partition"
    ) { trial in
      let scene = try trial.scene()
      let settled = try await scene.settled()
      try scene.apply(Population.title("Chief", "uid=ann,ou=people,dc=other,dc=org"))
      let hints = try await scene.delta(since: settled).hints
      try expect(hints.isEmpty, "hinted: \(hints.compactMap(\.dn))")
    },
    Promise(
      "hints.failed-operations", .hints, "Operations that failed are no hints.",
      remedy: "Ask the log for successes only, such as (reqResult=0)"
    ) { trial in
      let scene = try trial.scene()
      let settled = try await scene.settled()
      try scene.applyFailing(
        Population.delete("uid=nobody,\(Population.people)") + Population.person(Population.ann)
          + Population.delete(Population.people))
      let hints = try await scene.delta(since: settled).hints
      try expect(hints.isEmpty, "hinted: \(hints.compactMap(\.dn))")
    },
    Promise(
      "hints.idle", .hints, "Where nothing changed there is no hint, and the watermark stays as it is.",
      remedy: "Remember what was handed over at the boundary; a checkpoint without news is the old watermark"
    ) { trial in
      let scene = try trial.scene()
      let settled = try await scene.settled()
      let run = try await scene.delta(since: settled)
      try expect(run.hints.isEmpty, "\(run.hints.count) hints though nothing changed")
      try expect(run.watermark == settled, "“\(settled.position)” became “\(run.watermark.position)”")
    },
  ]

  private static let shape = [
    Promise(
      "hints.last-checkpoint", .hints, "The last batch of a run carries a checkpoint.",
      remedy: "End with a batch that has one, be it empty of hints"
    ) { trial in
      let scene = try trial.scene(pageSize: 2)
      let watermark = try await scene.watermark()
      try scene.applyMany(5)
      try expect(try await scene.delta(since: watermark).endsWithCheckpoint, "the last batch has none")
      let idle = try await scene.delta(since: try await scene.settled())
      try expect(idle.batches > 0 && idle.endsWithCheckpoint, "a run without news handed over no checkpoint")
    },
    Promise(
      "hints.named", .hints, "Each hint names an entry, and the record that it comes from.",
      remedy: "Fill `id` or `dn`, and `record` with what a person can look up in the log"
    ) { trial in
      let run = try await trial.follow { try $0.applyEveryKind() }
      for hint in run.hints {
        try expect(hint.id != nil || hint.dn != nil, "a hint of \(hint.record) names no entry")
        try expect(!hint.record.isEmpty, "the hint of \(hint.dn ?? hint.id ?? "") names no record")
      }
    },
    Promise(
      "hints.id-form", .hints, "IDs in hints are written as the adapter's immutable ID writes them.",
      remedy: "Make the text with `ImmutableID.text(of:)`, or hint the DN alone"
    ) { trial in
      guard let id = trial.adapter.immutableID else { return }
      let scene = try trial.scene()
      let known = Set(scene.directory.entries.compactMap { id.value(of: $0.entry) })
      let watermark = try await scene.watermark()
      try scene.applyEveryKind()
      let run = try await scene.delta(since: watermark)
      let now = Set(scene.directory.entries.compactMap { id.value(of: $0.entry) })
      let strange = run.hints.compactMap(\.id).filter { !known.contains($0) && !now.contains($0) }
      try expect(strange.isEmpty, "\(strange.first ?? "") is no ID of any entry, before or now")
    },
    Promise(
      "hints.no-false-delete", .hints, "Nothing is called deleted that was not.",
      remedy: "Use `.deleted` for a record of a delete alone, and `.changed` where nobody knows"
    ) { trial in
      let run = try await trial.follow {
        try $0.apply(Population.title("Chief", Population.ann) + Population.rename(Population.bob, "uid=rob"))
      }
      let deleted = run.hints.filter { $0.kind == .deleted }.compactMap { $0.dn ?? $0.id }
      try expect(deleted.isEmpty, "called deleted: \(deleted)")
    },
    Promise(
      "hints.new-dn", .hints, "A new DN in a hint is the DN that the entry got.",
      remedy: "Join the new RDN with the new superior, or where there is none with the old parent"
    ) { trial in
      let run = try await trial.follow {
        try $0.apply(Population.rename(Population.ann, "uid=anne", to: Population.archive))
        try $0.apply(Population.rename(Population.bob, "uid=rob"))
      }
      let right = ["uid=anne,\(Population.archive)", "uid=rob,\(Population.people)"].compactMap { try? DN($0) }
      for newDN in run.hints.compactMap(\.newDN) {
        try expect((try? DN(newDN)).map { right.contains($0) } ?? false, "the new DN is given as “\(newDN)”")
      }
    },
    Promise(
      "hints.sink-error", .hints, "An error of the sink ends the run, and passes through.",
      remedy: "Call the sink with `try`, and catch nothing that it throws"
    ) { trial in
      let scene = try trial.scene(pageSize: 2)
      let watermark = try await scene.watermark()
      try scene.applyMany(9)
      do {
        try await scene.strategy.hints(since: watermark, in: scene.partition, scene.reader) { _ in
          throw DeltaRun.Crash()
        }
      } catch is DeltaRun.Crash { return } catch { throw BrokenPromise("the sink's error became: \(error)") }
      throw BrokenPromise("the sink threw, and the run ended as if it had not")
    },
  ]

  private static func following(
    _ id: ID, _ sentence: String, _ remedy: String, _ changes: @escaping @Sendable (Scene) throws -> Void
  ) -> Promise {
    Promise(id, .hints, sentence, remedy: remedy) { trial in
      try await trial.follow { try changes($0) }
    }
  }
}

extension Scene {
  /// A watermark from which nothing is left to hint, the overlap included.
  func settled() async throws -> Watermark {
    var watermark = try await watermark()
    for _ in 0..<2 { watermark = try await delta(since: watermark).watermark }
    return watermark
  }

  /// An add, a modification, a rename, a move and a delete.
  func applyEveryKind() throws {
    try apply(
      Population.person("uid=new,\(Population.people)") + Population.title("Chief", Population.ann)
        + Population.rename(Population.bob, "uid=rob")
        + Population.rename(Population.department, "ou=department", to: Population.archive)
        + Population.delete(Population.cid))
  }
}
