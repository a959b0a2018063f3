import Testing

@testable import TestSupport

/// Groups and their members: changed by hand, and by servers that mend referrers or keep memberOf, with a record in the
/// log (389 Directory Server) or without one (slapd).
@Suite struct GroupTests {
  private static let base = Scene.base
  private static let people = "ou=people,\(Scene.base)"
  private var base: String { Self.base }
  private var people: String { Self.people }
  private var red: String { "cn=red,\(base)" }
  private var blue: String { "cn=blue,\(base)" }
  private func user(_ name: String) -> String { "uid=\(name),\(people)" }

  /// Four people; `red` has Ann and Bob, `blue` has Bob and the group `red`; Ann is Bob's manager.
  private static func fill(_ scene: inout Scene) async throws {
    try await scene.write { records in
      records.unit("ou=people", in: base)
      for name in ["ann", "bob", "cid", "dan"] { records.person("uid=\(name)", in: people) }
      records.modify("uid=bob,\(people)", "add", "manager", ["uid=ann,\(people)"])
      records.group("cn=red", in: base, members: ["uid=ann,\(people)", "uid=bob,\(people)"])
      records.group("cn=blue", in: base, members: ["uid=bob,\(people)", "cn=red,\(base)"])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func membersAreAddedRemovedAndReplaced(product: LiveProduct) async throws {
    try await Scene.imported(on: product, prepare: Self.fill) { scene in
      try await scene.write { $0.modify(red, "add", "member", [user("cid"), user("dan")]) }
      #expect(try await scene.deltaToTruth()["updated"] == 1)
      try await scene.write { $0.modify(red, "delete", "member", [user("ann")]) }
      #expect(try await scene.deltaToTruth()["updated"] == 1)
      try await scene.write { $0.modify(red, "replace", "member", [user("ann")]) }
      #expect(try await scene.deltaToTruth()["updated"] == 1)
      #expect(try await scene.object(red)?.strings("member") == [user("ann")])
      try await scene.write { $0.delete(blue) }
      #expect(try await scene.deltaToTruth() == ["hints": 1, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aDanglingMemberStaysWhereNothingMendsIt(product: LiveProduct) async throws {
    try await Scene.imported(on: product, prepare: Self.fill) { scene in
      try await scene.write {
        $0.rename(user("ann"), to: "uid=anna")
        $0.delete(user("bob"))
      }
      #expect(try await scene.deltaToTruth() == ["hints": 2, "renamed": 1, "deleted": 1])
      #expect(try await scene.object(red)?.strings("member") == [user("ann"), user("bob")])
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func referrersAreMendedOfWhatIsRenamedMovedOrDeleted(product: LiveProduct) async throws {
    try await Scene.imported(on: product, .with { $0.referentialIntegrity = true }, prepare: Self.fill) { scene in
      try await scene.write { $0.rename(user("ann"), to: "uid=anna") }
      try await scene.truthOnceMended { $0.contains("uid=ann,") }
      #expect(try await scene.object(user("bob"))?.strings("manager") == [user("anna")])
      try await scene.write { $0.rename(user("anna"), to: "uid=anna", newSuperior: base) }
      try await scene.truthOnceMended { $0.contains(user("anna")) }
      #expect(try await scene.object(red)?.strings("member").contains("uid=anna,\(base)") == true)
      try await scene.write { $0.delete(user("bob")) }
      try await scene.truthOnceMended { $0.contains("uid=bob,") }
      try await scene.write { $0.delete("uid=anna,\(base)") }
      try await scene.truthOnceMended { $0.contains("uid=anna,") }
      // slapd's overlay puts its placeholder where the last member went.
      let left = try await scene.object(red)?.strings("member")
      #expect(left == [TestDirectory.nobodyDN] || left == [])
    }
  }

  @Test(arguments: LiveProduct.withRights)
  func theMembersOfARenamedBranchAreMended(product: LiveProduct) async throws {
    try await Scene.imported(on: product, .with { $0.referentialIntegrity = true }, prepare: Self.fill) { scene in
      try await scene.write { $0.rename(people, to: "ou=staff") }
      try await scene.truthOnceMended { _ in false }
    }
  }

  /// How memberOf comes into the connector space.
  enum MemberOf: String, Sendable {
    case operational, selectedByName, likeAnyOther

    var yaml: String {
      switch self {
      case .operational: "schema: {includeOperationalAttributes: true}"
      case .selectedByName: "schema: {attributes: [cn, uid, ou, member, memberOf]}"
      case .likeAnyOther: ""
      }
    }

    func adapt(_ scene: inout Scene) {
      switch self {
      case .operational: scene.expectOperationalAttributes()
      case .selectedByName:
        scene.attributes = ["objectClass", "cn", "uid", "ou", "member", "memberOf", scene.product.id]
      case .likeAnyOther: break
      }
    }
  }

  private static let keepers: [(LiveProduct, MemberOf)] = [
    (.slapd, .operational), (.slapd, .selectedByName), (.ds389, .likeAnyOther), (.ds389, .selectedByName),
    (.ds389WithoutLoggedID, .likeAnyOther),
  ]

  @Test(arguments: keepers)
  func memberOfFollowsEveryChangeOfAGroup(product: LiveProduct, memberOf: MemberOf) async throws {
    try await withMemberOf(product, memberOf) { scene in
      #expect(try await scene.object(user("ann"))?.strings("memberOf").contains(red) == true)
      try await scene.write { $0.modify(red, "add", "member", [user("cid"), user("dan")]) }
      try await scene.deltaToTruth("members added")
      #expect(try await scene.object(user("cid"))?.strings("memberOf").contains(red) == true)
      try await scene.write { $0.modify(red, "delete", "member", [user("ann")]) }
      try await scene.deltaToTruth("a member removed")
      #expect(try await scene.object(user("ann"))?.strings("memberOf") == [])
      try await scene.write { $0.modify(red, "replace", "member", [user("ann"), user("dan")]) }
      try await scene.deltaToTruth("members replaced")
      try await scene.write { $0.rename(red, to: "cn=Rouge") }
      try await scene.deltaToTruth("a group renamed")
      #expect(try await scene.object(user("ann"))?.strings("memberOf").contains("cn=Rouge,\(base)") == true)
      try await scene.write { $0.rename("cn=Rouge,\(base)", to: "cn=rouge", newSuperior: people) }
      try await scene.deltaToTruth("a group moved")
      try await scene.write { $0.delete("cn=rouge,\(people)") }
      try await scene.deltaToTruth("a group deleted")
      #expect(try await scene.object(user("ann"))?.strings("memberOf") == [])
    }
  }

  @Test(arguments: keepers)
  func memberOfFollowsEveryChangeOfAMember(product: LiveProduct, memberOf: MemberOf) async throws {
    try await withMemberOf(product, memberOf) { scene in
      try await scene.write { $0.rename(user("bob"), to: "uid=robert") }
      try await scene.deltaToTruth("a member renamed")
      #expect(try await scene.object(red)?.strings("member").contains(user("robert")) == true)
      try await scene.write { $0.rename(user("robert"), to: "uid=robert", newSuperior: base) }
      try await scene.deltaToTruth("a member moved")
      try await scene.write {
        $0.delete("uid=robert,\(base)")
        $0.person("uid=bob", in: people)
        $0.modify(red, "add", "member", [user("bob")])
      }
      try await scene.deltaToTruth("a member deleted, and another entry in its place")
      try await scene.write {
        $0.rename(user("ann"), to: "uid=between")
        $0.rename(user("cid"), to: "uid=ann")
        $0.rename(user("between"), to: "uid=cid")
        $0.rename(red, to: "cn=crimson")
      }
      try await scene.deltaToTruth("member and group renamed at once")
    }
  }

  @Test(arguments: keepers)
  func memberOfFollowsABranch(product: LiveProduct, memberOf: MemberOf) async throws {
    try await withMemberOf(product, memberOf) { scene in
      try await scene.write { $0.rename(people, to: "ou=staff") }
      try await scene.deltaToTruth("a branch of members renamed")
      try await scene.write {
        $0.unit("ou=groups", in: base)
        // slapd 2.5 refuses to rename a container whose only children were moved there.
        $0.unit("ou=born here", in: "ou=groups,\(base)")
        $0.rename(red, to: "cn=red", newSuperior: "ou=groups,\(base)")
      }
      try await scene.deltaToTruth("a group moved into a new branch")
      try await scene.write { $0.rename("ou=groups,\(base)", to: "ou=teams") }
      try await scene.deltaToTruth("a branch of groups renamed")
      try await scene.write { $0.rename("cn=red,ou=teams,\(base)", to: "cn=crimson") }
      try await scene.deltaToTruth("a group renamed whose members hold the name before")
    }
  }

  private func withMemberOf(
    _ product: LiveProduct, _ memberOf: MemberOf, _ body: (Scene) async throws -> Void
  ) async throws {
    try await Scene.imported(
      on: product, .with { $0.memberOf = true }, yaml: memberOf.yaml,
      prepare: { scene in
        memberOf.adapt(&scene)
        try await Self.fill(&scene)
      }, body)
  }
}

extension Scene {
  /// A delta import that reads no branch, and the promise; answers with what it did, without what is still pending.
  @discardableResult
  func deltaToTruth(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Counts {
    let report = try await delta()
    #expect(report.count("read") == 0, comment, sourceLocation: sourceLocation)
    #expect(report.count("held") == 0, comment, sourceLocation: sourceLocation)
    try await expectTruth(comment, sourceLocation: sourceLocation)
    let names = ["hints", "added", "updated", "renamed", "deleted"]
    return Counts(uniqueKeysWithValues: names.map { ($0, report.count($0)) }.filter { $1 != 0 })
  }

  /// A delta at once, while the server still mends referrers in the background; the next one brings the truth.
  func truthOnceMended(
    sourceLocation: SourceLocation = #_sourceLocation, isStale: (String) -> Bool
  ) async throws {
    try await delta()
    for _ in 0..<100 {
      let entries = try await server.admin.search(attributes: ["member", "manager"])
      if !entries.contains(where: { ($0.strings("member") + $0.strings("manager")).contains(where: isStale) }) { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    try await deltaToTruth(sourceLocation: sourceLocation)
  }
}
