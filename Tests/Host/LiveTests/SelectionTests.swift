import Testing

@testable import TestSupport

/// What the configuration selects is what is held, through every change.
@Suite struct SelectionTests {
  private let base = Scene.base

  @Test(arguments: LiveProduct.servers)
  func onlySelectedAttributesAreHeldAndOnlyTheirChangesCount(product: LiveProduct) async throws {
    try await Scene.imported(
      on: product,
      yaml: "schema: {attributes: [cn, mail, jpegPhoto, \"sn;lang-de\"]}",
      prepare: { scene in
        scene.attributes = ["objectClass", "cn", "mail", "jpegPhoto", "sn;lang-de", product.id]
        let values = [("mail", "a@b"), ("title", "Dr"), ("cn;lang-en", "Ada")]
        try await scene.write { $0.person("cn=ada", in: base, values) }
      }
    ) { scene in
      try await scene.write { $0.modify("cn=ada,\(base)", "replace", "title", ["Professor"]) }
      try await scene.expectDelta(["hints": 1], "not selected")
      try await scene.write {
        $0.modify("cn=ada,\(base)", "add", "mail", ["c@d"])
        $0.modify("cn=ada,\(base)", "add", "sn;lang-de", ["Person"])
        $0.modify("cn=ada,\(base)", "add", "jpegPhoto", bytes: [Company.photo(seed: 1, size: 300)])
      }
      try await scene.expectDelta(["hints": 3, "updated": 1])
      try await scene.write { $0.rename("cn=ada,\(base)", to: "uid=ada", deletingOldRDN: false) }
      try await scene.expectDelta(["hints": 1, "renamed": 1])
    }
  }

  @Test func operationalAttributesFollowEveryChange() async throws {
    try await Scene.imported(
      yaml: "schema: {includeOperationalAttributes: true}",
      prepare: { scene in
        scene.expectOperationalAttributes()
        try await scene.write {
          $0.unit("ou=a", in: base)
          $0.person("uid=one", in: "ou=a,\(base)")
        }
      }
    ) { scene in
      #expect(try await scene.object("uid=one,ou=a,\(base)")?.strings("creatorsName") == [TestDirectory.nobodyDN])
      try await scene.write { $0.modify("uid=one,ou=a,\(base)", "replace", "sn", ["New"]) }
      try await scene.expectDelta(["hints": 1, "updated": 1])
      try await scene.write { $0.person("uid=two", in: "ou=a,\(base)") }
      try await scene.expectDelta(["hints": 1, "added": 1])
      try await scene.write { $0.rename("ou=a,\(base)", to: "ou=b") }
      // The descendants are read again for what slapd changed in them: entryDN.
      try await scene.expectDelta(["hints": 1, "renamed": 3, "updated": 2])
      try await scene.write {
        $0.delete("uid=one,ou=b,\(base)")
        $0.delete("uid=two,ou=b,\(base)")
      }
      try await scene.expectDelta(["hints": 2, "deleted": 2])
    }
  }

  @Test(arguments: LiveProduct.all)
  func anEntryEntersAndLeavesWithItsObjectClass(product: LiveProduct) async throws {
    try await Scene.imported(
      on: product,
      yaml: "schema: {objectClasses: [posixAccount]}",
      prepare: { scene in
        scene.filter = "(objectClass=posixAccount)"
        try await scene.write { $0.person("uid=ada", in: base) }
      }
    ) { scene in
      let ada = "uid=ada,\(base)"
      try await scene.server.admin.modify(
        """
        dn: \(ada)
        changetype: modify
        add: objectClass
        objectClass: posixAccount
        -
        add: uidNumber
        uidNumber: 1
        -
        add: gidNumber
        gidNumber: 1
        -
        add: homeDirectory
        homeDirectory: /home/ada

        """)
      try await scene.expectDelta(["hints": 1, "added": 1])
      try await scene.server.admin.modify(
        """
        dn: \(ada)
        changetype: modify
        delete: objectClass
        objectClass: posixAccount
        -
        delete: uidNumber
        -
        delete: gidNumber
        -
        delete: homeDirectory

        """)
      try await scene.expectDelta(["hints": 1, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func theSubclassesOfASelectedClassAreSelectedToo(product: LiveProduct) async throws {
    try await Scene.imported(
      on: product, yaml: "schema: {objectClasses: [person]}", prepare: { $0.filter = "(objectClass=person)" }
    ) { scene in
      try await scene.write {
        $0.unit("ou=people", in: base)
        $0.person("uid=ada", in: "ou=people,\(base)")
      }
      try await scene.expectDelta(["hints": 2, "added": 1])
    }
  }

  @Test(arguments: [LiveProduct.slapd, .unboundID])
  func passwordsAreNeverHeldUnlessTheyAreNamed(product: LiveProduct) async throws {
    for (yaml, isHeld) in [("", false), ("schema: {attributes: [cn, userPassword]}", true)] {
      try await Scene.imported(
        on: product, yaml: yaml,
        prepare: { scene in
          if isHeld {
            scene.attributes = ["objectClass", "cn", "userPassword", product.id]
            scene.ignored = ["entryuuid"]
          }
          try await scene.write { $0.person("cn=ada", in: base, [("userPassword", "hush-1")]) }
        }
      ) { scene in
        try await scene.write { $0.modify("cn=ada,\(base)", "replace", "userPassword", ["hush-2"]) }
        try await scene.expectDelta(isHeld ? ["hints": 1, "updated": 1] : ["hints": 1])
        let everything = try await scene.tool("changes", "--since", "0").standardOutput
        #expect((everything.contains("userPassword") || everything.contains("aHVzaC0y")) == isHeld)
      }
    }
  }
}
