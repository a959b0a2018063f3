import ConnectorCore
import ConnectorTesting
import Testing

/// What becomes of single lines.
struct PlanTests {
  @Test("An absent entry is added, with the value of its RDN, after the parents that the hierarchy makes for it")
  func addsWithParents() async throws {
    let bench = try PlanBench()
    let plan = try await bench.export(.person("uid=a,ou=New,ou=People"))
    #expect(plan.short == ["1 add ou=People", "2 add ou=New,ou=People", "3 add uid=a,ou=New,ou=People"])
    #expect(plan.operations.map(\.reason) == ["missing parent of line 1", "missing parent of line 1", nil])
    #expect(plan.operations.map(\.lines) == [[], [], [1]])
    #expect(plan.operations.map(\.after) == [[], [1], [2]])
    #expect(bench.values("uid=a,ou=New,ou=People", "uid") == ["a"])
    #expect(bench.values("ou=People", "objectClass") == ["top", "organizationalUnit"])
  }

  @Test("A parent of a type that the hierarchy does not know is an error that names the setting")
  func unknownParent() async throws {
    let plan = try await PlanBench().plan([.person("uid=a,uid=b")])
    #expect(plan.operations.isEmpty)
    #expect(plan.errors.first?.line == 1)
    #expect(plan.errors.first?.remedy?.contains("export.provisioningHierarchy") ?? false)
  }

  @Test("A partition without its own entry takes nothing")
  func noRoot() async throws {
    let bench = try PlanBench()
    bench.directory.change { $0.remove(PlanBench.suffix) }
    let plan = try await bench.plan([.person("uid=a")])
    #expect(plan.operations.isEmpty)
    #expect(plan.errors.first?.summary.contains("partition's own entry") ?? false)
  }

