import ConnectorCore
import ConnectorTesting
import Testing

@testable import FixtureServer

@Suite struct PageSequenceTests {
  private let directory: MemoryDirectory

  init() throws {
    directory = MemoryDirectory(flavour: .timestamp())
    try directory.apply(ldif: "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n")
    for number in 0..<5 {
      try directory.apply(ldif: "dn: cn=\(number),dc=example,dc=com\nobjectClass: person\ncn: \(number)\nsn: x\n")
    }
  }

  private func session() -> Session { Session(directory: directory, account: nil, faults: FaultScript([])) }

  private func page(
    _ session: inout Session, size: Int, _ cookie: [UInt8], filter: Filter = .present("cn"), sizeLimit: Int = 0
  ) async throws -> (code: ResultCode, names: [String], control: PagedResultsControl?) {
    let search = SearchOperation(
      base: "dc=example,dc=com", scope: .subtree, filter: filter, attributes: ["cn"], sizeLimit: sizeLimit,
      typesOnly: false)
    let request = RequestMessage(
      id: 1, operation: .search(search), controls: [PagedResultsControl(size: size, cookie: cookie).control])
    let answer = try #require(try await session.answer(request))
    let control = answer.result.controls.first { $0.oid == Control.pagedResultsOID }
    return (
      answer.code, answer.entries.compactMap { $0.string("cn") },
      try control.map { try PagedResultsControl(decoding: $0.value ?? []) }
    )
  }

  @Test("Pages follow each other to the last, whose cookie is empty; each tells the size of the whole")
  func sequence() async throws {
    var session = session()
    let first = try await page(&session, size: 2, [])
    let second = try await page(&session, size: 2, first.control?.cookie ?? [])
    let third = try await page(&session, size: 2, second.control?.cookie ?? [])
    #expect([first.names, second.names, third.names] == [["0", "1"], ["2", "3"], ["4"]])
    #expect([first, second, third].map { $0.control?.size } == [5, 5, 5])
    #expect(first.control?.cookie.isEmpty == false)
    #expect(third.control?.cookie == [])
  }

  @Test("A cookie of another connection, of another search or used before is refused")
  func foreignCookies() async throws {
    var (one, other) = (session(), session())
    let cookie = try await page(&one, size: 2, []).control?.cookie ?? []
    #expect(try await page(&other, size: 2, cookie).code == .unwillingToPerform)
    #expect(try await page(&one, size: 2, cookie, filter: .present("sn")).code == .unwillingToPerform)
    #expect(try await page(&one, size: 2, cookie).names == ["2", "3"])
    #expect(try await page(&one, size: 2, cookie).code == .unwillingToPerform)
  }

  @Test("A page of size zero ends the sequence")
  func ending() async throws {
    var session = session()
    let cookie = try await page(&session, size: 2, []).control?.cookie ?? []
    let end = try await page(&session, size: 0, cookie)
    #expect(end.code == .success)
    #expect(end.names.isEmpty)
    #expect(end.control?.cookie == [])
    #expect(try await page(&session, size: 2, cookie).code == .unwillingToPerform)
  }

  @Test("A page that could hold all that the size limit allows is no page")
  func sizeLimit() async throws {
    var session = session()
    let answer = try await page(&session, size: 3, [], sizeLimit: 3)
    #expect(answer.code == .sizeLimitExceeded)
    #expect(answer.names.count == 3)
    #expect(answer.control == nil)
  }

  @Test("A control without a readable value is a protocol error")
  func malformedControl() async throws {
    var session = session()
    let search = SearchOperation(
      base: "", scope: .base, filter: .all, attributes: [], sizeLimit: 0, typesOnly: false)
    for value in [nil, [], [0x30, 0x05, 0x02]] as [[UInt8]?] {
      let control = Control(Control.pagedResultsOID, isCritical: true, value: value)
      let request = RequestMessage(id: 1, operation: .search(search), controls: [control])
      #expect(try await session.answer(request)?.code == .protocolError)
    }
  }
}

extension Answer {
  /// The code of the result.
  var code: ResultCode {
    switch result.content {
    case .result(let result, _), .extended(let result, _, _): result.code
    case .entry, .reference: .other
    }
  }
}
