import ConnectorCore
import Testing

/// What both stores write into the change feed.
@Suite struct FeedConformanceTests {
  private static let before = #"{"cn":["Ada"],"mail":["a@x"],"objectClass":["person","top"],"sn":["B"]}"#
  private static let after = #"{"cn":["Ada"],"description":["d"],"mail":["a@x","b@x"],"objectClass":["person","top"]}"#
  private static let changed =
    #"{"description":{"old":[],"new":["d"]},"mail":{"old":["a@x"],"new":["a@x","b@x"]},"sn":{"old":["B"],"new":[]}}"#

  @Test("An add carries the whole object and says which run saw it", arguments: StoreKind.allCases)
  func add(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(.sample("uid=ada,dc=a", id: "1", anchor: "77", json: Self.before))
    #expect(
      try test.feed() == [
        ChangeRecord(
          sequence: 1, transaction: 1, kind: .add, id: "1", anchor: "77", dn: "uid=ada,dc=a",
          objectClasses: Array(#"["person","top"]"#.utf8), content: Array(Self.before.utf8),
          reason: "full import, run \(test.run)")
      ])
  }

  @Test("An update carries only what changed, and leaves the add before it as it was", arguments: StoreKind.allCases)
  func update(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let old = try ConnectorObject.sample("uid=ada,dc=a", id: "1", json: Self.before)
    let row = try test.add(old)[0]
    let new = try ConnectorObject.sample("uid=ada,dc=a", id: "1", json: Self.after)
    let reason = ChangeReason(run: test.run, detail: "reqStart=20240101000000.000001Z")
    try test.transaction { try test.store.replace(test.stored(row), with: new, reason: reason) }
    let feed = try test.feed()
    #expect(feed.map(\.kind) == [.add, .update])
    #expect(feed.map(\.contentText) == [Self.before, Self.changed])
    #expect(feed[1].reason == "full import, run \(test.run): reqStart=20240101000000.000001Z")
    #expect(feed[1].classesText == #"["person","top"]"#)
    #expect(feed[1].oldDN == nil)
    #expect(try test.store.version(id: "1", partition: test.partition)?.hash == new.hash)
    #expect(try test.stored(row).object.document == new.document)
  }

