@testable import ConnectorCore
import Testing

/// Where names came from and went, by the records of a log.
@Suite struct LoggedNamesTests {
  private func log(_ changes: (old: String, new: String?)...) throws -> LoggedNames {
    var names = LoggedNames()
    for (number, change) in changes.enumerated() { try note(change.old, change.new, Int64(number + 1), in: &names) }
    return names
  }

  @discardableResult
  private func note(_ old: String, _ new: String?, _ number: Int64, in names: inout LoggedNames) throws -> Bool {
    let event = LoggedNames.Event(
      number: number, kind: new == nil ? .deleted : .renamed, oldKey: try name(old).key, newName: try new.map(name),
      departure: new == nil ? "delete \(number)" : nil, record: "record \(number)")
    return names.note(event, record: "record \(number)")
  }

  private func name(_ dn: String) throws -> EntryName {
    EntryName(dn: dn, key: try DNNormalizer.standard.key(of: dn))
  }

  private func origins(_ dn: String, in names: LoggedNames) throws -> [String] {
    names.origin(of: try name(dn).key).names.map { $0.split(separator: ",").reversed().joined(separator: ",") }
  }

  @Test("A name is followed back through renames of the entry and of those above it")
  func origin() throws {
    let names = try log(("cn=1,ou=a", "cn=2,ou=a"), ("ou=a", "ou=b"), ("cn=2,ou=b", "cn=3,ou=b"))
    #expect(try origins("cn=3,ou=b", in: names) == ["cn=3,ou=b", "cn=2,ou=b", "cn=2,ou=a", "cn=1,ou=a"])
    #expect(names.origin(of: try name("cn=3,ou=b").key).vacatedBy == nil)
  }

  @Test("Who has a name that a rename or a delete left came after it")
  func newcomer() throws {
    let names = try log(("cn=1,ou=a", "cn=2,ou=a"), ("cn=3,ou=a", nil), ("ou=c", "ou=d"))
    #expect(names.origin(of: try name("cn=1,ou=a").key).vacatedBy?.number == 1)
    #expect(names.origin(of: try name("cn=3,ou=a").key).vacatedBy?.number == 2)
    #expect(names.origin(of: try name("cn=x,ou=c").key).vacatedBy?.number == 3)
    // What was below a deleted entry went before it, by a record of its own that may come a little late.
    #expect(names.origin(of: try name("cn=y,cn=3,ou=a").key).vacatedBy == nil)
  }

  @Test("A name is followed forward to its end")
  func destination() throws {
    var names = try log(("cn=1,ou=a", "cn=2,ou=a"), ("ou=a", "OU=B,ou=x"), ("cn=2,ou=b,ou=x", nil))
    let start = try name("cn=1,ou=a")
    #expect(names.destination(of: start).name == nil)
    #expect(names.destination(of: start).departure == "delete 3")
    let other = names.destination(of: try name("cn=9,ou=a"), after: 1)
    #expect(other.name?.dn == "cn=9,OU=B,ou=x")
    #expect(other.name?.key == "ou=x,ou=b,cn=9")
    #expect(names.destination(of: try name("cn=9,ou=a"), after: 2).name?.dn == "cn=9,ou=a")
  }

  @Test("A record that comes again, under its own number or another, is one event")
  func repetition() throws {
    var names = LoggedNames()
    #expect(try note("cn=1", "cn=2", 1, in: &names))
    #expect(try !note("cn=1", "cn=2", 1, in: &names))
    #expect(try note("cn=1", "cn=2", 2, in: &names))
    #expect(names.events.count == 1)
    try note("cn=2", "cn=1", 3, in: &names)
    try note("cn=1", "cn=2", 4, in: &names)
    #expect(names.events.count == 3)
  }

  @Test(
    "A hundred thousand renames of few names and of one above them are followed in seconds", .timeLimit(.minutes(1)))
  func effort() throws {
    var names = LoggedNames()
    for number in 0..<50_000 as Range<Int64> {
      let isEven = number % 2 == 0
      try note(isEven ? "cn=1,ou=a" : "cn=2,ou=a", isEven ? "cn=2,ou=a" : "cn=1,ou=a", number, in: &names)
      try note(isEven ? "ou=x,ou=b" : "ou=y,ou=b", isEven ? "ou=y,ou=b" : "ou=x,ou=b", 50_000 + number, in: &names)
    }
    let start = try name("cn=1,ou=a")
    #expect(names.destination(of: start).name?.dn == "cn=1,ou=a")
    for number in 0..<100_000 as Range<Int64> {
      _ = names.destination(of: start, after: number)
      _ = names.origin(of: start.key, before: Int(number))
    }
  }
}
