import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import TestSupport
import Testing

/// Plans that are carried out on a real server; `ldapsearch` tells what came of them.
@Suite("Exports that are carried out") struct ExportRunTests {
  private typealias Bench = ExportBench

  @Test(
    "Every kind of operation is done, confirmed once in the feed, and a full import finds nothing new",
    arguments: [true, false])
  func kinds(_ offersControls: Bool) async throws {
    try await Bench.each { bench in
      try await bench.add(["modified", "renamed", "moved", "deleted"])
      try await bench.server.admin.add("dn: ou=other,\(Bench.base)\nobjectClass: organizationalUnit\nou: other\n")
      try await bench.full()
      if !offersControls { bench.scope.capabilities = [] }
      let before = try bench.feed().count
      var child = Bench.person("child", wave: 2)
      child.dn = "cn=child,ou=new,\(Bench.base)"
      child.after = [2]
      let plan = bench.plan([
        Bench.person("added", ["mail": ["a@example.com"], "description": ["Grüße, \u{2028}"]]),
        bench.unit("new"), child,
        try await bench.replacing(Bench.dn("modified"), "description", ["after"]),
        try await bench.renaming(Bench.dn("renamed"), "cn=new name"),
        try await bench.renaming(Bench.dn("moved"), "cn=moved", to: "ou=other,\(Bench.base)"),
        try await bench.existing(.delete, Bench.dn("deleted")),
      ])
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete, "\(report.json)")
      #expect(report.undone == [] && report.findings == [])
      let counts = report.counts
      #expect((counts.added, counts.modified, counts.renamed, counts.deleted) == (3, 1, 2, 1))
      let isAsserted = bench.scope.offers("1.3.6.1.1.12")
      #expect(
        report.guarding == (isAsserted ? "guarded by the assertion control" : "guarded by reading again just before"))
      #expect(try await bench.values(Bench.dn("added"), "mail") == ["a@example.com"])
      #expect(try await bench.values(Bench.dn("modified"), "description") == ["after"])
      #expect(try await bench.values("cn=moved,ou=other,\(Bench.base)", "cn") == ["moved"])
      #expect(try await bench.values(child.dn, "sn") == ["child"])
      #expect(try await bench.values(Bench.dn("deleted"), "cn") == nil)
      #expect(
        Set(try bench.changes(after: before)) == [
          "add cn=added,ou=people", "add ou=new", "add cn=child,ou=new", "update cn=modified,ou=people",
          "rename cn=new name,ou=people", "rename cn=moved,ou=other", "delete cn=deleted,ou=people",
        ])
      #expect(try bench.feed().count == before + 7)
      let run = try #require(report.runs.first)
      let expected = "export, run \(run): plan \(plan.plan.prefix(8)) operation "
      for record in try bench.feed().dropFirst(before) {
        #expect(record.reason.hasPrefix(expected), "\(record.reason)")
      }
      try await bench.expectTruth()
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("A plan is carried out once: the second time there is nothing to do, and nothing is sent")
  func twice() async throws {
    try await Bench.running { bench in
      let plan = bench.plan([Bench.person("a"), Bench.person("b")])
      try await bench.carryOut(plan)
      let requests = bench.faults.requests
      let report = try await bench.carryOut(plan)
      #expect(report.counts.alreadyDone == 2 && report.counts.done == 0 && report.isComplete)
      #expect(bench.faults.requests == requests)
    }
  }

  @Test("What the server refuses is a finding with its words and a remedy, and what needs it is not sent")
  func dependants() async throws {
    try await Bench.running { bench in
      var bad = Bench.person("bad", ["mail": ["x"]])
      bad.attributes?.removeAll { $0.name == "sn" }
      var next = Bench.person("next", wave: 2)
      next.after = [1]
      var last = Bench.person("last", wave: 3)
      last.after = [2]
      let plan = bench.plan([bad, next, last, Bench.person("good")])
      let report = try await bench.carryOut(plan)
      #expect(!report.isComplete)
      #expect((report.counts.added, report.counts.failed, report.counts.skipped) == (1, 1, 2))
      #expect(report.undone.map(\.number).sorted() == [1, 2, 3])
      let texts = report.findings.map(\.summary)
      #expect(texts.count == 2)
      #expect(texts[0].contains("objectClassViolation (65)") && texts[0].contains("'sn'"), "\(texts)")
      #expect(report.findings[0].remedy != nil)
      #expect(texts[1] == "2 operations were not sent, because operation 1 was not carried out.")
      #expect(try await bench.names() == [Bench.people, Bench.dn("good")])
      let states = try bench.store.operationStates(plan: plan.plan)
      #expect(states == [1: .failed, 2: .skipped, 3: .skipped, 4: .done])
    }
  }

  @Test("A renamed container takes its children along in the connector space, and the feed has one rename each")
  func container() async throws {
    try await Bench.running { bench in
      try await bench.add((0..<30).map { "p\($0)" })
      try await bench.server.admin.add(
        "dn: cn=g,\(Bench.base)\nobjectClass: groupOfNames\ncn: g\nmember: \(Bench.dn("p1"))\n")
      try await bench.full()
      let before = try bench.feed().count
      var child = try await bench.replacing(Bench.dn("p7"), "description", ["after the move"])
      child.dn = "cn=p7,ou=staff,\(Bench.base)"
      child.wave = 2
      child.after = [1]
      let report = try await bench.carryOut(bench.plan([try await bench.renaming(Bench.people, "ou=staff"), child]))
      #expect(report.isComplete, "\(report.json)")
      #expect(try bench.feed().dropFirst(before).filter { $0.kind == .rename }.count == 31)
      #expect(try bench.feed().dropFirst(before).filter { $0.kind == .update }.count == 1)
      try await bench.expectTruth()
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("Groups that a server mends by itself are read again when a member goes or moves")
  func references() async throws {
    try await Bench.running(.with { $0.referentialIntegrity = true }) { bench in
      try await bench.add(["a", "b", "c"])
      let members = ["a", "b", "c"].map { "member: \(Bench.dn($0))\n" }.joined()
      try await bench.server.admin.add("dn: cn=g,\(Bench.base)\nobjectClass: groupOfNames\ncn: g\n\(members)")
      try await bench.full()
      let report = try await bench.carryOut(
        bench.plan([
          try await bench.existing(.delete, Bench.dn("a")), try await bench.renaming(Bench.dn("b"), "cn=new"),
        ]))
      #expect(report.isComplete, "\(report.json)")
      try await Task.sleep(for: .milliseconds(300))
      _ = try await bench.full()
      #expect(try await bench.values("cn=g,\(Bench.base)", "member") == [Bench.dn("c"), Bench.dn("new")].sorted())
      try await bench.expectTruth()
    }
  }

  @Test("A connector space that was never imported takes what was written, and the first import the rest")
  func neverImported() async throws {
    try await Bench.running(importing: false) { bench in
      try await bench.add(["there", "gone"])
      let report = try await bench.carryOut(
        bench.plan([
          Bench.person("new"), try await bench.renaming(Bench.dn("there"), "cn=renamed"),
          try await bench.existing(.delete, Bench.dn("gone")),
        ]))
      #expect(report.isComplete, "\(report.json)")
      #expect(Set(try bench.changes(after: 0)) == ["add cn=new,ou=people", "add cn=renamed,ou=people"])
      #expect(try await bench.full().isComplete)
      try await bench.expectTruth()
    }
  }

  @Test("Objects of classes that are not selected are written, and not stored")
  func scope() async throws {
    try await Bench.running { bench in
      bench.scope.partitions[0].objectClasses = ["inetOrgPerson"]
      let before = try bench.feed().count
      let report = try await bench.carryOut(bench.plan([bench.unit("new"), Bench.person("p")]))
      #expect(report.isComplete)
      #expect(try bench.changes(after: before) == ["add cn=p,ou=people"])
      #expect(try await bench.values("ou=new,\(Bench.base)", "ou") == ["new"])
    }
  }

  @Test("Deletes beyond the budget are not sent; operations outside the partitions are not either")
  func limits() async throws {
    try await Bench.running { bench in
      try await bench.add(["a", "b"])
      try await bench.full()
      var elsewhere = Bench.person("x")
      elsewhere.dn = "cn=x,dc=other,dc=org"
      var plan = bench.plan(try await bench.existing(.delete, [Bench.dn("a"), Bench.dn("b")]) + [elsewhere])
      plan.partitions[0].deletes = 2
      plan.partitions[0].deletesAllowed = false
      let report = try await bench.carryOut(plan)
      #expect((report.counts.skipped, report.counts.failed) == (2, 1), "\(report.json)")
      #expect(report.findings.contains { $0.summary.contains("the plan deletes 2 entries") })
      #expect(try await bench.names().count == 3)
      #expect(bench.faults.requests == 0)
    }
  }

  @Test("Passwords are set by RFC 3062 or in the attribute, and a bind proves it; the journal holds none")
  func passwords() async throws {
    try await Bench.running { bench in
      try await bench.add(["a", "b"])
      let references = (1...3).map { SecretReference(line: $0, hash: "h\($0)") }
      for (index, reference) in references.enumerated() {
        bench.passwords[reference] = Secret("pass-phrase-\(index + 1)")
      }
      var operations = try await bench.existing(.password, [Bench.dn("a"), Bench.dn("b")])
      operations[0].secret = references[0]
      operations[1].secret = references[1]
      var new = Bench.person("c")
      new.secret = references[2]
      var nobody = try await bench.existing(.password, Bench.dn("a"))
      nobody.secret = SecretReference(line: 9, hash: "unknown")
      let plan = bench.plan([operations[0], new, nobody])
      let first = try await bench.carryOut(plan)
      #expect((first.counts.passwords, first.counts.added, first.counts.failed) == (1, 1, 1), "\(first.json)")
      bench.scope.capabilities = []
      #expect(try await bench.carryOut(bench.plan([operations[1]])).counts.passwords == 1)
      for (index, name) in ["a", "b", "c"].enumerated() {
        let number = ["a": 1, "b": 2, "c": 3][name] ?? index
        #expect(try await bench.target.binds(as: Bench.dn(name), with: Secret("pass-phrase-\(number)")))
        #expect(try await !bench.target.binds(as: Bench.dn(name), with: Secret("wrong")))
      }
      #expect(!first.json.contains("pass-phrase"))
      #expect(try !bench.storedBytes().contains("pass-phrase"))
      try await bench.full()
      try await bench.expectTruth()
    }
  }

  @Test("A tree goes in one request where the server does that, and not if it has grown", arguments: [true, false])
  func tree(_ hasGrown: Bool) async throws {
    try await Bench.each { bench in
      guard bench.scope.offers("1.2.840.113556.1.4.805") else { return }
      try await bench.add(["a", "b"])
      try await bench.full()
      let before = try bench.feed().count
      var tree = try await bench.existing(.deleteTree, Bench.people)
      tree.descendants = 2
      if hasGrown { try await bench.add(["c"]) }
      let report = try await bench.carryOut(bench.plan([tree]))
      #expect((report.counts.deleted, report.counts.refused) == (hasGrown ? 0 : 1, hasGrown ? 1 : 0), "\(report.json)")
      #expect(try bench.feed().count == before + (hasGrown ? 0 : 3))
      if hasGrown {
        #expect(report.undone.first?.reason.contains("3 entries lie below it, and 2 were planned") == true)
      } else {
        try await bench.expectTruth()
        #expect(try await bench.news() == Bench.noNews)
      }
    }
  }

  @Test("Where the DN is the ID, renames and moved branches keep their objects")
  func namesOnly() async throws {
    try await Bench.running { bench in
      bench.scope.partitions[0].immutableID = nil
      try await bench.add(["a", "b", "gone"])
      try await bench.full()
      let before = try bench.feed().count
      var child = try await bench.replacing(Bench.dn("b"), "description", ["after"])
      (child.dn, child.wave, child.after) = ("cn=b,ou=staff,\(Bench.base)", 3, [3])
      child.state = nil
      let plan = bench.plan([
        try await bench.renaming(Bench.dn("a"), "cn=new"), try await bench.existing(.delete, Bench.dn("gone")),
        try await bench.renaming(Bench.people, "ou=staff", wave: 2), child,
      ])
      let report = try await bench.carryOut(plan)
      #expect(report.isComplete, "\(report.json)")
      #expect(
        try bench.changes(after: before).sorted() == [
          "delete cn=gone,ou=people", "rename cn=b,ou=staff", "rename cn=new,ou=people", "rename cn=new,ou=staff",
          "rename ou=staff", "update cn=b,ou=staff",
        ])
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("Operational attributes that are held are what an import would hold")
  func operational() async throws {
    try await Bench.running { bench in
      bench.scope.partitions[0].selection.includesOperational = true
      try await bench.add(["a", "b", "c"])
      try await bench.full()
      let report = try await bench.carryOut(
        bench.plan([
          Bench.person("new"), try await bench.replacing(Bench.dn("a"), "description", ["after"]),
          try await bench.renaming(Bench.dn("b"), "cn=renamed"),
        ]))
      #expect(report.isComplete)
      let count = try bench.feed().count
      try await bench.full()
      // The topmost entry says how far the whole database has come.
      #expect(try bench.changes(after: count) == ["update \(Bench.base)"])
    }
  }

  @Test("What a plan moves out of the selected containers leaves the connector space, whatever the delete budget")
  func outOfScope() async throws {
    try await Bench.running { bench in
      try await bench.add((0..<30).map { "p\($0)" })
      try await bench.server.admin.add("dn: ou=away,\(Bench.base)\nobjectClass: organizationalUnit\nou: away\n")
      bench.scope.partitions[0].exclude = [try DN("ou=away,\(Bench.base)")]
      try await bench.full()
      let before = try bench.feed().count
      var moves: [PlannedOperation] = []
      for number in 0..<30 {
        moves.append(
          try await bench.renaming(Bench.dn("p\(number)"), "cn=p\(number)", to: "ou=away,\(Bench.base)"))
      }
      let report = try await bench.carryOut(bench.plan(moves))
      #expect(report.isComplete && report.findings == [], "\(report.json)")
      #expect(try bench.feed().dropFirst(before).map(\.kind) == Array(repeating: .delete, count: 30))
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("Far sides of links that the server keeps are read again, and are the truth")
  func links() async throws {
    try await Bench.running(.with { $0.memberOf = true }) { bench in
      bench.scope.partitions[0].linked = [LinkedAttributes(forward: "member", backward: "memberOf")]
      bench.scope.partitions[0].selection.attributes = ["cn", "member", "memberOf"]
      try await bench.add(["a", "b"])
      try await bench.full()
      var group = PlannedOperation(number: 0, kind: .add, wave: 2, partition: 0, dn: "cn=g,\(Bench.base)")
      group.attributes = [
        ("objectClass", ["groupOfNames"]), ("cn", ["g"]), ("member", [Bench.dn("a"), Bench.dn("new")]),
      ].map { PlannedAttribute(name: $0.0, values: $0.1.map { PlannedValue(Array($0.utf8)) }) }
      group.after = [1]
      let before = try bench.feed().count
      let rename = try await bench.renaming(Bench.dn("a"), "cn=renamed", wave: 3)
      let report = try await bench.carryOut(bench.plan([Bench.person("new"), group, rename]))
      #expect(report.isComplete, "\(report.json)")
      let holders = try bench.feed().dropFirst(before).filter { $0.kind == .update && $0.dn != "cn=g,\(Bench.base)" }
      #expect(Set(holders.map(\.dn)).isSubset(of: [Bench.dn("new"), Bench.dn("a")]), "\(holders.map(\.dn))")
      #expect(try await bench.values("cn=renamed,\(Bench.people)", "memberOf") == ["cn=g,\(Bench.base)"])
      #expect(try await bench.news() == Bench.noNews)
    }
  }

  @Test("A plan over two partitions is confirmed in both, each by a run of its own")
  func partitions() async throws {
    try await Bench.running(.with { $0.otherBase = "dc=other,dc=org" }) { bench in
      var other = bench.scope.partitions[0]
      other.partition = try DN("dc=other,dc=org")
      bench.scope.partitions.append(other)
      var elsewhere = Bench.person("x")
      elsewhere.dn = "cn=x,dc=other,dc=org"
      elsewhere.partition = 1
      let report = try await bench.carryOut(bench.plan([Bench.person("p"), elsewhere]))
      #expect(report.isComplete && report.runs.count == 2, "\(report.json)")
      let last = try bench.feed().suffix(2)
      #expect(Set(last.map(\.dn)) == [Bench.dn("p"), "cn=x,dc=other,dc=org"])
      #expect(Set(last.map { $0.reason.prefix(13) }).count == 2)
    }
  }
}

extension ExportBench {
  func unit(_ name: String) -> PlannedOperation {
    var operation = PlannedOperation(number: 0, kind: .add, wave: 1, partition: 0, dn: "ou=\(name),\(Self.base)")
    operation.attributes = [
      PlannedAttribute(name: "objectClass", values: [PlannedValue(Array("organizationalUnit".utf8))]),
      PlannedAttribute(name: "ou", values: [PlannedValue(Array(name.utf8))]),
    ]
    return operation
  }
}
