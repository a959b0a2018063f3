import ConnectorCore
import Testing

/// What both stores do with hints, holds, partitions and runs.
@Suite struct PendingConformanceTests {
  private func hint(
    _ cause: PendingHint.Cause = .log, _ kind: Hint.Kind = .changed, id: String? = nil, dn: String? = nil,
    newDN: String? = nil, object: Int64? = nil, notBefore: Int64 = 0, record: String = "reqStart=1"
  ) -> PendingHint {
    PendingHint(
      cause: cause, hint: Hint(kind: kind, id: id, dn: dn, newDN: newDN, record: record), object: object,
      notBefore: notBefore)
  }

  @Test("A hint comes back as it was given, with a number", arguments: StoreKind.allCases)
  func roundTrip(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let given = hint(.branch, .renamed, id: "1", dn: "cn=a", newDN: "cn=b", object: 7)
    try test.transaction { try test.store.addPending([given], partition: test.partition) }
    var found = try #require(try test.store.pending(partition: test.partition, after: 0, run: 1, limit: 9).first)
    #expect(found.number > 0)
    found.number = 0
    #expect(found == given)
  }

  @Test("The same hint is stored once, also where parts of it are absent", arguments: StoreKind.allCases)
  func deduplication(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let different = [
      hint(dn: "cn=a"), hint(dn: "cn=b"), hint(id: "cn=a"), hint(id: "1", dn: "cn=a"), hint(.displaced, dn: "cn=a"),
      hint(.log, .deleted, dn: "cn=a"), hint(dn: "cn=a", newDN: "cn=b"), hint(dn: ""), hint(id: "", dn: ""),
      hint(dn: "cn=a", notBefore: 2), hint(dn: "cn=a", object: 3), hint(dn: "cn=a", object: 4),
      // A name may be given and taken more than once, and each time counts.
      hint(dn: "cn=a", record: "2"), hint(.log, .deleted, dn: "cn=a", record: "2"),
      hint(.log, .renamed, id: "1", dn: "cn=a", newDN: "cn=b"),
      hint(.log, .renamed, id: "1", dn: "cn=a", newDN: "cn=b", record: "2"),
    ]
    let other = try test.store.partition(key: "o=other", dn: "o=other").number
    for _ in 0..<2 {
      try test.transaction {
        try test.store.addPending(different + different, partition: test.partition)
        try test.store.addPending([different[0]], partition: other)
        try test.store.addPending([hint(id: "1", dn: "cn=a", record: "another")], partition: test.partition)
      }
    }
    #expect(try test.store.pendingCount(partition: test.partition) == different.count)
    #expect(try test.store.pendingCount(partition: other) == 1)
  }

  @Test(
    "Hints come oldest first, after a number, up to a limit, and not before their run", arguments: StoreKind.allCases)
  func selection(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let hints = [hint(dn: "1"), hint(dn: "2", notBefore: 8), hint(dn: "3"), hint(dn: "4")]
    try test.transaction { try test.store.addPending(hints, partition: test.partition) }
    func dns(after: Int64 = 0, run: Int64, limit: Int = 9) throws -> [String?] {
      try test.store.pending(partition: test.partition, after: after, run: run, limit: limit).map(\.hint.dn)
    }
    #expect(try dns(run: 7) == ["1", "3", "4"])
    #expect(try dns(run: 8) == ["1", "2", "3", "4"])
    #expect(try dns(run: 7, limit: 2) == ["1", "3"])
    let first = try #require(try test.store.pending(partition: test.partition, after: 0, run: 7, limit: 1).first)
    #expect(try dns(after: first.number, run: 7) == ["3", "4"])
  }

  @Test("A hint stays with its problem until it is cleared", arguments: StoreKind.allCases)
  func keepAndClear(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.transaction { try test.store.addPending([hint(dn: "1"), hint(dn: "2")], partition: test.partition) }
    func all() throws -> [PendingHint] { try test.store.pending(partition: test.partition, after: 0, run: 1, limit: 9) }
    let numbers = try all().map(\.number)
    try test.transaction { try test.store.keepPending([numbers[0]], problem: "busy (51)") }
    #expect(try all().map(\.problem) == ["busy (51)", ""])
    try test.transaction { try test.store.clearPending([numbers[0], 4711]) }
    #expect(try all().map(\.number) == [numbers[1]])
    try test.store.begin()
    try test.store.clearPending([numbers[1]])
    test.store.rollback()
    #expect(try test.store.pendingCount(partition: test.partition) == 1)
  }

