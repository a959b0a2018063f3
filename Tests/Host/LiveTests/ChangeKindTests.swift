import Foundation
import Testing

@testable import TestSupport

/// Every kind of change to one entry arrives by a delta import that reads that entry and no other.
@Suite struct ChangeKindTests {
  private let base = Scene.base
  private let ada = "uid=ada,\(Scene.base)"

  /// A scene in which the posixAccount `ada` lives.
  private func withAda(on product: LiveProduct, _ body: (Scene) async throws -> Void) async throws {
    try await Scene.imported(
      on: product,
      prepare: { scene in
        try await scene.write {
          $0.add(
            "uid=ada,\(Scene.base)", classes: ["inetOrgPerson", "posixAccount"],
            [
              ("cn", "Ada"), ("sn", "Lovelace"), ("mail", "ada@example.com"), ("mail", "countess@example.com"),
              ("uidNumber", "41"), ("gidNumber", "1"), ("homeDirectory", "/home/ada"), ("title", "Countess"),
            ])
        }
      }, body)
  }

  @Test(arguments: LiveProduct.all)
  func anAddedEntryArrivesWithItsContainer(product: LiveProduct) async throws {
    try await Scene.imported { scene in
      try await scene.write {
        $0.unit("ou=new", in: base)
        $0.person("uid=grace", in: "ou=new,\(base)", [("mail", "grace@example.com")])
      }
      try await scene.expectDelta(["hints": 2, "added": 2])
      try await scene.expectDelta([:], "nothing to do")
    }
  }

