import Foundation
import Testing

@testable import TestSupport

/// What is held back, and how it ends: by the operator's word, or because the object is there again.
@Suite(.serialized) struct HoldTests {
  private static let small = "ou=small,\(Scene.base)"

  /// A unit with four people.
  private static var smallSubtree: String {
    var records = LDIFText()
    records.add(small, classes: ["organizationalUnit"], [])
    for name in ["a", "b", "c", "d"] {
      records.add("uid=\(name),\(small)", classes: ["inetOrgPerson"], [("cn", name), ("sn", name)])
    }
    return records.text
  }

  /// A company of which 30 % of all entries is then deleted.
  private static func decimated(
    on product: LiveProduct,
    _ body: @escaping (inout Scene, _ gone: [String], _ everything: [DirectoryEntry]) async throws -> Void
  ) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      let gone = Company().people.prefix(everything.count * 3 / 10).map(\.dn)
      try await scene.server.admin.delete(gone)
      try await body(&scene, gone, everything)
    }
  }

  // MARK: The budget

  @Test(arguments: LiveProduct.withRights)
  func deletesAboveTheBudgetOfAFullImportAreHeldUntilReleased(product: LiveProduct) async throws {
    try await Self.decimated(on: product) { scene, gone, everything in
      let full = try await scene.full(accepting: [6])
      #expect(full.count("held") == gone.count && full.count("deleted") == 0, "\(full.result.summary)")
      #expect(try await Set(scene.held()) == Set(gone))
      try await scene.expectObjects(equal: everything)
      try await scene.delta()
      try await scene.full()
      #expect(try await scene.deletes() == 0, "a held delete stays held")
      #expect(try await scene.held().count == gone.count)
      try await scene.tool("held", "release", "--dn", gone[0])
      #expect(try await scene.deletes() == 1)
      try await scene.tool("held", "release", "--all")
      try await scene.expectTruth()
      #expect(try await scene.held() == [])
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func deletesAboveTheBudgetOfADeltaAreHeldUntilReleased(product: LiveProduct) async throws {
    try await Self.decimated(on: product) { scene, gone, everything in
      let delta = try await scene.delta(accepting: [6])
      #expect(delta.count("held") == gone.count && delta.count("deleted") == 0, "\(delta.result.summary)")
      try await scene.expectObjects(equal: everything)
      try await scene.delta()
      #expect(try await Set(scene.held()) == Set(gone))
      try await scene.tool("held", "release", "--cause", "budget")
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func droppedDeletesComeBackWithTheNextFullImport(product: LiveProduct) async throws {
    try await Self.decimated(on: product) { scene, gone, everything in
      try await scene.full(accepting: [6])
      try await scene.tool("held", "drop", "--all")
      #expect(try await scene.held() == [])
      try await scene.expectObjects(equal: everything)
      try await scene.full(accepting: [6])
      #expect(try await Set(scene.held()) == Set(gone))
      try await scene.expectObjects(equal: everything)
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func deletesThatMakeRoomForOthersCountToo(product: LiveProduct) async throws {
    try await Self.decimated(on: product) { scene, gone, everything in
      // The same DNs again, with other entries behind them.
      let company = try await scene.server.admin.search(attributes: ["*"])
      let group = company.first { $0.strings("objectClass").contains("groupOfNames") }?.dn ?? ""
      var records = LDIFText()
      for dn in gone { records.add(dn, classes: ["inetOrgPerson"], [("cn", "new"), ("sn", "new")]) }
      records.modify(group, "replace", "description", ["changed too"])
      try await scene.server.admin.modify(records.text)
      let delta = try await scene.delta(accepting: [6])
      #expect(delta.count("held") + delta.count("deleted") == gone.count, "\(delta.result.summary)")
      let allowance = max(10, everything.count / 10)
      #expect(try await scene.deletes() <= allowance, "\(delta.result.summary)")
      try await scene.tool("held", "release", "--all")
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func aFewDeletesNeedNobodysWord(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      try await scene.server.admin.delete(Company().people[..<9].map(\.dn))
      let full = try await scene.full()
      #expect(full.count("deleted") == 9, "\(full.result.summary)")
      try await scene.expectTruth()
      try await scene.server.admin.delete(Company().people[9..<18].map(\.dn))
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  // MARK: Rights

  @Test(arguments: LiveProduct.withRights)
  func aSubtreeOfFiveHiddenIsHeldAndItsHoldEndsWithTheNextSight(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.server.admin.modify(Self.smallSubtree)
      try await scene.full()
      let everything = try await scene.directory()
      try await scene.server.hide([.subtree(Self.small)])
      let full = try await scene.full(accepting: [6])
      #expect(full.count("held") == 5 && full.count("deleted") == 0, "\(full.result.summary)")
      let list = try await scene.tool("held", "list", "--json").lines
      #expect(list.count == 5 && list.allSatisfy { $0.contains("vanished without a record") }, "\(list)")
      try await scene.expectObjects(equal: everything)
      try await scene.server.hide([])
      try await scene.full()
      #expect(try await scene.held() == [])
      try await scene.expectTruth()
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func anAttributeHiddenFromAllIsHeldUntilItIsSeenAgainOrReleased(product: LiveProduct) async throws {
    try await Scene.running(on: product, Scene.company) { scene in
      try await scene.writeOnce()
      try await scene.full()
      let everything = try await scene.directory()
      let owners = everything.count { !$0.strings("mail").isEmpty }
      try await scene.server.hide([.attribute("mail")])
      let full = try await scene.full(accepting: [6])
      #expect(full.count("held") == owners && full.findings.contains("lost the attribute mail"), "\(full.findings)")
      try await scene.expectObjects(equal: everything)
      try await scene.server.hide([])
      try await scene.full()
      #expect(try await scene.held() == [])
      try await scene.expectTruth("the rights are back")
      try await scene.server.hide([.attribute("mail")])
      try await scene.full(accepting: [6])
      try await scene.tool("held", "release", "--cause", "attribute loss")
      #expect(try await scene.held() == [])
      try await scene.expectTruth("the operator has accepted the loss")
    }
  }
}