  @Test("A hint is told later which object it is about", arguments: StoreKind.allCases)
  func assignment(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    try test.transaction { try test.store.addPending([hint(dn: "1"), hint(dn: "2")], partition: test.partition) }
    func all() throws -> [PendingHint] { try test.store.pending(partition: test.partition, after: 0, run: 1, limit: 9) }
    let numbers = try all().map(\.number)
    #expect(throws: (any Error).self) { try test.store.assignPending(numbers[1], object: 5) }
    try test.transaction { try test.store.assignPending(numbers[1], object: 5) }
    #expect(try all().map(\.object) == [nil, 5])
    #expect(try all().map(\.hint.dn) == ["1", "2"])
  }

  @Test("The number of a cleared hint is never given again", arguments: StoreKind.allCases)
  func numbersAreNotReused(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    var given: Set<Int64> = []
    for round in 0..<3 {
      try test.transaction { try test.store.addPending([hint(dn: "1"), hint(dn: "2")], partition: test.partition) }
      let numbers = try test.store.pending(partition: test.partition, after: 0, run: 1, limit: 9).map(\.number)
      given.formUnion(numbers)
      #expect(given.count == 2 * (round + 1))
      try test.transaction { try test.store.clearPending(numbers) }
    }
  }

  @Test("A held object keeps its first hold, until it is ended or the object goes", arguments: StoreKind.allCases)
  func holds(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let rows = try test.add(.sample("cn=1,dc=a", id: "1"), .sample("cn=2,dc=a", id: "2"), .sample("cn=3,dc=a", id: "3"))
    try test.transaction {
      try test.store.hold([rows[0], rows[1], 4711], cause: .budget, detail: "30 %", run: 1)
      try test.store.hold([rows[1], rows[2]], cause: .vanished, detail: "no record", run: 2)
    }
    let first = Hold(
      row: rows[0], partition: test.partition, id: "1", dn: "cn=1,dc=a", cause: .budget, detail: "30 %", run: 1)
    #expect(try test.store.holds(partition: test.partition).first == first)
    #expect(try test.store.holds(partition: nil).map(\.cause) == [.budget, .budget, .vanished])
    #expect(try test.store.holds(partition: test.partition + 1) == [])
    try test.transaction {
      try test.store.endHolds(rows: [rows[0]])
      try test.store.delete(row: rows[1], reason: test.reason)
    }
    #expect(try test.store.holds(partition: nil).map(\.id) == ["3"])
  }

  @Test("A partition is made once and keeps what is saved with it", arguments: StoreKind.allCases)
  func partitions(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    var record = try test.store.partition(key: "dc=com,dc=example", dn: "DC=example,DC=com")
    #expect(record == PartitionRecord(number: test.partition, key: "dc=com,dc=example", dn: "dc=example,dc=com"))
    record.watermark = Watermark(method: "accesslog", version: 2, server: "ID/\"1\"", position: "{\"csn\":[]}")
    record.fingerprint = ["attributes": "cn,sn", "anchor": "dn"]
    record.lastFullImport = 12
    try test.transaction { try test.store.save(record) }
    #expect(try test.store.partition(key: "dc=com,dc=example", dn: "") == record)
    try test.store.begin()
    try test.store.save(PartitionRecord(number: record.number, key: record.key, dn: record.dn))
    test.store.rollback()
    #expect(try test.store.partition(key: "dc=com,dc=example", dn: "") == record)
    #expect(try test.store.partition(key: "o=other", dn: "o=other").number != record.number)
  }

  @Test("Runs are numbered in order", arguments: StoreKind.allCases)
  func runs(_ kind: StoreKind) throws {
    let test = try StoreUnderTest(kind)
    let second = try test.store.beginRun(step: "delta import", partition: "dc=example,dc=com")
    try test.store.endRun(second, outcome: "success", report: #"{"read":1}"#)
    #expect(second == test.run + 1)
    try test.transaction {
      let object = try ConnectorObject.sample("cn=1,dc=a")
      _ = try test.store.add(object, partition: test.partition, reason: ChangeReason(run: second, detail: "x=1"))
    }
    #expect(try test.feed().map(\.reason) == ["delta import, run \(second): x=1"])
  }
}
