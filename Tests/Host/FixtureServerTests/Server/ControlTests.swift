import ConnectorCore
import TestSupport
import Testing

@testable import FixtureServer

@Suite struct ControlTests {
  private let silent = FixtureText.with { $0.rootDSE += "\nsupportedControl: 2.16.840.1.113730.3.4.2" }

  @Test("ldapsearch reads all pages")
  func pages() async throws {
    try await Scene.run { scene in
      let result = try await scene.search(["-E", "!pr=3/noprompt"])
      #expect(try result.names == ["Anna", "bert", "Carl", "Dörte"])
      #expect(result.lines.filter { $0.hasPrefix("pagedresults: estimate=4 cookie=") }.count == 2)
      #expect(result.lines.last == "# numEntries: 4")
    }
  }

  @Test("A server that does not list a control ignores it, or refuses it where it is critical")
  func unlisted() async throws {
    try await Scene.run(silent) { scene in
      #expect(try await scene.names(["-E", "pr=1/noprompt"]).count == 4)
      #expect(try await scene.names(["-E", "sss=-cn"]) == ["Anna", "bert", "Carl", "Dörte"])
      for control in ["!pr=1/noprompt", "!sss=cn"] {
        let refused = try await scene.search(["-E", control], accepting: [12])
        #expect(refused.standardOutput.contains("is not supported here"))
      }
    }
  }

  @Test("A control that nobody knows is ignored, or refused where it is critical")
  func unknown() async throws {
    try await Scene.run { scene in
      #expect(try await scene.names(["-E", "1.2.3.4"]).count == 4)
      let refused = try await scene.search(["-E", "!1.2.3.4"], accepting: [12])
      #expect(refused.standardOutput.contains("the control 1.2.3.4 is not supported here"))
      try await scene.anonymous.modify(
        "dn: \(Scene.anna)\nchangetype: delete\n", options: ["-e", "!1.2.3.4"], accepting: [12])
      #expect(try await scene.anonymous.read(Scene.anna) != nil)
    }
  }

  @Test("Entries are sorted by several keys, forwards and backwards, also by attributes not asked for")
  func sorting() async throws {
    try await Scene.run { scene async throws in
      #expect(try await scene.names(["-E", "!sss=sn"]) == ["Dörte", "Carl", "bert", "Anna"])
      #expect(try await scene.names(["-E", "!sss=-sn"]) == ["Anna", "bert", "Carl", "Dörte"])
      #expect(try await scene.names(["-E", "!sss=objectClass/-cn"]) == ["Dörte", "Carl", "bert", "Anna"])
      let exact = try await scene.names(["-E", "!sss=cn:caseExactOrderingMatch"])
      #expect(exact == ["Anna", "Carl", "Dörte", "bert"])
      let inPages = try await scene.names(["-E", "!pr=1/noprompt", "-E", "!sss=sn"])
      #expect(inPages == ["Dörte", "Carl", "bert", "Anna"])
    }
  }

  @Test("Numbers are sorted as numbers, and an entry without one counts as largest")
  func sortingNumbers() async throws {
    try await Scene.run { scene async throws in
      #expect(try await scene.names(["-E", "!sss=uidNumber"]) == ["Carl", "bert", "Anna", "Dörte"])
      #expect(try await scene.names(["-E", "!sss=-uidNumber"]) == ["Dörte", "Anna", "bert", "Carl"])
    }
  }

  @Test("An ordering rule that nobody knows leaves entries unsorted, or ends the search where sorting is critical")
  func sortingFails() async throws {
    try await Scene.run { scene in
      let unsorted = try await scene.search(["-E", "sss=-cn:noSuchMatch"])
      #expect(try unsorted.names == ["Anna", "bert", "Carl", "Dörte"])
      #expect(unsorted.standardOutput.contains("sortResult: (18)"))
      let refused = try await scene.search(["-E", "!sss=-cn:noSuchMatch"], accepting: [12])
      #expect(try refused.names.isEmpty)
      #expect(refused.standardOutput.contains("sortResult: (18)"))
    }
  }

  /// ldapsearch asks for the next part on its standard input, and ends at a line that is no list view.
  @Test("A list is read part by part, by position and by value, with one context")
  func listView() async throws {
    try await Scene.run { scene in
      let result = try await scene.search(
        ["-E", "!sss=cn", "-E", "vlv=0/1/1/0"], input: "0/0/3/4\n1/0:carl\n0/0:zz\nend\n", accepting: [0, 1])
      #expect(try result.names == ["Anna", "bert", "Carl", "bert", "Carl"])
      let views = result.lines.filter { $0.hasPrefix("vlvResult: ") }.map { $0.split(separator: " ") }
      #expect(views.map { $0[1] } == ["pos=1", "pos=3", "pos=3", "pos=5"])
      #expect(views.allSatisfy { $0[2] == "count=4" && $0[3] == views[0][3] && $0[3].hasPrefix("context=") })
    }
  }

  @Test("A list view without the sort control is refused in the terms of its draft")
  func listViewAlone() async throws {
    try await Scene.run { scene in
      var session = Session(directory: scene.server.directory, account: nil, faults: FaultScript([]))
      let request = try RequestMessage(decoding: Bytes.listView)
      let alone = RequestMessage(id: 2, operation: request.operation, controls: Array(request.controls.dropFirst()))
      let answer = try #require(try await session.answer(alone))
      #expect(answer.code == .virtualListViewError)
      #expect(answer.result.controls == [VirtualListViewOutcome(count: 4, code: ResultCode(rawValue: 60)).control])
    }
  }

  @Test("A connection that does not bring its context back is refused its sixth list")
  func tooManyLists() async throws {
    try await Scene.run { scene in
      var session = Session(directory: scene.server.directory, account: nil, faults: FaultScript([]))
      let request = try RequestMessage(decoding: Bytes.listView)
      var codes: [ResultCode?] = []
      for _ in 0..<6 { codes.append(try await session.answer(request)?.code) }
      #expect(codes == Array(repeating: .success, count: 5) + [.busy])
    }
  }

  @Test("A context of another connection is refused")
  func foreignContext() async throws {
    try await Scene.run { scene async throws in
      func answer(_ session: inout Session, _ context: [UInt8]) async throws -> Answer {
        let request = try RequestMessage(decoding: Bytes.listView)
        let value = hex("30 10") + hex("020101 020102 a006 020103 020100") + [0x04, UInt8(context.count)] + context
        let view = Control(
          WellKnownOIDs.virtualListView, value: [0x30, UInt8(value.count - 2)] + value.dropFirst(2))
        let message = RequestMessage(id: 2, operation: request.operation, controls: [request.controls[0], view])
        return try #require(try await session.answer(message))
      }
      var session = Session(directory: scene.server.directory, account: nil, faults: FaultScript([]))
      #expect(try await answer(&session, Array("list view 1".utf8)).code == .virtualListViewError)
      var own = Session(directory: scene.server.directory, account: nil, faults: FaultScript([]))
      #expect(try await own.answer(RequestMessage(decoding: Bytes.listView))?.code == .success)
      #expect(try await answer(&own, Array("list view 1".utf8)).code == .success)
    }
  }
}
