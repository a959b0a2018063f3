import ConnectorCore
import ConnectorTesting
import Testing

@Suite struct SuiteTests {
  @Test func aCorrectAdapterKeepsEveryPromise() async throws {
    let report = await Conformance.run(try Acme.subject())
    let others = report.verdicts.filter { $0.outcome != .kept }.map { "\($0.promise.id): \($0.outcome)" }
    #expect(others.isEmpty, "\(others.joined(separator: "\n"))")
    #expect(report.isKept)
  }

  @Test func thereAreAtLeastSixtyPromisesWithNamesOfTheirOwn() {
    let promises = Conformance.promises
    #expect(promises.count >= 60)
    #expect(Set(promises.map(\.id)).count == promises.count)
    for promise in promises {
      #expect(promise.sentence.hasSuffix("."), "\(promise.id): \(promise.sentence)")
      #expect(promise.remedy.split(separator: " ").count >= 4, "\(promise.id): \(promise.remedy)")
    }
  }

  @Test func everyPromiseHasASaboteur() {
    let missing = Set(Conformance.promises.map(\.id)).subtracting(Saboteur.all.map(\.breaks))
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  @Test(arguments: Saboteur.all)
  func aSaboteurIsCaughtByThePromiseThatItBreaks(_ saboteur: Saboteur) async throws {
    var subject = try Acme.subject()
    saboteur.sabotage(&subject)
    let report = await Conformance.run(subject, only: [saboteur.breaks])
    #expect(report.broken.map(\.promise.id) == [saboteur.breaks], "\(saboteur.how) was not caught")
    guard !saboteur.throws else { return }
    // An error would show that it was caught for something else.
    #expect(!report.description.contains("ended with the error"), "\(report)")
  }

  @Test func whatAnAdapterDeclaresAndSaysItselfIsNotBroken() async throws {
    var subject = try Acme.subject()
    subject.adapter = .acme(passingOver: { $0.string("changeType") == "delete" })
    subject.cannot = ["hints.delete": "the log has no deletes"]
    let silent = await Conformance.run(subject, only: ["hints.delete"])
    #expect(silent.broken.map(\.promise.id) == ["hints.delete"])
    subject.adapter = .acme { sabotage in
      sabotage.reader = { EditingReader(base: $0) { page, _ in page.filter { $0.string("changeType") != "delete" } } }
      sabotage.readiness = { sabotage, partition, reader in
        var readiness = try await sabotage.base.readiness(of: partition, reader)
        readiness.findings.append(.init(.unknown, "deletes are not in the log", remedy: "Run a full import for them"))
        return readiness
      }
    }
    let said = await Conformance.run(subject, only: ["hints.delete"])
    #expect(said.verdicts.map(\.outcome) == [.declared("the log has no deletes")])
  }

  @Test func withoutADeltaItsSentenceStandsForAllPromisesAboutIt() async throws {
    var subject = try Acme.subject()
    subject.adapter.delta = { _ in nil }
    subject.adapter.deltaUnavailable = "Acme keeps no change log; run full imports."
    let report = await Conformance.run(subject)
    #expect(report.isKept)
    for verdict in report.verdicts where verdict.promise.needsDelta {
      #expect(verdict.outcome == .declared(subject.adapter.deltaUnavailable))
    }
    subject.adapter.deltaUnavailable = "no"
    #expect(await Conformance.run(subject, only: ["hints.add"]).broken.count == 1)
  }

  @Test func aStrategyThatReadsForEverIsStopped() async throws {
    var subject = try Acme.subject()
    subject.adapter = .acme { sabotage in
      sabotage.hand = { sabotage, mark, partition, reader, sink in
        while true { try await sabotage.base.hints(since: mark, in: partition, reader, to: sink) }
      }
    }
    let report = await Conformance.run(subject, only: ["hints.add"], limit: .milliseconds(300))
    #expect(report.verdicts.map(\.outcome) == [.broken("did not end within \(Duration.milliseconds(300))")])
  }

  @Test func aReportTellsAnAuthorWhatWasSeenAndWhatToDo() async throws {
    var subject = try Acme.subject()
    subject.adapter.name = "Acme Directory"
    let report = await Conformance.run(subject, only: ["adapter.name", "adapter.as-expected"])
    let text = report.description
    #expect(text.contains("BROKEN    adapter.name"))
    #expect(text.contains("Seen: the name is “Acme Directory”"))
    #expect(text.contains("To do: Name the adapter"))
    #expect(text.contains("kept      adapter.as-expected"))
    #expect(text.hasSuffix("Acme Directory: 2 promises, 1 broken"))
  }
}
