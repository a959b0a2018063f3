import Foundation
import Testing

@testable import TestSupport

/// One product's change feed is another product's input: the copy equals the original.
@Suite struct RoundTripTests {
  @Test(arguments: [
    (LiveProduct.slapd, LiveProduct.ds389), (.ds389, .unboundID), (.unboundID, .slapd),
  ])
  func theFeedOfOneProductBuildsTheSameInAnother(from source: LiveProduct, to target: LiveProduct) async throws {
    try await Scene.exporting(on: source, Scene.company) { original in
      try await original.write { records in
        records.unit("ou=later", in: Scene.base)
        records.rename("ou=archive,\(Scene.base)", to: "ou=archive", newSuperior: "ou=later,\(Scene.base)")
        records.modify("ou=later,\(Scene.base)", "replace", "description", ["moved\nhere"])
      }
      try await original.delta()
      let feed = try await original.tool("changes", "--since", "0").standardOutput
      try await Scene.exporting(on: target) { copy in
        // The suffix and the accounts of the servers are each one's own.
        let own = [Scene.base, TestDirectory.connectorDN, TestDirectory.limitedDN].map { "\"dn\":\"\($0)\"" }
        let lines = feed.split(separator: "\n").filter { line in !own.contains { line.contains($0) } }
        let input = try copy.scratch.write(lines.joined(separator: "\n") + "\n", to: "feed.jsonl")
        let outcome = try await copy.export(input, ["--allow-deletes", "1000"])
        #expect(outcome.isComplete, "\(outcome.result.summary)")
        let again = try await copy.plan(input, ["--allow-deletes", "1000"])
        #expect(again.operations.isEmpty, "\(again.text.prefix(3000))")
        try await copy.full()
        try await copy.expectTruth()
        try await expectEqual(original, copy)
      }
    }
  }

  /// The objects of both connector spaces, by DN, but for what is the servers' own.
  private func expectEqual(_ original: Scene, _ copy: Scene) async throws {
    func content(_ scene: Scene) async throws -> [String: [String: Set<[UInt8]>]] {
      var content: [String: [String: Set<[UInt8]>]] = [:]
      for object in try await scene.objects() where object.dn != Scene.base && !object.dn.hasPrefix("cn=") {
        var attributes = object.attributes.mapValues { Set($0) }
        // Servers differ in the superclasses that they show.
        attributes["objectclass"] = nil
        content[object.dn.lowercased()] = attributes
      }
      return content
    }
    let (left, right) = (try await content(original), try await content(copy))
    #expect(Set(left.keys) == Set(right.keys))
    for (dn, attributes) in left {
      let names = Set(attributes.keys).union(right[dn]?.keys ?? [:].keys)
      for name in names where attributes[name] != right[dn]?[name] {
        Issue.record(
          "\(dn): \(name): \(attributes[name]?.map(readable) ?? []) became \(right[dn]?[name]?.map(readable) ?? [])")
      }
    }
    #expect(left.count > 200)
  }
}
