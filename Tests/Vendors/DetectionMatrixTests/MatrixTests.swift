import ConnectorCore
import ConnectorHost
import ConnectorTesting
import Foundation
import Testing

@Suite("Detection matrix: every folder of VendorFixtures against every adapter")
struct MatrixTests {
  @Test("There are folders, and each can be read and says what it expects")
  func foldersAreComplete() throws {
    #expect(!Repository.folders.isEmpty, "VendorFixtures is empty or was not found")
    for folder in Repository.folders {
      let fixture = try Fixture(folder: folder.path)
      let expectation = folder.appending(path: "expected.json").path
      #expect(FileManager.default.fileExists(atPath: expectation), "\(fixture.name) has no expected.json")
    }
  }

  @Test("Every built-in adapter wins a folder, so that none goes untested")
  func everyAdapterHasAFixture() {
    let won = Set(Repository.fixtures.compactMap { $0.expected.product ?? $0.expected.winner })
    for adapter in Repository.adapters {
      #expect(won.contains(adapter.name) || won.contains(adapter.title), "\(adapter.name)")
    }
  }

  @Test("The right adapter wins, and all others lose with a clear margin", arguments: Repository.fixtures)
  func winner(_ fixture: Fixture) throws {
    let expected = fixture.expected
    let found = ServerDescription(fixture.evidence(), adapters: Repository.adapters)
    let ranking = Ranking(found)
    #expect(found.winner == expected.winner, "\(ranking)")
    if let product = expected.product { #expect(found.product == product, "\(ranking)") }
    let best = found.selection.ranking[0].detection.score
    let others = expected.winner == "generic" ? found.selection.ranking[...] : found.selection.ranking.dropFirst()
    if expected.winner != "generic" { #expect(best >= AdapterSelection.threshold, "\(ranking)") }
    for (adapter, detection) in others {
      #expect(detection.score < AdapterSelection.threshold, "\(adapter.name): \(ranking)")
      if expected.winner != "generic" { #expect(best - detection.score >= 10, "\(adapter.name): \(ranking)") }
    }
  }

  @Test(
    "Anchor, immutable ID, change log, password attribute and partitions are as expected",
    arguments: Repository.fixtures)
  func defaults(_ fixture: Fixture) throws {
    let expected = fixture.expected
    let found = ServerDescription(fixture.evidence(), adapters: Repository.adapters)
    let adapter = found.named
    if case .value(let anchor) = expected.anchor { #expect(adapter?.anchor.name == anchor) }
    if let immutableID = expected.immutableID.stated {
      #expect(adapter?.immutableID?.attribute == immutableID.map { AttributeDescription($0) })
    }
    if let changeLog = expected.changeLog.stated {
      #expect(try adapter?.changeLogDN.map { try DN($0) } == changeLog.map { try DN($0) })
    }
    if case .value(let password) = expected.passwordAttribute {
      #expect(adapter?.passwordAttribute == AttributeDescription(password))
    }
    if let partitions = expected.partitions { #expect(found.contexts.partitions == partitions) }
  }

  @Test(
    "The delta method is as expected, and where there is none, a sentence says why", arguments: Repository.products)
  func deltaMethod(_ fixture: Fixture) throws {
    let adapter = try #require(ServerDescription(fixture.evidence(), adapters: Repository.adapters).named)
    let choice = adapter.deltaChoice(DeltaSettings(evidence: fixture.evidence()))
    #expect(choice.strategy?.method.name == (fixture.expected.deltaMethod.stated ?? nil))
    if let reason = choice.reason { #expect(reason.count > 20 && reason.hasSuffix(".")) }
  }
}

/// The adapters that have something to say, as a failure shows them.
struct Ranking: CustomStringConvertible {
  let description: String

  init(_ found: ServerDescription) {
    description = found.selection.ranking.filter { $0.detection.score > 0 }.prefix(4).map { adapter, detection in
      let reasons = detection.reasons.map { "\($0.points) \($0.fact)" }.joined(separator: "; ")
      return "\(adapter.name) \(detection.score) (\(reasons))"
    }.joined(separator: " | ")
  }
}

extension ServerDescription {
  /// The word that `detect --json` prints for the outcome.
  var winner: String {
    switch choice {
    case .adapter(let adapter): adapter.name
    case .generic: "generic"
    case .refused: "refused"
    case .tie: "tie"
    }
  }

  /// The adapter that serves or refuses.
  var named: VendorAdapter? {
    if case .refused(let adapter, _) = choice { adapter } else { adapter }
  }

  var product: String? { named?.title }
}
