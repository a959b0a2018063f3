import ConnectorCore
import Testing

/// What both stores do with objects.
@Suite struct ObjectConformanceTests {
  @Test("An object is found by its ID with the row and the hash that it was stored with", arguments: StoreKind.allCases)
  func versionByID(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let ada = try ConnectorObject.sample("uid=ada,dc=example,dc=com", id: "3fa0")
    let row = try test.add(ada)[0]
    #expect(try test.store.version(id: "3fa0", partition: test.partition) == StoredVersion(row: row, hash: ada.hash))
    #expect(try test.store.version(id: "3fa1", partition: test.partition) == nil)
  }

  @Test("An object comes back as it was stored, without its references", arguments: StoreKind.allCases)
  func objectByRow(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let json = #"{"cn":["Adé \"A\"\u0000"],"jpegPhoto":[{"base64":"AAEC"}],"objectClass":["person"]}"#
    var ada = try ConnectorObject.sample("uid=ada,dc=example,dc=com", anchor: "77", json: json, references: [-4, 9])
    ada.hash = ContentHash(high: .max, low: 1 << 63)
    let row = try test.add(ada)[0]
    ada.references = []
    #expect(try test.store.object(row: row) == StoredObject(row: row, object: ada))
    #expect(try test.store.object(row: row + 1) == nil)
  }

  @Test("IDs are unique within a partition, and free in another", arguments: StoreKind.allCases)
  func idsWithinPartition(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let other = try test.store.partition(key: "o=other", dn: "o=Other").number
    let ada = try ConnectorObject.sample("uid=ada,dc=example,dc=com", id: "1")
    try test.add(ada)
    #expect(throws: (any Error).self) { try test.add(ada) }
    try test.transaction { _ = try test.store.add(ada, partition: other, reason: test.reason) }
    #expect(try test.store.count(partition: test.partition) == 1)
    #expect(try test.store.count(partition: other) == 1)
  }

  @Test("Two objects may have one DN for a while, and both are its holders", arguments: StoreKind.allCases)
  func holders(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let rows = try test.add(
      .sample("uid=ada,dc=example,dc=com", id: "1"), .sample("UID=Ada,dc=example,dc=com", id: "2"),
      .sample("uid=bob,dc=example,dc=com", id: "3"))
    #expect(try test.store.holders(key: "dc=com,dc=example,uid=ada", partition: test.partition) == [rows[0], rows[1]])
    #expect(try test.store.holders(key: "dc=com,dc=example,uid=eve", partition: test.partition) == [])
  }

  @Test("An object is found by its anchor, the DN or another one, to the byte", arguments: StoreKind.allCases)
  func anchors(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let rows = try test.add(
      .sample("uid=ada,dc=a", id: "1", anchor: "77"), .sample("uid=bob,dc=a", id: "2"),
      .sample("uid=eve,dc=a", id: "3", anchor: "uid=ada,dc=a"))
    #expect(try test.store.rows(anchor: "77", partition: test.partition) == [rows[0]])
    #expect(try test.store.rows(anchor: "uid=bob,dc=a", partition: test.partition) == [rows[1]])
    #expect(try test.store.rows(anchor: "uid=ada,dc=a", partition: test.partition) == [rows[2]])
    #expect(try test.store.rows(anchor: "UID=bob,dc=a", partition: test.partition) == [])
    #expect(try test.store.rows(anchor: "77", partition: test.partition + 1) == [])
  }

  @Test("Descendants are what lies strictly below, neighbours with like names left out", arguments: StoreKind.allCases)
  func descendants(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(
      .sample("ou=x,dc=a"), .sample("ou=x-y,dc=a"), .sample("cn=z,ou=x,dc=a"), .sample("cn=q,cn=z,ou=x,dc=a"),
      .sample(#"ou=x\,cn=z,dc=a"#), .sample("ou=xa,dc=a"), .sample("ou=x+cn=z,dc=a"), .sample("dc=a"),
      .sample("cn=ä,ou=x,dc=a"), .sample("cn=-,ou=x,dc=a"))
    #expect(
      try test.keys(below: "dc=a,ou=x") == [
        "dc=a,ou=x,cn=-", "dc=a,ou=x,cn=z", "dc=a,ou=x,cn=z,cn=q", "dc=a,ou=x,cn=ä",
      ])
    #expect(try test.keys(below: "dc=a,ou=x,cn=z") == ["dc=a,ou=x,cn=z,cn=q"])
    #expect(try test.keys(below: "dc=a").count == 9)
    #expect(try test.keys(below: "").count == 10)
    #expect(try test.keys(below: "dc=b") == [])
  }