  @Test(arguments: LiveProduct.all)
  func valuesAreAddedDeletedReplacedAndIncremented(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      let increment = product.increments ? "increment" : nil
      for (operation, attribute, values) in [
        ("add", "mail", ["a@example.com", "b@example.com"]), ("add", "description", ["new"]),
        ("delete", "mail", ["a@example.com"]), ("replace", "mail", ["only@example.com"]),
        ("replace", "title", ["Lady", "Mathematician"]), (increment ?? "replace", "uidNumber", ["1"]),
        (increment ?? "replace", "uidNumber", ["-30"]), ("delete", "description", []), ("replace", "title", []),
      ] {
        try await scene.write { $0.modify(ada, operation, attribute, values) }
        try await scene.expectDelta(["hints": 1, "updated": 1], "\(operation) \(attribute)")
      }
      let object = try await scene.object(ada)
      #expect(object?.strings("uidNumber") == [product.increments ? "12" : "-30"])
      #expect(object?.strings("mail") == ["only@example.com"])
      #expect(object?.attributes["title"] == nil && object?.attributes["description"] == nil)
    }
  }

  @Test(arguments: LiveProduct.servers)
  func manyChangesOfOneEntryAreOneUpdate(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write { records in
        for number in 1...20 { records.modify(ada, "replace", "title", ["Title \(number)"]) }
        records.modify(ada, "replace", "uidNumber", ["42"])
      }
      try await scene.expectDelta(["hints": 21, "updated": 1])
      try await scene.write {
        $0.modify(ada, "replace", "title", ["passing"])
        $0.modify(ada, "replace", "title", ["Title 20"])
      }
      try await scene.expectDelta(["hints": 2], "a change that was taken back is none")
    }
  }

  @Test(arguments: LiveProduct.servers)
  func theObjectClassOfAnEntryChanges(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write {
        $0.modify(ada, "add", "objectClass", ["extensibleObject"])
        $0.modify(ada, "add", "o", ["an attribute that only extensibleObject allows"])
      }
      try await scene.expectDelta(["hints": 2, "updated": 1])
      #expect(try await scene.object(ada)?.objectClasses.contains("extensibleObject") == true)
    }
  }

  @Test(arguments: LiveProduct.servers)
  func binaryEmptyAndMultiLineValuesArriveByteForByte(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      let photo = Company.photo(seed: 7, size: 5000)
      try await scene.write {
        $0.modify(ada, "add", "jpegPhoto", bytes: [photo, Company.photo(seed: 8, size: 400)])
        $0.modify(ada, "add", "audio", bytes: [[0, 1, 0xff, 0xfe, 0x80], Array("text in a binary syntax".utf8)])
        $0.modify(ada, "add", "mail", bytes: [[]])
        $0.modify(ada, "add", "description", ["two\nlines", "\r\n\ttab, and an end\n", " blanks ", ":<#"])
      }
      try await scene.expectDelta(["hints": 4, "updated": 1])
      let object = try await scene.object(ada)
      #expect(object?.attributes["jpegphoto"]?.contains(photo) == true)
      #expect(object?.attributes["mail"]?.contains([]) == true)
      #expect(object?.strings("description").contains("two\nlines") == true)
      try await scene.write { $0.modify(ada, "delete", "jpegPhoto", []) }
      try await scene.expectDelta(["hints": 1, "updated": 1])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func attributeOptionsAreAttributesOfTheirOwn(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write {
        $0.modify(ada, "add", "cn;lang-de", ["Ada, Gräfin von Lovelace"])
        $0.modify(ada, "add", "cn;lang-fr", ["Ada, comtesse de Lovelace"])
        $0.modify(ada, "add", "userCertificate;binary", bytes: [Company.certificate])
      }
      try await scene.expectDelta(["hints": 3, "updated": 1])
      #expect(try await scene.object(ada)?.attributes["usercertificate;binary"] == [Company.certificate])
      try await scene.write { $0.modify(ada, "delete", "cn;lang-fr", []) }
      try await scene.expectDelta(["hints": 1, "updated": 1])
      #expect(try await scene.object(ada)?.strings("cn") == ["Ada"])
    }
  }

  @Test(arguments: LiveProduct.servers)
  func aValueOfOneMegabyteArrives(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      let photo = Company.photo(seed: 9, size: 1 << 20)
      try await scene.write { $0.modify(ada, "replace", "jpegPhoto", bytes: [photo]) }
      try await scene.expectDelta(["hints": 1, "updated": 1])
      try await scene.write { $0.modify(ada, "replace", "title", ["with a heavy photo"]) }
      try await scene.expectDelta(["hints": 1, "updated": 1])
      #expect(try await scene.object(ada)?.attributes["jpegphoto"] == [photo])
    }
  }

  @Test(arguments: LiveProduct.all)
  func aDeletedEntryGoes(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write { $0.delete(ada) }
      try await scene.expectDelta(["hints": 1, "deleted": 1])
    }
  }

  @Test(arguments: LiveProduct.all)
  func anEntryDeletedAndMadeAgainIsAnotherObject(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      let before = try await scene.object(ada)
      try await scene.write {
        $0.delete(ada)
        $0.person("uid=ada", in: base)
      }
      try await scene.expectDelta(["hints": 2, "added": 1, "deleted": 1])
      let after = try await scene.object(ada)
      #expect(before != nil && after != nil && before?.id != after?.id)
    }
  }

  @Test(arguments: LiveProduct.all)
  func whatCameAndWentBetweenTwoImportsLeavesNoTrace(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      let end = try await scene.lastSequence()
      try await scene.write {
        $0.person("uid=brief", in: base)
        $0.delete("uid=brief,\(base)")
        $0.delete(ada)
        $0.person("uid=ada", in: base)
        $0.delete(ada)
      }
      try await scene.expectDelta(["hints": 5, "deleted": 1])
      #expect(try await scene.changes(since: end).map(\.change) == [.delete])
    }
  }

  @Test(arguments: LiveProduct.all)
  func addThenRenameThenModifyBeforeOneImportIsOneAdd(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write {
        $0.person("uid=first", in: base)
        $0.rename("uid=first,\(base)", to: "uid=second")
        $0.modify("uid=second,\(base)", "replace", "sn", ["Married"])
      }
      // An entry that a rename brought is searched with all below it: it may have come from outside the scope.
      try await scene.expectDelta(["hints": 3, "added": 1, "read": 1])
    }
  }

  @Test(arguments: LiveProduct.all)
  func renameThenDeleteIsOneDelete(product: LiveProduct) async throws {
    try await withAda(on: product) { scene in
      try await scene.write {
        $0.rename(ada, to: "uid=augusta")
        $0.modify("uid=augusta,\(base)", "replace", "sn", ["King"])
        $0.delete("uid=augusta,\(base)")
      }
      try await scene.expectDelta(["hints": 3, "deleted": 1])
    }
  }

  @Test func failedOperationsInTheLogAreNoHints() async throws {
    try await Scene.imported(.with { $0.logSuccess = false }) { scene in
      try await scene.write { $0.unit("ou=full", in: base) }
      try await scene.write { $0.person("uid=child", in: "ou=full,\(base)") }
      try await scene.expectDelta(["hints": 2, "added": 2])
      try await scene.write(accepting: [66, 68, 32, 16, 71, 17, 20]) {
        $0.delete("ou=full,\(base)")
        $0.unit("ou=full", in: base)
        $0.rename("uid=nobody,\(base)", to: "uid=somebody")
        $0.modify("uid=child,ou=full,\(base)", "delete", "title", [])
        $0.rename("uid=child,ou=full,\(base)", to: "uid=lost", newSuperior: "ou=nowhere,\(base)")
      }
      let failed = try await scene.server.connector.search(
        SlapdServer.logBase, scope: .one, filter: "(!(reqResult=0))", attributes: ["reqResult"])
      #expect(failed.count == 5)
      try await scene.expectDelta([:], "only failures")
      try await scene.write { $0.delete("uid=child,ou=full,\(base)") }
      try await scene.expectDelta(["hints": 1, "deleted": 1])
    }
  }
}
