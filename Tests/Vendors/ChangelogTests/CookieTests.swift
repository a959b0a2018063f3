import ConnectorCore
import Synchronization
import Testing

@testable import ChangelogAdapters
@testable import ConnectorTesting

@Suite("Deltas by cookie")
struct CookieTests {
  private let first = "0000013087cbc28212d100000001"
  private let second = "0000013087cbc28312d100000000"
  private let other = "0000013087cbc2820aaa00000005"

  @Test("A cookie is read, and written in one form")
  func form() throws {
    let cookie = try #require(ChangelogCookie("o=b:\(first);dc=example,dc=com:\(other) \(second);"))
    #expect(cookie.text == "dc=example,dc=com:\(other) \(second);o=b:\(first);")
    #expect(try #require(ChangelogCookie("")).isEmpty)
    for text in ["x", "o=b:12", "o=b:\(first)0", "o=b:" + String(repeating: "g", count: 28)] {
      #expect(ChangelogCookie(text) == nil, "\(text)")
    }
  }

  @Test("Merging keeps the newest change of each replica, in any order")
  func merging() throws {
    let cookies = try ["o=a:\(first);", "o=a:\(second) \(other);", "o=b:\(other);"].map {
      try #require(ChangelogCookie($0))
    }
    for order in [cookies, cookies.reversed()] {
      var merged = ChangelogCookie()
      order.forEach { merged.merge($0) }
      #expect(merged.text == "o=a:\(other) \(second);o=b:\(other);")
    }
  }

  @Test(
    "The CSN before another one",
    arguments: [
      ("0000013087cbc28212d100000001", "0000013087cbc28212d100000000"),
      ("0000013087cbc28212d100000000", "0000013087cbc28112d1ffffffff"),
    ])
  func predecessor(csn: String, before: String) {
    #expect(ChangelogCookie.CSN(csn)?.predecessor?.text == before)
    #expect(ChangelogCookie.CSN("000000000000000012d100000000")?.predecessor == nil)
  }

  @Test("The control's value is an octet string, short or long")
  func controlValue() throws {
    let short = try #require(ChangelogCookie("o=a:\(first);"))
    #expect(Array(short.controlValue.prefix(2)) == [0x04, 33])
    let long = try #require(ChangelogCookie("o=\(String(repeating: "a", count: 200)):\(first);"))
    #expect(Array(long.controlValue.prefix(3)) == [0x04, 0x81, 232])
    let longer = try #require(ChangelogCookie("o=\(String(repeating: "a", count: 300)):\(first);"))
    #expect(Array(longer.controlValue.prefix(4)) == [0x04, 0x82, 0x01, 0x4C])
    #expect(ChangelogCookie().controlValue == [0x04, 0x00])
  }

  private func replica(_ number: Int) throws -> MemoryDirectory {
    var flavour = ExternalChangelog()
    flavour.replica = number
    let directory = MemoryDirectory(partitions: [Log.partition], flavour: flavour)
    let id = "entryUUID: 0c9e6ae2-0000-0000-0000-000000000001\n"
    try directory.apply(ldif: "dn: \(Log.partition)\nobjectClass: domain\ndc: example\n\(id)")
    return directory
  }

  private func strategy(_ directory: MemoryDirectory) -> CookieChangelogDelta {
    CookieChangelogDelta(
      settings: DeltaSettings(evidence: directory.evidence), dialect: OpenDSFamily.dialect("OpenDJ"),
      patience: (2, .milliseconds(1)))
  }

  @Test("A watermark of one replica is good for another one that has the same changes")
  func otherReplica() async throws {
    let partition = try DN(Log.partition)
    let (here, there) = (try replica(1), try replica(1))
    let mark = try await strategy(here).currentWatermark(of: partition, here)
    // Its container and its numbers are its own.
    there.change { $0.put(MemoryEntry(dn: "cn=changelog", ["objectClass": ["container"], "entryUUID": ["other"]])) }
    try there.apply(ldif: "dn: uid=a,\(Log.partition)\nobjectClass: person\n")
    #expect(try await strategy(there).continuity(of: mark, in: partition, there) == .unbroken)
    let hints = Mutex<[Hint]>([])
    try await strategy(there).hints(since: mark, in: partition, there) { batch in
      hints.withLock { $0 += batch.hints }
    }
    #expect(hints.withLock { $0 }.names == ["a"])
    let numbers = ChangelogDelta(settings: strategy(there).settings, dialect: .draft)
    let number = try await numbers.currentWatermark(of: partition, here)
    #expect(try await numbers.continuity(of: number, in: partition, there) != .unbroken, "a number is not")
  }

  @Test("A cookie that the server calls too old is lost, in the server's own words")
  func tooOld() async throws {
    let partition = try DN(Log.partition)
    let directory = try replica(1)
    let mark = try await strategy(directory).currentWatermark(of: partition, directory)
    for name in ["a", "b", "c"] {
      try directory.apply(ldif: "dn: uid=\(name),\(Log.partition)\nobjectClass: person\n")
    }
    directory.trimLog(keeping: 1)
    guard case .lost(let reason) = try await strategy(directory).continuity(of: mark, in: partition, directory) else {
      Issue.record("unbroken")
      return
    }
    #expect(reason.contains("Full resync required"))
  }

  @Test("The log is read by cookie in one search without pages, which the log does not take")
  func searches() async throws {
    let partition = try DN(Log.partition)
    let directory = try replica(1)
    let mark = try await strategy(directory).currentWatermark(of: partition, directory)
    _ = directory.takeSearches()
    try await strategy(directory).hints(since: mark, in: partition, directory) { _ in }
    let searches = directory.takeSearches().filter { $0.base == "cn=changelog" }
    #expect(searches.count == 1 && searches.allSatisfy { $0.pageSize == nil })
    #expect(searches.first?.controls.map(\.oid) == ["1.3.6.1.4.1.26027.1.5.4"])
  }
}