  @Test("All objects of a partition are visited in the order of their keys", arguments: StoreKind.allCases)
  func allObjects(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.transaction {
      for number in 0..<1203 {
        let object = try ConnectorObject.sample("uid=\(number % 401),dc=example,dc=com", id: "\(number)")
        _ = try test.store.add(object, partition: test.partition, reason: test.reason)
      }
    }
    var names: [ObjectName] = []
    try test.store.objects(partition: test.partition) { names.append($0) }
    #expect(Set(names.map(\.row)).count == 1203)
    #expect(names.map(\.key) == names.map(\.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(zip(names, names.dropFirst()).allSatisfy { $0.key != $1.key || $0.row < $1.row })
  }

  @Test("Objects that are known already are passed over", arguments: StoreKind.allCases)
  func unknownObjects(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.transaction {
      for number in 0..<8200 {
        let object = try ConnectorObject.sample("uid=\(number % 5000),dc=example,dc=com", id: "\(number)")
        _ = try test.store.add(object, partition: test.partition, reason: test.reason)
      }
    }
    var all: [ObjectName] = []
    try test.store.objects(partition: test.partition) { all.append($0) }
    var unknown: [ObjectName] = []
    try test.store.objects(partition: test.partition, unless: { $0 % 3 != 0 }, each: { unknown.append($0) })
    #expect(unknown == all.filter { $0.row % 3 == 0 })
    #expect(unknown.count == 2733)
    let other = try test.store.partition(key: "o=other", dn: "o=other").number
    try test.store.objects(partition: other, unless: { _ in false }, each: { _ in Issue.record("another partition") })
  }

  @Test("A visitor may look up and rename what it visits", arguments: StoreKind.allCases)
  func writingVisitor(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(.sample("ou=old,dc=a"), .sample("cn=1,ou=old,dc=a"), .sample("cn=2,ou=old,dc=a"))
    try test.transaction {
      try test.store.descendants(of: "dc=a,ou=old", partition: test.partition) { name in
        let number = try test.stored(name.row).object.dn.prefix(4)
        try test.store.rename(
          row: name.row, id: name.id, dn: "\(number),ou=new,dc=a", key: "dc=a,ou=new,\(number)",
          anchor: "\(number),ou=new,dc=a", hash: name.hash, reason: test.reason)
      }
    }
    #expect(try test.keys(below: "dc=a,ou=old") == [])
    #expect(try test.keys(below: "dc=a,ou=new") == ["dc=a,ou=new,cn=1", "dc=a,ou=new,cn=2"])
  }

  @Test("Referrers follow adds, replaces and deletes, also within one transaction", arguments: StoreKind.allCases)
  func referrers(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    func ids(_ reference: Int64) throws -> [String] {
      try test.store.referrers(of: reference, partition: test.partition).map(\.id)
    }
    let group = try ConnectorObject.sample("cn=g,dc=a", id: "g", references: [-1, 2, 3])
    try test.transaction {
      let row = try test.store.add(group, partition: test.partition, reason: test.reason)
      let other = try ConnectorObject.sample("cn=h,dc=a", id: "h", references: [2])
      _ = try test.store.add(other, partition: test.partition, reason: test.reason)
      #expect(try ids(2) == ["g", "h"])
      var changed = group
      changed.references = [3, 4]
      try test.store.replace(test.stored(row), with: changed, reason: test.reason)
      #expect(try ids(2) == ["h"])
    }
    #expect(try ids(-1) == [])
    #expect(try ids(3) == ["g"])
    #expect(try ids(4) == ["g"])
    let row = try #require(try test.store.version(id: "g", partition: test.partition)).row
    try test.transaction { try test.store.delete(row: row, reason: test.reason) }
    #expect(try ids(3) == [])
    #expect(try ids(2) == ["h"])
  }

  @Test("Objects with an attribute are counted, of one class or of all", arguments: StoreKind.allCases)
  func countWithAttribute(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(
      .sample("cn=1,dc=a", json: #"{"mail":["x"],"objectClass":["Person"]}"#),
      .sample("cn=2,dc=a", json: #"{"Mail":["x"],"objectclass":["device"]}"#),
      .sample("cn=3,dc=a", json: #"{"mail":[],"objectClass":["person"]}"#),
      .sample("cn=4,dc=a", json: #"{"mailbox":["mail"],"objectClass":["person"]}"#))
    func count(_ objectClass: String?) throws -> Int {
      try test.store.count(withAttribute: "mail", objectClass: objectClass, partition: test.partition)
    }
    #expect(try count(nil) == 2)
    #expect(try count("person") == 1)
    #expect(try count("group") == 0)
  }

  @Test("A row is never given to another object", arguments: StoreKind.allCases)
  func rowsAreNotReused(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let first = try test.add(.sample("cn=1,dc=a"))[0]
    try test.transaction { try test.store.delete(row: first, reason: test.reason) }
    let second = try test.add(.sample("cn=1,dc=a"))[0]
    #expect(second != first)
  }
}
