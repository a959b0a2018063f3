import Testing

@testable import TestSupport

/// A rename stays one object with another name, whatever the name looks like and whoever had it before.
@Suite struct RenameTests {
  private let base = Scene.base

  @Test(arguments: [
    (LiveProduct.slapd, true), (.slapd, false), (.ds389, true), (.ds389, false), (.ds389WithoutLoggedID, false),
    (.unboundID, true),
  ])
  func anEntryTakesEveryKindOfName(product: LiveProduct, deletingOldRDN: Bool) async throws {
    try await Scene.imported(on: product, prepare: { try await $0.write { $0.person("uid=start", in: base) } }) {
      scene in
      var last = "uid=start"
      for rdn in [
        "cn=Zoë Müller", "cn=Doe\\, Jane", "cn=Doe\\2C Jane+uid=jdoe", "cn=\\#hash and blank\\20",
        "cn=plus\\+ \\\"quoted\\\" \\<x\\>\\; \\\\", "cn=日本語 🙂", "cn=a\\=b", "cn=two  blanks", "cn=ﬁne ligature",
        "uid=zoe+cn=Zoë", "uid=zoe",
      ] {
        try await scene.write { $0.rename("\(last),\(base)", to: rdn, deletingOldRDN: deletingOldRDN) }
        try await scene.expectDelta(["hints": 1, "renamed": 1], "\(last) to \(rdn)")
        last = rdn
      }
    }
  }

  /// UnboundID's server drops the old name in any case.
  @Test(arguments: [LiveProduct.slapd, .ds389, .ds389WithoutLoggedID])
  func theOldNameStaysAValueOnlyWhereItWasAskedFor(product: LiveProduct) async throws {
    try await Scene.imported(
      on: product,
      prepare: {
        try await $0.write {
          $0.person("uid=kept", in: base, [("uid", "kept")])
          $0.person("uid=dropped", in: base, [("uid", "dropped")])
        }
      }
    ) { scene in
      try await scene.write {
        $0.rename("uid=kept,\(base)", to: "uid=one", deletingOldRDN: false)
        $0.rename("uid=dropped,\(base)", to: "uid=two", deletingOldRDN: true)
      }
      try await scene.expectDelta(["hints": 2, "renamed": 2])
      #expect(try await scene.object("uid=one,\(base)")?.strings("uid").sorted() == ["kept", "one"])
      #expect(try await scene.object("uid=two,\(base)")?.strings("uid") == ["two"])
    }
  }

  @Test(arguments: LiveProduct.all.filter(\.renamesByCase))
  func aChangeOfLetterCaseAloneIsARename(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=Sales"]) { scene in
      try await scene.write { $0.rename("uid=one,ou=Sales,\(base)", to: "uid=ONE") }
      try await scene.expectDelta(["hints": 1, "renamed": 1], "a leaf")
      try await scene.write { $0.rename("ou=Sales,\(base)", to: "ou=SALES") }
      try await scene.expectDelta(["hints": 1, "renamed": 5], "a container, so the DNs below it too")
      try await scene.write { $0.rename("ou=SALES,\(base)", to: "OU=sales", deletingOldRDN: false) }
      try await scene.expectDelta(["hints": 1, "renamed": 5], "a container that keeps its old name as a value")
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aContainerTakesEveryKindOfNameWithAllBelowIt(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=start"]) { scene in
      var last = "ou=start"
      for rdn in [
        "ou=Büro München", "ou=Sales\\, EMEA", "ou=R\\+D", "ou=\\#1\\20", "ou=営業", "ou=営業+description=部", "ou=end",
      ] {
        try await scene.write { $0.rename("\(last),\(base)", to: rdn, deletingOldRDN: !rdn.contains("description")) }
        try await scene.expectDelta(["hints": 1, "renamed": 5], "\(last) to \(rdn)")
        last = rdn
      }
    }
  }

