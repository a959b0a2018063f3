import Foundation
import Testing

@testable import TestSupport

/// The commands that consumers live on: `objects` to begin with, `changes` to go on.
@Suite struct FeedCommandTests {
  private let base = SlapdServer.base

  @Test func objectsArePickedByEveryName() async throws {
    try await Scene.imported(Scene.companyOnSlapd) { scene in
      let jane = "cn=Doe\\, Jane+uid=jdoe,ou=services,\(base)"
      let object = try #require(try await scene.object(jane))
      for picker in [
        ["--dn", "UID=jdoe + CN=doe\\2C  jane, OU=Services, DC=Example,DC=com"], ["--anchor", object.anchor],
        ["--id", object.id], ["--attribute", "uid=JDOE"], ["--attribute", "CN=Doe, Jane"], ["--under", jane],
      ] {
        let found = try await scene.bare(["objects"] + picker + ["--config", scene.configuration])
        let objects = try ExportedObject.parse(jsonLines: found.standardOutputBytes)
        #expect(objects == [object], "\(picker) \(found.summary)")
      }
      let people = try await scene.tool("objects", "--under", "ou=PEOPLE,\(base)").lines.count
      #expect(people == (try await scene.server.connector.search(Company.peopleBase).count))
      try await scene.tool("objects", "--dn", "uid=nobody,\(base)", accepting: [1])
      try await scene.tool("objects", "--dn", base, "--id", object.id, accepting: [64])
      try await scene.tool("objects", "--attribute", "no sign", accepting: [64])
      try await scene.tool("objects", "--dn", "no dn", accepting: [64])
    }
  }

  @Test func aLateConsumerStartsAtTheSnapshotOfTheObjects() async throws {
    try await Scene.imported(Scene.companyOnSlapd) { scene in
      let lines = try await scene.tool("objects", "--json").lines
      let first = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
      let (feed, sequence) = (try #require(first["feed"] as? String), try #require(first["sequence"] as? Int))
      #expect(try await scene.tool("changes", "--since", "\(sequence)", "--feed", feed).lines == [])
      try await scene.write {
        $0.person("uid=new", in: base)
        $0.rename("ou=archive,\(base)", to: "ou=attic")
      }
      try await scene.delta()
      let news = try await scene.changes(since: sequence)
      #expect(news.first?.sequence == sequence + 1)
      #expect(news.filter { $0.change == .add }.map(\.dn) == ["uid=new,\(base)"])
      let archived = Company().people.count { $0.unit.hasPrefix("ou=archive") }
      #expect(archived > 0 && news.filter { $0.change == .rename }.count == 1 + archived)
      #expect(news.allSatisfy { $0.feed == feed })
    }
  }

  @Test func aFollowerSeesEachChangeAsItIsCommitted() async throws {
    try await Scene.imported { scene in
      let follower = try scene.start("changes", "--since", "\(try await scene.lastSequence())", "--follow")
      for name in ["one", "two", "three"] {
        try await scene.write { $0.person("uid=\(name)", in: base) }
        try await scene.delta()
      }
      for _ in 0..<200 where follower.linesSoFar.count < 3 { try await Task.sleep(for: .milliseconds(50)) }
      let records = try JSONLines.decode(FeedRecord.self, from: Array(follower.linesSoFar.joined(separator: "\n").utf8))
      #expect(records.map(\.1.dn) == ["one", "two", "three"].map { "uid=\($0),\(base)" })
      #expect(follower.isRunning)
      follower.send(SIGINT)
      #expect(try await follower.wait(timeout: 20).exitCode != 0)
    }
  }

  @Test func aWrongFeedOrASequenceOutsideItIsRefused() async throws {
    try await Scene.imported(yaml: "feedRetention: 5") { scene in
      let feed = try #require(try await scene.json("status", "--json")["feed"] as? String)
      let wrong = try await scene.tool("changes", "--feed", "another", accepting: [7])
      #expect(wrong.standardError.contains(feed) && wrong.lines == [])
      try await scene.tool("changes", "--since", "1000000", accepting: [7])
      try await scene.tool("changes", "--since", "-1", accepting: [64])
      try await scene.write { records in for number in 1...9 { records.person("uid=\(number)", in: base) } }
      try await scene.delta()
      let trimmed = try await scene.tool("changes", "--since", "0", accepting: [7])
      #expect(trimmed.standardError.contains("objects") && trimmed.lines == [])
      let status = try await scene.json("status", "--json")
      let (first, last) = (try #require(status["firstSequence"] as? Int), try #require(status["lastSequence"] as? Int))
      #expect(last - first == 4)
      #expect(try await scene.changes(since: first - 1).map(\.sequence) == Array(first...last))
      try await scene.tool("changes", "--since", "\(first - 2)", accepting: [7])
      let objects = try await scene.tool("objects").standardOutputBytes
      #expect(try Judge.differences(objectsJSONLines: objects, directory: try await scene.directory()) == [])
    }
  }
}
