import ConnectorCore
import Testing

@testable import ConnectorStore

/// How the host and its consumers read the durable store.
@Suite struct ReadingTests {
  private let folder = TemporaryFolder()
  private let store: SQLiteStore
  private let partition: Int64
  private var path: String { folder.file("state.db") }

  init() throws {
    store = try SQLiteStore(path: folder.file("state.db"))
    partition = try store.partition(key: "dc=a", dn: "dc=a").number
    let other = try store.partition(key: "o=b", dn: "o=b").number
    let run = try store.beginRun(step: "full import", partition: "dc=a")
    try store.begin()
    let ada = #"{"mail":["Ada@Example.org","a@x"],"objectClass":["person"],"photo":[{"base64":"AAEC"}]}"#
    for (dn, id, anchor, json, place) in [
      ("cn=ada,ou=x,dc=a", "1", "77", ada, partition), ("ou=x,dc=a", "2", nil, "{}", partition),
      ("ou=x-y,dc=a", "3", nil, "{}", partition), ("cn=eve,o=b", "1", nil, #"{"cn":["ada@example.org"]}"#, other),
    ] {
      let object = try ConnectorObject.sample(dn, id: id, anchor: anchor, json: json)
      _ = try store.add(object, partition: place, reason: ChangeReason(run: run))
    }
    try store.commit()
  }

  private func dns(_ query: ObjectQuery, partition: Int64? = nil) throws -> [String] {
    var dns: [String] = []
    try store.forEachObject(matching: query, partition: partition) { dns.append($0.dn) }
    return dns
  }

  @Test("Objects are picked by DN, branch, anchor, ID and value, in the order of the tree")
  func queries() throws {
    #expect(try dns(.all) == ["ou=x,dc=a", "cn=ada,ou=x,dc=a", "ou=x-y,dc=a", "cn=eve,o=b"])
    #expect(try dns(.all, partition: partition) == ["ou=x,dc=a", "cn=ada,ou=x,dc=a", "ou=x-y,dc=a"])
    #expect(try dns(.dn(key: "dc=a,ou=x")) == ["ou=x,dc=a"])
    #expect(try dns(.under(key: "dc=a,ou=x")) == ["ou=x,dc=a", "cn=ada,ou=x,dc=a"])
    #expect(try dns(.under(key: "dc=a,ou=x"), partition: partition + 1) == [])
    #expect(try dns(.anchor("77")) == ["cn=ada,ou=x,dc=a"])
    #expect(try dns(.anchor("ou=x,dc=a")) == ["ou=x,dc=a"])
    #expect(try dns(.anchor("cn=ada,ou=x,dc=a")) == [])
    #expect(try dns(.id("1")) == ["cn=ada,ou=x,dc=a", "cn=eve,o=b"])
    #expect(try dns(.id("1"), partition: partition) == ["cn=ada,ou=x,dc=a"])
    #expect(try dns(.attribute(name: "MAIL", value: "ada@example.org")) == ["cn=ada,ou=x,dc=a"])
    #expect(try dns(.attribute(name: "mail", value: "example.org")) == [])
  }

  @Test("A picked object shows anchor, classes and attributes")
  func line() throws {
    var lines: [ObjectLine] = []
    try store.forEachObject(matching: .anchor("77")) { lines.append($0) }
    let line = try #require(lines.first)
    #expect([line.id, line.anchor, line.dn] == ["1", "77", "cn=ada,ou=x,dc=a"])
    #expect(String(decoding: line.objectClasses, as: UTF8.self) == #"["person"]"#)
    #expect(line.document.text.hasPrefix(#"{"mail":["Ada@Example.org","a@x"]"#))
  }

  @Test("A reader sees one state while the writer goes on")
  func snapshot() throws {
    let reader = try SQLiteStore.openReadOnly(path: path)
    try reader.snapshot { position in
      #expect(position == FeedPosition(feedID: store.feedID, sequence: 4))
      try store.begin()
      _ = try store.add(.sample("cn=new,dc=a"), partition: partition, reason: ChangeReason(run: 1))
      try store.delete(row: 1, reason: ChangeReason(run: 1))
      try store.commit()
      var count = 0
      try reader.forEachObject { _ in count += 1 }
      #expect(count == 4)
      var feed: [ChangeRecord] = []
      try reader.forEachChange(since: 0) { feed.append($0) }
      #expect(feed.map(\.dn) == ["cn=ada,ou=x,dc=a", "ou=x,dc=a", "ou=x-y,dc=a", "cn=eve,o=b"])
    }
    #expect(try reader.lastSequence == 6)
  }

  @Test("A reader cannot write")
  func readOnly() throws {
    let reader = try SQLiteStore.openReadOnly(path: path)
    #expect(throws: StoreError.self) {
      try reader.begin()
      try reader.delete(row: 1, reason: ChangeReason(run: 1))
    }
    reader.rollback()
    #expect(throws: StoreError.self) { try reader.beginRun(step: "x", partition: "y") }
    reader.close()
    #expect(try dns(.all).count == 4)
  }