  @Test("A replace under another DN is a rename with what else changed", arguments: StoreKind.allCases)
  func renameByReplace(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("uid=ada,dc=a", id: "1", json: Self.before))[0]
    let new = try ConnectorObject.sample("uid=ada,ou=x,dc=a", id: "1", json: Self.after)
    try test.transaction { try test.store.replace(test.stored(row), with: new, reason: test.reason) }
    let rename = try #require(try test.feed().last)
    #expect(rename.kind == .rename)
    #expect([rename.dn, rename.anchor] == ["uid=ada,ou=x,dc=a", "uid=ada,ou=x,dc=a"])
    #expect([rename.oldDN, rename.oldAnchor] == ["uid=ada,dc=a", "uid=ada,dc=a"])
    #expect(rename.contentText == Self.changed)
    #expect(try test.feed().first?.dn == "uid=ada,dc=a")
    #expect(try test.store.holders(key: "dc=a,ou=x,uid=ada", partition: test.partition) == [row])
    #expect(try test.store.holders(key: "dc=a,uid=ada", partition: test.partition) == [])
  }

  @Test("Another spelling of the DN, however alike it looks, is a rename", arguments: StoreKind.allCases)
  func renameOfSpelling(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("cn=Ad\u{E9},dc=a", id: "1"))[0]
    let decomposed = try ConnectorObject.sample("cn=Ade\u{301},dc=a", id: "1")
    try test.transaction { try test.store.replace(test.stored(row), with: decomposed, reason: test.reason) }
    #expect(try test.feed().map(\.kind) == [.add, .rename])
    #expect(Array(try test.stored(row).object.dn.utf8) == Array("cn=Ade\u{301},dc=a".utf8))
  }

  @Test("Another anchor alone is a rename too", arguments: StoreKind.allCases)
  func renameOfAnchor(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("uid=ada,dc=a", id: "1", anchor: "77"))[0]
    let new = try ConnectorObject.sample("uid=ada,dc=a", id: "1", anchor: "78")
    try test.transaction { try test.store.replace(test.stored(row), with: new, reason: test.reason) }
    let rename = try #require(try test.feed().last)
    #expect(rename.kind == .rename)
    #expect([rename.oldAnchor, rename.anchor] == ["77", "78"])
    #expect([rename.oldDN, rename.dn] == ["uid=ada,dc=a", "uid=ada,dc=a"])
  }

  @Test("A moved object keeps its attributes, and its add keeps the old DN", arguments: StoreKind.allCases)
  func rename(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("uid=ada,ou=x,dc=a", id: "1", json: Self.before))[0]
    let hash = ContentHash(high: 7, low: 8)
    try test.transaction {
      try test.store.rename(
        row: row, id: "1", dn: "uid=ada,ou=y,dc=a", key: "dc=a,ou=y,uid=ada", anchor: "uid=ada,ou=y,dc=a", hash: hash,
        reason: test.reason)
    }
    let feed = try test.feed()
    #expect(feed.map(\.dn) == ["uid=ada,ou=x,dc=a", "uid=ada,ou=y,dc=a"])
    #expect(feed.map(\.contentText) == [Self.before, "{}"])
    #expect(feed[1].kind == .rename)
    #expect(feed[1].oldID == nil)
    #expect([feed[1].oldDN, feed[1].oldAnchor] == ["uid=ada,ou=x,dc=a", "uid=ada,ou=x,dc=a"])
    #expect(feed[1].classesText == #"["person","top"]"#)
    #expect(try test.store.version(id: "1", partition: test.partition) == StoredVersion(row: row, hash: hash))
    #expect(try test.keys(below: "dc=a,ou=y") == ["dc=a,ou=y,uid=ada"])
  }

  @Test("An ID that goes with the DN changes with it, and the feed names the old one", arguments: StoreKind.allCases)
  func renameOfID(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("uid=ada,dc=a", id: "dc=a,uid=ada", json: Self.before))[0]
    try test.transaction {
      try test.store.rename(
        row: row, id: "dc=a,ou=y,uid=ada", dn: "uid=ada,ou=y,dc=a", key: "dc=a,ou=y,uid=ada",
        anchor: "uid=ada,ou=y,dc=a", hash: ContentHash(high: 7, low: 8), reason: test.reason)
    }
    #expect(try test.store.version(id: "dc=a,uid=ada", partition: test.partition) == nil)
    #expect(try test.store.version(id: "dc=a,ou=y,uid=ada", partition: test.partition)?.row == row)
    let next = try ConnectorObject.sample("uid=eve,dc=a", id: "dc=a,uid=eve", json: Self.after)
    try test.transaction { try test.store.replace(test.stored(row), with: next, reason: test.reason) }
    // The free name may be taken by another, and the same DN may get another ID.
    try test.add(.sample("uid=ada,dc=a", id: "dc=a,uid=ada"))
    let same = try ConnectorObject.sample("uid=eve,dc=a", id: "77", json: Self.after)
    try test.transaction { try test.store.replace(test.stored(row), with: same, reason: test.reason) }
    let feed = try test.feed()
    #expect(feed.map(\.kind) == [.add, .rename, .rename, .add, .rename])
    #expect(feed.map(\.id) == ["dc=a,uid=ada", "dc=a,ou=y,uid=ada", "dc=a,uid=eve", "dc=a,uid=ada", "77"])
    #expect(feed.map(\.oldID) == [nil, "dc=a,uid=ada", "dc=a,ou=y,uid=ada", nil, "dc=a,uid=eve"])
    #expect(feed[2].contentText == Self.changed)
    #expect(feed[4].oldDN == "uid=eve,dc=a")
    #expect(throws: (any Error).self) {
      try test.transaction {
        try test.store.rename(
          row: row, id: "dc=a,uid=ada", dn: "uid=ada,dc=a", key: "dc=a,uid=ada", anchor: "uid=ada,dc=a",
          hash: ContentHash(high: 7, low: 9), reason: test.reason)
      }
    }
  }

  @Test("A delete carries the whole object as it was last", arguments: StoreKind.allCases)
  func delete(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let row = try test.add(.sample("uid=ada,dc=a", id: "1", json: Self.before))[0]
    let after = try ConnectorObject.sample("uid=ada,dc=a", id: "1", json: Self.after)
    try test.transaction { try test.store.replace(test.stored(row), with: after, reason: test.reason) }
    try test.transaction { try test.store.delete(row: row, reason: test.reason) }
    let feed = try test.feed()
    #expect(feed.map(\.kind) == [.add, .update, .delete])
    #expect(feed.map(\.contentText) == [Self.before, Self.changed, Self.after])
    #expect(feed[2].classesText == #"["person","top"]"#)
    #expect(try test.store.object(row: row) == nil)
    #expect(try test.store.version(id: "1", partition: test.partition) == nil)
    #expect(try test.store.count(partition: test.partition) == 0)
  }

  @Test("An object added and deleted in one transaction leaves both records whole", arguments: StoreKind.allCases)
  func addAndDelete(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.transaction {
      let object = try ConnectorObject.sample("uid=ada,dc=a", id: "1", json: Self.before, references: [5])
      let row = try test.store.add(object, partition: test.partition, reason: test.reason)
      try test.store.delete(row: row, reason: test.reason)
    }
    let feed = try test.feed()
    #expect(feed.map(\.contentText) == [Self.before, Self.before])
    #expect(feed.map(\.transaction) == [1, 1])
    #expect(try test.store.referrers(of: 5, partition: test.partition) == [])
  }

  @Test(
    "Records of one transaction share its number, and only transactions with records have one",
    arguments: StoreKind.allCases)
  func transactionNumbers(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(.sample("cn=1,dc=a"), .sample("cn=2,dc=a"))
    try test.transaction {}
    try test.add(.sample("cn=3,dc=a"))
    let feed = try test.feed()
    #expect(feed.map(\.transaction) == [1, 1, 2])
    #expect(feed.map(\.sequence) == [1, 2, 3])
  }

  @Test("A rollback takes back objects, references, records and their numbers", arguments: StoreKind.allCases)
  func rollback(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.add(.sample("cn=1,dc=a"))
    try test.store.begin()
    let object = try ConnectorObject.sample("cn=2,dc=a", references: [9])
    _ = try test.store.add(object, partition: test.partition, reason: test.reason)
    test.store.rollback()
    #expect(try test.feed().count == 1)
    #expect(try test.dns() == ["cn=1,dc=a"])
    try test.add(.sample("cn=3,dc=a"))
    #expect(try test.feed().map(\.sequence) == [1, 2])
    #expect(try test.feed().map(\.transaction) == [1, 2])
    #expect(try test.store.referrers(of: 9, partition: test.partition) == [])
  }

  @Test("A trimmed feed keeps the newest records and goes on counting", arguments: StoreKind.allCases)
  func trim(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    for number in 1...5 { try test.add(.sample("cn=\(number),dc=a")) }
    try test.transaction { try test.store.trimFeed(keep: 9) }
    #expect(try test.feed().count == 5)
    try test.transaction { try test.store.trimFeed(keep: 0) }
    try test.add(.sample("cn=6,dc=a"))
    #expect(try test.keptSequences() == [5, 6])
  }

  @Test("Nothing is written outside a transaction", arguments: StoreKind.allCases)
  func outsideTransaction(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let object = try ConnectorObject.sample("cn=1,dc=a")
    #expect(throws: (any Error).self) { try test.store.add(object, partition: test.partition, reason: test.reason) }
    #expect(throws: (any Error).self) { try test.store.delete(row: 1, reason: test.reason) }
    #expect(throws: (any Error).self) { try test.store.addPending([], partition: test.partition) }
    #expect(throws: (any Error).self) { try test.store.commit() }
    #expect(try test.feed().isEmpty)
  }
}