  @Test("An entry that is there as an add wants it is nothing to do; one with other values is never overwritten")
  func existing() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let plan = try await bench.plan([
      .person("uid=a", line: 1), .person("uid=b", line: 2, ["sn": ["Jones"], "mail": ["b@x"]]),
    ])
    #expect(plan.operations.isEmpty)
    #expect(plan.unchanged == 1)
    #expect(plan.errors.map(\.line) == [2])
    #expect(plan.errors.first?.summary.contains("mail, sn") ?? false)
  }

  @Test("The partition's own entry, with which a whole feed begins, is nothing to do where it is as it is wanted")
  func root() async throws {
    let bench = try PlanBench()
    func line(_ dc: String) -> DesiredChange {
      let edits = [("objectClass", "domain"), ("dc", dc)].map { name, value in
        AttributeEdit(AttributeDescription(name), .replace([Array(value.utf8)], expected: nil))
      }
      return DesiredChange(line: 1, target: DesiredChange.Target(dn: PlanBench.suffix), kind: .add, edits: edits)
    }
    let plan = try await bench.plan([line("example")])
    #expect(plan.operations.isEmpty && plan.errors.isEmpty && plan.unchanged == 1)
    let other = try await bench.plan([line("other")])
    #expect(other.operations.isEmpty && other.errors.first?.summary.contains("other values: dc") == true)
  }

  @Test("Only what differs is sent, and a second plan is empty")
  func minimalUpdate() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "description: one\ndescription: two\nemployeeNumber: 1\nmail: x@y\n")
    let plan = try await bench.export(
      .update(
        "uid=a", .set("description", "two", "three"), .set("employeeNumber", "2"), .set("mail"), .put("givenName", "A"),
        .put("cn", "Ann"), .take("seeAlso", "cn=nobody")))
    #expect(plan.short == ["1 modify uid=a -description:one +description:three =employeeNumber:2 +givenName:A -mail:"])
    #expect(plan.operations.first?.modifications?[2].before == [PlannedValue(Array("1".utf8))])
    #expect(plan.operations.first?.modifications?[4].before == [PlannedValue(Array("x@y".utf8))])
    #expect(plan.operations.first?.state?.versionAttribute == "modifyTimestamp")
  }

  @Test("Another spelling of a value is a delete and an add in one request; of a DN it is nothing")
  func spelling() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "description: Smith\nseeAlso: uid=a,dc=example,dc=com\n")
    let plan = try await bench.export(
      .update("uid=a", .set("description", "SMITH"), .set("seeAlso", "UID=A, dc=example, dc=com")))
    #expect(plan.short == ["1 modify uid=a -description:Smith +description:SMITH"])
  }

  @Test("Values without an equality rule are replaced as a whole")
  func noEquality() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "jpegPhoto: one\njpegPhoto: two\n")
    let plan = try await bench.export(.update("uid=a", .take("jpegPhoto", "one")))
    #expect(plan.short == ["1 modify uid=a =jpegPhoto:two"])
    #expect(plan.operations.first?.modifications?.first?.before?.count == 2)
  }

  @Test("New classes come first and old ones go last")
  func classes() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    let added = try await bench.export(.update("uid=a", .put("badge", "7"), .put("objectClass", "extra")))
    #expect(added.short == ["1 modify uid=a +objectClass:extra +badge:7"])
    let removed = try await bench.export(.update("uid=a", .take("objectClass", "EXTRA"), .set("badge")))
    #expect(removed.short == ["1 modify uid=a -badge: -objectClass:extra"])
  }

  @Test("Values that are neither the old nor the new ones are replaced, and that is said")
  func unexpected() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "mail: third@x\n")
    let plan = try await bench.export(.update("uid=a", .set("mail", "new@x", expecting: ["old@x"])))
    #expect(plan.short == ["1 modify uid=a -mail:third@x +mail:new@x"])
    #expect(plan.warnings.count == 1)
  }

  @Test("An update cannot take away the value that names the entry")
  func namingValue() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    let plan = try await bench.plan([.update("uid=a", .set("uid", "b"))])
    #expect(plan.operations.isEmpty)
    #expect(plan.errors.first?.remedy?.contains("rename") ?? false)
  }

  @Test("An update of nothing is an error; a delete of nothing is no change")
  func absent() async throws {
    let bench = try PlanBench()
    let plan = try await bench.plan([
      .update("uid=a", line: 1, .set("mail", "a@x")), .delete("uid=b", line: 2), .delete(id: "no such", line: 3),
      .update(id: "no such", line: 4, .set("mail", "a@x")),
    ])
    #expect(plan.operations.isEmpty)
    #expect(plan.errors.map(\.line) == [1, 4])
    #expect(plan.warnings.map(\.line) == [3])
    #expect(plan.unchanged == 2)
  }

  @Test("An object is found by its ID wherever it is now, and not by the DN that the connector space remembers")
  func staleName() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    let id = bench.id("uid=a")
    try bench.directory.apply(
      ldif: "dn: uid=a,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 1\n\n")
    try bench.directory.apply(
      ldif: "dn: uid=a,dc=example,dc=com\nobjectClass: inetOrgPerson\nsn: Other\ncn: Other\n\n")
    let plan = try await bench.export(.update(id: id, .set("mail", "a@x")))
    #expect(plan.short == ["1 modify uid=moved +mail:a@x"])
    #expect(plan.operations.first?.id == id)
  }

  @Test("An anchor names an object, whether it is an attribute or the DN")
  func anchors() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", more: "employeeNumber: 17\n")
    let byDN = DesiredChange(
      line: 1, target: .init(anchor: "uid=a,dc=example,dc=com"), kind: .update, edits: [.set("mail", "a@x")])
    #expect(try await bench.export(byDN).operations.count == 1)
    bench.scope.partitions[0].anchor = .attribute(ImmutableID("employeeNumber"))
    try bench.learn()
    let byNumber = DesiredChange(
      line: 1, target: .init(anchor: "17"), kind: .update, edits: [.set("mail", "b@x")])
    #expect(try await bench.export(byNumber).short == ["1 modify uid=a -mail:a@x +mail:b@x"])
  }

  @Test("Objects that moved are looked for by their IDs, many in one search")
  func manyIDs() async throws {
    let bench = try PlanBench()
    let names = (0..<50).map { "uid=\($0)" }
    for name in names { try bench.person(name) }
    let lines = names.indices.map { DesiredChange.update(id: bench.id(names[$0]), line: $0 + 1, .set("mail", "m@x")) }
    for name in names {
      let change = "changetype: modrdn\nnewrdn: uid=moved-\(name.dropFirst(4))\ndeleteoldrdn: 1\n"
      try bench.directory.apply(ldif: "dn: \(PlanBench.dn(name))\n\(change)\n")
    }
    _ = bench.directory.takeSearches()
    let plan = try await bench.plan(lines)
    #expect(plan.operations.count == 50 && plan.errors.isEmpty)
    #expect(bench.directory.takeSearches().filter { $0.scope == .subtree }.count == 1)
  }

  @Test("A server without IDs: the DN is the ID, and a second plan is empty all the same")
  func namesOnly() async throws {
    let bench = try PlanBench(immutableID: nil)
    try bench.unit("ou=A")
    try bench.person("uid=a,ou=A", "uid=b,ou=A")
    let key = "dc=com,dc=example,ou=a,uid="
    func target(_ name: String) -> DesiredChange.Target {
      .init(id: key + name, anchor: PlanBench.dn("uid=\(name),ou=A"), dn: PlanBench.dn("uid=\(name),ou=A"))
    }
    let plan = try await bench.export(
      DesiredChange(line: 1, target: target("a"), kind: .update, edits: [.set("mail", "a@x")]),
      DesiredChange(line: 2, target: target("a"), kind: .rename(.dn(PlanBench.dn("uid=n")))),
      DesiredChange(line: 3, target: target("b"), kind: .delete))
    #expect(
      plan.short == ["1 rename uid=a,ou=A -> uid=n", "1 delete uid=b,ou=A", "2 modify uid=n +mail:a@x"])
  }

  @Test("Lines of the connector's own feed are planned")
  func feedLines() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    let feed = """
      {"change":"rename","feed":"f","id":"\(bench.id("uid=a"))","oldDN":"\(PlanBench.dn("uid=a"))",\
      "dn":"\(PlanBench.dn("uid=new"))","attributes":{"uid":{"old":["a"],"new":["new"]},"mail":{"new":["n@x"]}}}
      {"change":"delete","feed":"f","id":"\(bench.id("uid=b"))","dn":"\(PlanBench.dn("uid=b"))"}

      """
    let context = InputContext(feed: "f", passwordAttribute: "userPassword", secretAttributes: ["userPassword"])
    let input = ExportInput(bytes: Array(feed.utf8), context: context)
    #expect(input.errors.isEmpty, "\(input.errors)")
    let plan = try await bench.export(input.changes)
    #expect(plan.short == ["1 rename uid=a -> uid=new", "1 delete uid=b", "2 modify uid=new +mail:n@x"])
  }

  @Test("Values of which the server shows a part are not changed")
  func ranges() async throws {
    let bench = try PlanBench()
    bench.directory.change { model in
      model.put(
        MemoryEntry(
          dn: PlanBench.dn("cn=g"), ["objectClass": ["team"], "cn": ["g"], "member;range=0-1499": ["uid=x"]]))
    }
    let plan = try await bench.plan([.update("cn=g", .put("member", PlanBench.dn("uid=a")))])
    #expect(plan.errors.count == 1 && plan.operations.isEmpty)
  }

  @Test("What lies outside of partitions or containers is an error")
  func scope() async throws {
    let bench = try PlanBench()
    try bench.unit("ou=In", "ou=Out")
    try bench.person("uid=a,ou=In", "uid=b,ou=Out")
    bench.scope.partitions[0].include = [try DN(PlanBench.dn("ou=In"))]
    var elsewhere = DesiredChange.person("uid=x", line: 4)
    elsewhere.target.dn = "uid=x,dc=elsewhere"
    let plan = try await bench.plan([
      .update("uid=b,ou=Out", line: 1, .set("mail", "b@x")), .rename("uid=a,ou=In", to: "uid=a,ou=Out", line: 2),
      .person("uid=c,ou=Out", line: 3), elsewhere, .person("uid=d,ou=In", line: 5),
    ])
    #expect(plan.errors.map(\.line) == [1, 2, 3, 4])
    #expect(plan.short == ["1 add uid=d,ou=In"])
  }

  @Test("An entry that cannot be read is an error of its lines alone")
  func unreadable() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a", "uid=b")
    bench.directory.faults.failing = [try DN(PlanBench.dn("uid=a")): .insufficientAccessRights]
    let plan = try await bench.plan([
      .update("uid=a", line: 1, .set("mail", "a@x")), .update("uid=b", line: 2, .set("mail", "b@x")),
    ])
    #expect(plan.errors.map(\.line) == [1])
    #expect(plan.short == ["1 modify uid=b +mail:b@x"])
  }

  @Test("An error takes all lines of the object and what depends on it out of the plan, and says so of each")
  func errorsSpread() async throws {
    let bench = try PlanBench()
    let plan = try await bench.plan([
      .unit("ou=New", line: 1), .update("ou=New", line: 2, .set("ou", "x")), .person("uid=a,ou=New", line: 3),
      .person("uid=b", line: 4),
    ])
    #expect(Set(plan.errors.compactMap(\.line)) == [1, 2, 3])
    #expect(plan.short == ["1 add uid=b"])
  }

  @Test("A plan shows no secret: a secret attribute among the edits is refused")
  func secrets() async throws {
    let bench = try PlanBench()
    try bench.person("uid=a")
    let plan = try await bench.plan([.update("uid=a", .set("userPassword", "secret"))])
    #expect(plan.errors.count == 1 && plan.operations.isEmpty)
  }
}
