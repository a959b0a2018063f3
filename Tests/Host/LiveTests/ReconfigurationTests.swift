import Foundation
import Testing

@testable import TestSupport

/// What happens to a connector space when the configuration, the anchor or the program around it changes.
@Suite(.serialized) struct ReconfigurationTests {
  private static let people = Company.peopleBase
  private static let groups = Company.groupsBase

  // MARK: Configuration

  @Test func anAttributeAddedNeedsAFullImportAndIsThereThen() async throws {
    let attributes = ["cn", "sn", "mail"]
    try await Scene.running(Scene.companyOnSlapd, yaml: Self.schema(attributes)) { scene in
      scene.attributes = ["objectClass", "entryUUID"] + attributes
      try await scene.writeOnce()
      try await scene.full()
      try await scene.expectTruth()
      try scene.configure(Self.schema(attributes + ["telephoneNumber"]))
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("schema.attributes"), "\(refused.result.summary)")
      }
      try await scene.full()
      scene.attributes.append("telephoneNumber")
      try await scene.expectTruth("with telephone numbers")
      try scene.configure(Self.schema(attributes))
      let narrowed = try await scene.full()
      #expect(narrowed.count("held") == 0, "\(narrowed.result.summary)")
      scene.attributes.removeLast()
      try await scene.expectTruth("an attribute that nobody asks for any more is no loss")
    }
  }

  @Test func aContainerRemovedIsHeldUntilTheOperatorConfirms() async throws {
    let both = "include: [\"\(Self.people)\", \"\(Self.groups)\"]"
    try await Scene.running(Scene.companyOnSlapd, partition: both) { scene in
      scene.searchBases = [Self.people, Self.groups]
      try await scene.writeOnce()
      try await scene.full()
      try await scene.expectTruth()
      let everything = try await scene.directory()
      let left = try await scene.server.connector.search(Self.groups, attributes: ["1.1"]).map(\.dn)
      try scene.configure(partition: "include: [\"\(Self.people)\"]")
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("partitions.include"), "\(refused.result.summary)")
      }
      let full = try await scene.full(accepting: [6])
      #expect(full.count("held") == left.count && full.count("deleted") == 0, "\(full.result.summary)")
      #expect(try await Set(scene.held()) == Set(left))
      try await scene.expectObjects(equal: everything)
      try await scene.tool("held", "drop", "--cause", "configuration")
      let again = try await scene.full(accepting: [6])
      #expect(again.count("held") == left.count && again.count("deleted") == 0, "\(again.result.summary)")
      try await scene.tool("held", "release", "--cause", "configuration")
      scene.searchBases = [Self.people]
      try await scene.expectTruth("the operator has confirmed")
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test func aContainerPutBackEndsItsHolds() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try scene.configure(partition: "exclude: [\"\(Self.groups)\"]")
      try await scene.full(accepting: [6])
      try scene.configure()
      try await scene.delta(accepting: [4])
      try await scene.full()
      #expect(try await scene.held() == [])
      try await scene.expectTruth()
    }
  }

  @Test func anotherAnchorStartsAnotherFeed() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let old = try await scene.feed()[0].feed
      try scene.configure("import: {anchor: entryUUID}")
      try await scene.expectUnchanged {
        let refused = try await scene.delta(accepting: [4])
        #expect(refused.result.standardError.contains("anchor"), "\(refused.result.summary)")
      }
      try await scene.full()
      let objects = try await scene.objects()
      #expect(!objects.isEmpty && objects.allSatisfy { $0.anchor == $0.id })
      #expect(try await scene.feed().allSatisfy { $0.feed != old })
      try await scene.tool("changes", "--since", "1", "--feed", old, accepting: [7])
      try await scene.expectTruth()
      try await scene.server.admin.rename(Company().people[0].dn, to: "uid=renamed")
      try await scene.delta()
      try await scene.expectTruth("a delta follows on the new anchor")
    }
  }

  // MARK: The file's format

  @Test func aStoreOfANewerFormatIsRefused() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let format = try #require(Int(try await scene.sqlite("PRAGMA user_version").first ?? ""))
      try await scene.sqlite("PRAGMA user_version = \(format + 1)")
      for command in [["import", "full"], ["import", "delta"], ["objects"], ["status"], ["held", "list"]] {
        let result = try await Command.run(command + ["--config", scene.configuration], directory: scene.scratch.path)
        #expect(result.exitCode == 1 && result.standardError.contains("format \(format + 1)"), "\(result.summary)")
      }
      #expect(try await scene.sqlite("PRAGMA user_version") == ["\(format + 1)"])
      try await scene.sqlite("PRAGMA user_version = \(format)")
      try await scene.delta()
      try await scene.expectTruth("nothing was harmed")
    }
  }

  @Test func aStoreOfTheFirstFormatIsMigratedByTheNextImport() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let format = try await scene.sqlite("PRAGMA user_version")
      let tables = try await scene.sqlite("SELECT sql FROM sqlite_schema ORDER BY sql")
      try await scene.sqlite(Self.backToTheFirstFormat)
      let refused = try await scene.tool("objects", accepting: [1])
      #expect(refused.standardError.contains("next import"), "\(refused.summary)")
      try await scene.server.admin.delete([Company().people[0].dn])
      try await scene.delta()
      #expect(try await scene.sqlite("PRAGMA user_version") == format)
      #expect(try await scene.sqlite("SELECT sql FROM sqlite_schema ORDER BY sql") == tables)
      #expect(try await scene.sqlite("PRAGMA integrity_check") == ["ok"])
      try await scene.expectTruth()
    }
  }

  /// Takes away what later formats have added; the view is only there to be replaced.
  private static let backToTheFirstFormat = """
    DROP TABLE export_operation;
    DROP TABLE export_plan;
    DROP INDEX object_anchor;
    DROP INDEX pending_once;
    ALTER TABLE pending DROP COLUMN object;
    CREATE UNIQUE INDEX pending_once
      ON pending (partition, cause, kind, ifnull(id, 0), ifnull(dn, 0), ifnull(new_dn, 0), not_before);
    DROP VIEW feed;
    ALTER TABLE change DROP COLUMN old_id;
    CREATE VIEW feed AS SELECT sequence FROM change;
    PRAGMA user_version = 1;
    """

  private static func schema(_ attributes: [String]) -> String {
    "schema: {attributes: [\(attributes.joined(separator: ", "))], attributeAliases: []}"
  }
}
