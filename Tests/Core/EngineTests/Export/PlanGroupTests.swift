import ConnectorCore
import ConnectorTesting
import Testing

/// Members, stand-ins for members, companions, passwords and account states.
struct PlanGroupTests {
  @Test("A group that must have a member and gets none holds itself, or who the setting names")
  func standIn() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    try await bench.export(.group("cn=g"))
    #expect(bench.values("cn=g", "member") == [PlanBench.dn("cn=g")])
    let filled = try await bench.export(.update("cn=g", .put("member", PlanBench.dn("uid=a"))))
    #expect(filled.short == ["1 modify cn=g -member:cn=g +member:uid=a"])
    bench.scope.emptyGroupMember = try DN("cn=nobody")
    let emptied = try await bench.export(.update("cn=g", .take("member", PlanBench.dn("uid=a"))))
    #expect(emptied.short == ["1 modify cn=g -member:uid=a +member:cn=nobody"])
    #expect(try await bench.export(.update("cn=g", .set("member"))).operations.isEmpty)
  }

  @Test("A group that holds itself follows its own rename")
  func standInRenamed() async throws {
    let bench = try PlanBench()
    try bench.group("cn=g", "cn=g")
    let plan = try await bench.export(.rename("cn=g", to: "cn=h"))
    #expect(plan.short == ["1 rename cn=g -> cn=h", "2 modify cn=h =member:cn=h"])
  }

  @Test("Entries come before the groups that list them, and renames before the values that use the new names")
  func order() async throws {
    let bench = try PlanBench()
    try bench.person("uid=old")
    let plan = try await bench.export(
      .group("cn=g", line: 1, "uid=a", "uid=new"), .person("uid=a", line: 2), .rename("uid=old", to: "uid=new", line: 3)
    )
    #expect(plan.short == ["1 add uid=a", "1 rename uid=old -> uid=new", "2 add cn=g"])
    #expect(plan.operations.last?.after == [1, 2])
  }

  @Test("Two new entries that refer to each other: one is made without, and gets the value later")
  func mutual() async throws {
    let bench = try PlanBench()
    bench.executor.final = ["dc=com,dc=example,uid=a", "dc=com,dc=example,uid=b"]
    let plan = try await bench.export(
      .person("uid=a", line: 1, ["manager": [PlanBench.dn("uid=b")]]),
      .person("uid=b", line: 2, ["manager": [PlanBench.dn("uid=a")]]))
    #expect(plan.operations.map(\.kind) == [.add, .add, .modify])
    #expect(bench.values("uid=a", "manager") == [PlanBench.dn("uid=b")])
    #expect(bench.values("uid=b", "manager") == [PlanBench.dn("uid=a")])
  }

  @Test("Two new groups that hold each other: one starts with a stand-in")
  func mutualGroups() async throws {
    let bench = try PlanBench()
    bench.executor.final = ["dc=com,dc=example,cn=g", "dc=com,dc=example,cn=h"]
    try await bench.export(.group("cn=g", line: 1, "cn=h"), .group("cn=h", line: 2, "cn=g"))
    #expect(bench.values("cn=g", "member") == [PlanBench.dn("cn=h")])
    #expect(bench.values("cn=h", "member") == [PlanBench.dn("cn=g")])
  }

  @Test("Members are taken from a group before they are deleted")
  func membersGo() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    try bench.group("cn=g", "uid=a", "uid=b")
    let plan = try await bench.export(
      .delete("uid=a", line: 1), .update("cn=g", line: 2, .take("member", PlanBench.dn("uid=a"))))
    #expect(plan.short == ["1 modify cn=g -member:uid=a", "2 delete uid=a"])
    #expect(plan.operations.last?.after == [])
  }

  @Test("Companions are written with what they go with, at the entry and at those that it refers to")
  func companions() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    try bench.person("uid=b", more: "memberOf: cn=g,dc=example,dc=com\n")
    try bench.directory.apply(
      ldif: """
        dn: cn=g,dc=example,dc=com
        objectClass: groupOfNames
        member: uid=b,dc=example,dc=com
        same: uid=b,dc=example,dc=com


        """)
    bench.scope.facts.keptInStep = [
      CompanionAttribute(of: "member", companion: "same", isAtTarget: false),
      CompanionAttribute(of: "member", companion: "memberOf", isAtTarget: true),
    ]
    let plan = try await bench.export(.update("cn=g", .set("member", PlanBench.dn("uid=a"))))
    #expect(
      Set(plan.short) == [
        "1 modify cn=g -member:uid=b +member:uid=a -same:uid=b +same:uid=a", "1 modify uid=a +memberOf:cn=g",
        "1 modify uid=b -memberOf:",
      ])
    #expect(plan.operations.allSatisfy { $0.reason != nil && $0.lines == [1] })
  }

  @Test("The stand-in for a member has no companions, and those who come in its place do")
  func companionsOfStandIn() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    bench.scope.facts.keptInStep = [CompanionAttribute(of: "member", companion: "memberOf", isAtTarget: true)]
    #expect(try await bench.export(.group("cn=g")).short == ["1 add cn=g"])
    let plan = try await bench.export(.update("cn=g", .put("member", PlanBench.dn("uid=a"))))
    #expect(Set(plan.short) == ["1 modify cn=g -member:cn=g +member:uid=a", "1 modify uid=a +memberOf:cn=g"])
  }

  @Test("A password follows its account, and one that is held already is nothing to do")
  func passwords() async throws {
    let bench = try PlanBench()
    try bench.person("uid=b", more: "userPassword: same\n")
    let plan = try await bench.export(
      .person("uid=a", line: 1, password: "first"), .update("uid=b", line: 2).with(password: "same"))
    #expect(plan.short == ["1 add uid=a", "2 password uid=a"])
    #expect(plan.operations.last?.secret == SecretReference(line: 1, hash: "hash of line 1"))
    #expect(plan.operations.last?.after == [1])
    #expect(plan.unchanged == 1)
    #expect(try await bench.export(.update("uid=b").with(password: "new")).short == ["1 password uid=b"])
  }

  @Test("An entry whose class demands a password is made with it")
  func demanded() async throws {
    let bench = try PlanBench()
    let change = DesiredChange.person(
      "uid=a", password: "x", ["objectClass": ["inetOrgPerson", "simpleSecurityObject"]])
    let plan = try await bench.export(change)
    #expect(plan.short == ["1 add uid=a"])
    #expect(plan.operations.first?.secret?.line == 1)
  }

  @Test("A hash is compared with what the entry holds, and no password travels in clear unless that is allowed")
  func hashedAndClear() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    bench.scope.isProtected = false
    let plan = try await bench.export(.update("uid=a").with(password: "{SSHA}abc", isHashed: true))
    #expect(plan.operations.first?.isHashedSecret == true)
    let refused = try await bench.plan([.update("uid=b").with(password: "clear")])
    #expect(refused.operations.isEmpty)
    let remedy = refused.errors.first?.remedy ?? ""
    #expect(remedy.contains("server.transport") && remedy.contains("export.allowClearTextPasswords"))
    bench.scope.allowsClearTextPasswords = true
    #expect(try await bench.plan([.update("uid=b").with(password: "clear")]).operations.count == 1)
  }

  @Test("Accounts are disabled by a value, its absence, or a bit of a number")
  func accounts() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "flags: 512\n")
    let target = DesiredChange.Target(dn: PlanBench.dn("uid=a"))
    let disable = DesiredChange(line: 1, target: target, kind: .disable)
    let enable = DesiredChange(line: 1, target: target, kind: .enable)
    #expect(try await bench.plan([disable]).errors.count == 1)
    bench.scope.facts.accountState = AccountState("accountLock", disabled: "TRUE", enabled: nil, proof: "")
    #expect(try await bench.export(disable).short == ["1 modify uid=a +accountLock:TRUE"])
    #expect(try await bench.export(enable).short == ["1 modify uid=a -accountLock:"])
    bench.scope.facts.accountState = AccountState("flags", disabled: "514", enabled: "512", disabledBit: 2, proof: "")
    #expect(try await bench.export(disable).short == ["1 modify uid=a =flags:514"])
    #expect(try await bench.export(enable).short == ["1 modify uid=a =flags:512"])
  }
}