  @Test("A feed is read from any point, in pieces, and by callbacks that read again")
  func pieces() throws {
    var seen: [Int64] = []
    try store.forEachChange(since: 1, limit: 2) { record in
      seen.append(record.sequence)
      try store.forEachChange(since: 3) { seen.append($0.sequence * 10) }
    }
    #expect(seen == [2, 40, 3, 40])
    try store.forEachChange(since: 4) { _ in Issue.record("nothing comes after the newest record") }
    try store.forEachChange(since: .max) { _ in Issue.record("nothing comes after the last number") }
  }

  @Test("Records that were trimmed away are told, not skipped")
  func trimmed() throws {
    try store.begin()
    try store.trimFeed(keep: 2)
    try store.commit()
    #expect(throws: FeedTrimmed(since: 1, first: 3)) { try store.forEachChange(since: 1) { _ in } }
    var sequences: [Int64] = []
    try store.forEachChange(since: 2) { sequences.append($0.sequence) }
    #expect(sequences == [3, 4])
    #expect(try store.firstSequence == 3)
  }

  @Test("A new feed has another ID, forgets objects and watermarks, and keeps runs and its own facts")
  func newFeed() throws {
    let before = store.feedID
    var record = try store.partition(key: "dc=a", dn: "dc=a")
    record.watermark = Watermark(method: "m", version: 1, server: "s", position: "p")
    try store.begin()
    try store.save(record)
    try store.addPending(
      [PendingHint(cause: .log, hint: Hint(kind: .changed, dn: "cn=1", record: ""))], partition: partition)
    try store.hold([1], cause: .budget, detail: "", run: 1)
    try store.startNewFeed()
    try store.setMeta("anchor", "uid")
    let row = try store.add(.sample("cn=1,dc=a"), partition: partition, reason: ChangeReason(run: 1))
    try store.commit()
    #expect(row == 5)
    #expect(store.feedID != before)
    #expect(try store.anchorName == "uid")
    #expect(try store.status().partitions.map(\.objects) == [1, 0])
    #expect(try store.partition(key: "dc=a", dn: "dc=a") == PartitionRecord(number: partition, key: "dc=a", dn: "dc=a"))
    #expect(try store.pendingCount(partition: partition) == 0)
    #expect(try store.holds(partition: nil) == [])
    #expect(try store.lastSequence == 1)
    #expect(try store.run(1)?.step == "full import")
    let reader = try SQLiteStore.openReadOnly(path: path)
    #expect(reader.feedID == store.feedID)
    #expect(reader.hashKey == store.hashKey)
  }

  @Test("A new feed that is rolled back keeps the old ID")
  func newFeedRolledBack() throws {
    let before = store.feedID
    try store.begin()
    try store.startNewFeed()
    store.rollback()
    #expect(store.feedID == before)
    #expect(try dns(.all).count == 4)
  }

  @Test("The status counts objects, hints and holds, and shows the last run of each step")
  func status() throws {
    _ = try store.beginRun(step: "full import", partition: "dc=a")
    let delta = try store.beginRun(step: "delta import", partition: "dc=a")
    try store.endRun(delta, outcome: "success", report: "{}")
    try store.begin()
    try store.addPending(
      [PendingHint(cause: .log, hint: Hint(kind: .changed, dn: "cn=1", record: ""))], partition: partition)
    try store.hold([1, 2], cause: .budget, detail: "", run: 1)
    try store.commit()
    let status = try store.status()
    #expect(status.partitions.map(\.record.dn) == ["dc=a", "o=b"])
    #expect(status.partitions.map(\.objects) == [3, 1])
    #expect(status.partitions.map(\.pending) == [1, 0])
    #expect(status.partitions.map(\.holds) == [2, 0])
    #expect(status.runs.map(\.number) == [3, 2])
    #expect(status.runs.map(\.outcome) == ["success", nil])
    #expect(status.runs.map { $0.ended == nil } == [false, true])
    #expect([status.firstSequence, status.lastSequence] == [1, 4])
    #expect(status.fileSize > 4096)
  }
}
