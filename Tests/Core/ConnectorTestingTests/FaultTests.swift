import ConnectorCore
import ConnectorTesting
import Testing

@Suite struct FaultTests {
  private let directory: MemoryDirectory
  private let base = "dc=example,dc=com"

  init() throws {
    directory = MemoryDirectory(flavour: .timestamp())
    try directory.apply(ldif: "dn: dc=example,dc=com\nobjectClass: domain\n")
    for number in 0..<7 { try directory.apply(ldif: "dn: cn=\(number),dc=example,dc=com\nobjectClass: device\n") }
  }

  private func pages(_ size: Int?, limit: Int = 0) async throws -> (pages: [[String]], error: ResultCode?) {
    let pages = Pages()
    let request = SearchRequest(base: base, scope: .oneLevel, pageSize: size, sizeLimit: limit)
    do {
      _ = try await directory.search(request) { await pages.append($0.map(\.dn)) }
    } catch let error as DirectoryError { return (await pages.all, error.code) }
    return (await pages.all, nil)
  }

  @Test func pagesHoldWhatWasAskedFor() async throws {
    #expect(try await pages(3).pages.map(\.count) == [3, 3, 1])
    #expect(try await pages(nil).pages.map(\.count) == [7])
    #expect(try await pages(7).pages.map(\.count) == [7])
  }

  @Test func aLimitEndsASearchAfterTheEntriesBeforeIt() async throws {
    directory.faults.sizeLimit = 4
    var answer = try await pages(3)
    #expect(answer.pages.joined().count == 4 && answer.error == .sizeLimitExceeded)
    directory.faults.sizeLimit = 7
    #expect(try await pages(3).error == nil)
    directory.faults = Faults()
    directory.faults.adminLimit = 2
    answer = try await pages(nil)
    #expect(answer.pages.joined().count == 2 && answer.error == .adminLimitExceeded)
    directory.faults = Faults()
    answer = try await pages(2, limit: 5)
    #expect(answer.pages.joined().count == 5 && answer.error == .sizeLimitExceeded)
  }

  @Test func aPageIsCutAsASessionTellsIt() async throws {
    directory.faults.pageCut = 2
    let answer = try await pages(2)
    #expect(answer.pages.count == 2 && answer.error == .controlNotFound)
  }

  @Test func whatIsHiddenIsNotThere() async throws {
    directory.faults.hidden = [try DN("cn=3,dc=example,dc=com")]
    #expect(try await pages(nil).pages.joined().count == 6)
    guard case .absent = try await directory.read("cn=3,dc=example,dc=com", attributes: []) else {
      Issue.record("the hidden entry can be read")
      return
    }
    directory.faults.hidden = [try DN(base)]
    #expect(try await pages(nil).error == .noSuchObject)
  }

  @Test func aBaseCanFailOrAnswerEmpty() async throws {
    directory.faults.failing = [try DN("DC=Example,dc=com"): .busy]
    #expect(try await pages(nil).error == .busy)
    directory.faults = Faults()
    directory.faults.empty = [try DN(base)]
    #expect(try await pages(nil).pages.isEmpty)
    #expect(try await pages(nil).error == nil)
  }

  @Test func theOrderOfAnswersCanBeScrambled() async throws {
    let stored = try await pages(2).pages.joined().map { $0 }
    directory.faults.order = .reversed
    #expect(try await pages(2).pages.joined().map { $0 } == stored.reversed())
    directory.faults.order = .shuffled(seed: 4)
    let shuffled = try await pages(2).pages.joined().map { $0 }
    #expect(shuffled != stored && shuffled.sorted() == stored.sorted())
    #expect(try await pages(3).pages.joined().map { $0 } == shuffled)
  }

  @Test func aChangeBetweenPagesIsSeenByTheNext() async throws {
    directory.betweenPages { directory in
      directory.betweenPages(nil)
      try? directory.apply(ldif: "dn: cn=5,dc=example,dc=com\nchangetype: delete\n")
      try? directory.apply(ldif: "dn: cn=new,dc=example,dc=com\nobjectClass: device\n")
    }
    let found = try await pages(3).pages.joined().map { $0 }
    #expect(!found.contains("cn=5,dc=example,dc=com") && found.last == "cn=new,dc=example,dc=com")
  }
}

private actor Pages {
  var all: [[String]] = []
  func append(_ page: [String]) { all.append(page) }
}