  @Test(arguments: LiveProduct.all)
  func twoEntriesSwapTheirNames(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a"]) { scene in
      let before = try await scene.object("uid=one,ou=a,\(base)")
      try await scene.write {
        $0.rename("uid=one,ou=a,\(base)", to: "uid=between")
        $0.rename("uid=two,ou=a,\(base)", to: "uid=one")
        $0.rename("uid=between,ou=a,\(base)", to: "uid=two")
      }
      try await scene.expectDelta(["hints": 3, "renamed": 2])
      #expect(try await scene.object("uid=two,ou=a,\(base)")?.id == before?.id)
    }
  }

  @Test(arguments: LiveProduct.all)
  func twoContainersWithChildrenSwapTheirNames(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a", "ou=b"]) { scene in
      try await scene.write {
        $0.rename("ou=a,\(base)", to: "ou=between")
        $0.rename("ou=b,\(base)", to: "ou=a")
        $0.rename("ou=between,\(base)", to: "ou=b")
      }
      try await scene.expectDelta(["hints": 3, "renamed": 10])
    }
  }

  @Test(arguments: LiveProduct.all)
  func threeContainersTakeTurnsWithTheirNames(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a", "ou=b", "ou=c"]) { scene in
      try await scene.write {
        $0.rename("ou=a,\(base)", to: "ou=between")
        $0.rename("ou=b,\(base)", to: "ou=a")
        $0.rename("ou=c,\(base)", to: "ou=b")
        $0.rename("ou=between,\(base)", to: "ou=c")
        $0.rename("uid=one,ou=c,\(base)", to: "uid=moved", newSuperior: "ou=a,\(base)")
      }
      try await scene.expectDelta(["hints": 5, "renamed": 15])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aChainOfRenamesFreesOneNameAfterTheOther(product: LiveProduct) async throws {
    try await Scene.imported(
      on: product,
      prepare: { scene in
        try await scene.write { records in ["a", "b", "c"].forEach { records.person("uid=\($0)", in: base) } }
      }
    ) { scene in
      try await scene.write {
        $0.rename("uid=c,\(base)", to: "uid=d")
        $0.rename("uid=b,\(base)", to: "uid=c")
        $0.rename("uid=a,\(base)", to: "uid=b")
        $0.person("uid=a", in: base)
      }
      try await scene.expectDelta(["hints": 4, "renamed": 3, "added": 1])
      try await scene.write {
        for (old, new) in [("a", "e"), ("e", "f"), ("f", "g"), ("g", "a2")] {
          $0.rename("uid=\(old),\(base)", to: "uid=\(new)")
        }
      }
      try await scene.expectDelta(["hints": 4, "renamed": 1], "one entry through many names")
    }
  }

  @Test(arguments: LiveProduct.all)
  func anEntryTakesTheNameOfOneThatWent(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a", "ou=b"]) { scene in
      try await scene.write {
        $0.delete("uid=one,ou=a,\(base)")
        $0.rename("uid=two,ou=a,\(base)", to: "uid=one")
        $0.rename("ou=b,\(base)", to: "ou=c")
        $0.unit("ou=b", in: base)
        $0.person("uid=one", in: "ou=b,\(base)")
      }
      try await scene.expectDelta(["hints": 5, "renamed": 6, "added": 2, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.all)
  func whatHappensBelowARenamedContainerIsSeenUnderItsNewName(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a"]) { scene in
      try await scene.write {
        $0.modify("uid=one,ou=a,\(base)", "replace", "sn", ["Before"])
        $0.rename("ou=a,\(base)", to: "ou=b")
        $0.modify("uid=two,ou=b,\(base)", "replace", "sn", ["After"])
        $0.delete("uid=one,ou=b,\(base)")
        $0.person("uid=three", in: "ou=b,\(base)")
        $0.rename("ou=inner,ou=b,\(base)", to: "ou=core")
        $0.rename("ou=b,\(base)", to: "ou=c")
        $0.modify("uid=deep,ou=core,ou=c,\(base)", "replace", "sn", ["Deep"])
      }
      try await scene.expectDelta(["hints": 8, "renamed": 4, "added": 1, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.all)
  func anEntryMadeAgainBelowARenamedContainerNeverSharesItsName(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a"]) { scene in
      try await scene.write {
        $0.delete("uid=one,ou=a,\(base)")
        $0.rename("ou=a,\(base)", to: "ou=b")
        $0.person("uid=one", in: "ou=b,\(base)")
        $0.rename("uid=two,ou=b,\(base)", to: "uid=three")
        $0.person("uid=two", in: "ou=b,\(base)")
      }
      try await scene.expectDelta(["hints": 5, "renamed": 4, "added": 2, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aTreeIsTurnedUpsideDown(product: LiveProduct) async throws {
    try await withBranches(on: product, ["ou=a"]) { scene in
      try await scene.write {
        $0.rename("ou=inner,ou=a,\(base)", to: "ou=inner", newSuperior: base)
        $0.rename("ou=a,\(base)", to: "ou=a", newSuperior: "ou=inner,\(base)")
      }
      try await scene.expectDelta(["hints": 2, "renamed": 5])
      try await scene.write {
        $0.rename("ou=a,ou=inner,\(base)", to: "ou=x", newSuperior: base)
        $0.rename("ou=inner,\(base)", to: "ou=a", newSuperior: "ou=x,\(base)")
      }
      try await scene.expectDelta(["hints": 2, "renamed": 5])
    }
  }

  /// A scene with units of four entries each: two people, and an inner unit with one.
  private func withBranches(
    on product: LiveProduct, _ units: [String], _ body: (Scene) async throws -> Void
  ) async throws {
    try await Scene.imported(
      on: product,
      prepare: { scene in
        try await scene.write { records in
          for unit in units {
            records.unit(unit, in: base)
            records.person("uid=one", in: "\(unit),\(base)")
            records.person("uid=two", in: "\(unit),\(base)")
            records.unit("ou=inner", in: "\(unit),\(base)")
            records.person("uid=deep", in: "ou=inner,\(unit),\(base)")
          }
        }
      }, body)
  }
}
