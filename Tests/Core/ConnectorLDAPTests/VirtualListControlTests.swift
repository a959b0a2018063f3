import ConnectorCore
import ConnectorLDAP
import Synchronization
import Testing

/// The controls on the wire, against bytes written by hand from RFC 2891 §1 and draft-ietf-ldapext-ldapv3-vlv-09 §5.
@Suite("The controls of virtual list view")
struct VirtualListControlTests {
  private let request = SearchRequest(base: "dc=a", pageSize: 3, sortKey: SortKey("cn", rule: "2.5.13.3"))

  /// What a search hands out, and how it ends, with a server that answers each request with the next of these.
  private func search(
    _ request: SearchRequest? = nil, _ answers: [(entries: [String], result: [UInt8], controls: [UInt8])]
  ) async throws -> (names: [String], error: DirectoryError?, requests: [[UInt8]]) {
    let heard = Heard()
    let peer = try ScriptedPeer { client in
      var answers = answers[...]
      // The last answer stands for all that follow.
      while let answer = answers.first {
        guard let (id, request) = client.nextMessage() else { return }
        guard request.dropFirst(3).first == 0x63 else { continue }  // an unbind
        heard.requests.withLock { $0.append(request) }
        if answers.count > 1 { answers.removeFirst() }
        for name in answer.entries { client.send(Messages.entry(id, dn: name, attributes: [])) }
        client.send(Messages.message(id, answer.result, controls: answer.controls))
      }
    }
    let session = try await connect(port: peer.port)
    let harvest = Harvest()
    do {
      _ = try await session.search(request ?? self.request) { harvest.add($0) }
      return (harvest.names, nil, heard.requests.withLock { $0 })
    } catch let error as DirectoryError {
      return (harvest.names, error, heard.requests.withLock { $0 })
    }
  }

  private final class Heard: Sendable {
    let requests = Mutex<[[UInt8]]>([])
  }

  private static func result(_ code: UInt8 = 0) -> [UInt8] {
    Messages.element(0x65, [0x0a, 0x01, code] + Messages.text("") + Messages.text(""))
  }

  private static func view(_ position: UInt8, of count: UInt8, code: UInt8 = 0, context: [UInt8]? = nil) -> [UInt8] {
    let value = [0x02, 0x01, position, 0x02, 0x01, count, 0x0a, 0x01, code]
    return control(
      "2.16.840.1.113730.3.4.10", Messages.element(0x30, value + (context.map { Messages.element(0x04, $0) } ?? [])))
  }

  private static func sort(_ code: UInt8, attribute: String? = nil) -> [UInt8] {
    let name = attribute.map { Messages.text($0, tag: 0x80) } ?? []
    return control("1.2.840.113556.1.4.474", Messages.element(0x30, [0x0a, 0x01, code] + name))
  }

  private static func control(_ oid: String, _ value: [UInt8]?) -> [UInt8] {
    Messages.element(0x30, Messages.text(oid) + (value.map { Messages.element(0x04, $0) } ?? []))
  }

  /// What a request carries: both controls critical, the window, and the context of the answer before.
  private static func controls(start: UInt8, context: [UInt8]?, rule: String? = "2.5.13.3") -> [UInt8] {
    let key = Messages.text("cn") + (rule.map { Messages.text($0, tag: 0x80) } ?? [])
    let sort = Messages.element(0x30, Messages.element(0x30, key))
    let window: [UInt8] = [0x02, 0x01, 0, 0x02, 0x01, 2, 0xa0, 6, 0x02, 0x01, start, 0x02, 0x01, 0]
    let view = Messages.element(0x30, window + (context.map { Messages.element(0x04, $0) } ?? []))
    func critical(_ oid: String, _ value: [UInt8]) -> [UInt8] {
      Messages.element(0x30, Messages.text(oid) + [0x01, 0x01, 0xff] + Messages.element(0x04, value))
    }
    return Messages.element(
      0xa0, critical("1.2.840.113556.1.4.473", sort) + critical("2.16.840.1.113730.3.4.9", view))
  }

  @Test("Requests carry both controls, critical, and the context that the server gave, byte for byte")
  func requests() async throws {
    let context: [UInt8] = [0, 0xff, 0x10]
    let outcome = try await search(
      nil,
      [
        (["cn=1", "cn=2", "cn=3"], Self.result(), Self.sort(0) + Self.view(1, of: 6, context: context)),
        (["cn=3", "cn=4", "cn=5"], Self.result(), Self.view(3, of: 6, context: [])),
        (["cn=5", "cn=6"], Self.result(), Self.view(5, of: 6)),
      ])
    #expect(outcome.error == nil)
    #expect(outcome.names == ["cn=1", "cn=2", "cn=3", "cn=4", "cn=5", "cn=6"])
    let expected = [
      Self.controls(start: 1, context: nil), Self.controls(start: 3, context: context),
      Self.controls(start: 5, context: []),
    ]
    #expect(outcome.requests.count == 3)
    for (request, controls) in zip(outcome.requests, expected) { #expect(request.suffix(controls.count) == controls) }
  }

  @Test("A sort key without a rule leaves the rule to the server")
  func keyWithoutRule() async throws {
    let request = SearchRequest(base: "dc=a", pageSize: 3, sortKey: SortKey("cn"))
    let outcome = try await search(request, [([], Self.result(), Self.view(0, of: 0))])
    let controls = Self.controls(start: 1, context: nil, rule: nil)
    #expect(outcome.requests.map { Array($0.suffix(controls.count)) } == [controls])
    #expect(outcome.error == nil)
  }

  @Test("A sort key means nothing without pages or for one entry")
  func noList() async throws {
    for request in [
      SearchRequest(base: "dc=a", pageSize: nil, sortKey: SortKey("cn")),
      SearchRequest(base: "dc=a", scope: .base, sortKey: SortKey("cn")),
    ] {
      let outcome = try await search(request, [(["cn=1"], Self.result(), [])])
      #expect(outcome.names == ["cn=1"])
      #expect(outcome.requests.first?.contains(0xa0) == false, "no controls")
    }
  }

  private static let failures: [(UInt8, [UInt8], ResultCode, [String])] = [
    (0, [], .controlNotFound, ["without the response control of virtual list view", "switch virtual list view off"]),
    (0, sort(0), .controlNotFound, ["without the response control"]),
    (
      0, sort(18, attribute: "cn") + view(1, of: 6), .inappropriateMatching,
      ["did not sort by cn:2.5.13.3", "sort key"]
    ),
    (0, view(1, of: 6, code: 51), .busy, ["virtual list view"]),
    (0, control("2.16.840.1.113730.3.4.10", nil), .decodingError, ["virtual list view is malformed"]),
    (0, control("2.16.840.1.113730.3.4.10", []), .decodingError, ["virtual list view is malformed"]),
    (0, control("2.16.840.1.113730.3.4.10", [0x30, 0x05, 0x02]), .decodingError, ["virtual list view is malformed"]),
    (0, control("1.2.840.113556.1.4.474", nil) + view(1, of: 6), .decodingError, ["sort is malformed"]),
    (0, control("1.2.840.113556.1.4.474", [0x30, 0x7f]) + view(1, of: 6), .decodingError, ["sort is malformed"]),
    (76, view(0, of: 0, code: 60), .virtualListViewError, ["virtual list view: sortControlMissing (60)"]),
    (76, view(0, of: 0, code: 76), .virtualListViewError, ["virtual list view: virtualListViewError (76)"]),
    (76, [], .virtualListViewError, []),
    (12, sort(18), .unavailableCriticalExtension, ["sorting by cn:2.5.13.3: inappropriateMatching (18)", "sort key"]),
    (12, [], .unavailableCriticalExtension, ["switch virtual list view off"]),
    (18, [], .inappropriateMatching, ["Name a sort key", "cn:2.5.13.3"]),
    (51, [], .busy, ["few sorted lists at a time"]),
    (53, control("2.16.840.1.113730.3.4.10", nil), .unwillingToPerform, []),
  ]

  @Test("What ends a list before its end is an error with its name, and what to do", arguments: failures.indices)
  func failure(_ index: Int) async throws {
    let (code, controls, expected, words) = Self.failures[index]
    let outcome = try await search(nil, [(["cn=1"], Self.result(code), controls)])
    #expect(outcome.error?.code == expected)
    for word in words { #expect(outcome.error?.message.contains(word) == true, "\(outcome.error?.description ?? "")") }
  }

  @Test("A window that the server is too busy for is asked for again, with its context, for about half a second")
  func busy() async throws {
    let busy = ([String](), Self.result(51), [UInt8]())
    let first = (["cn=1", "cn=2", "cn=3"], Self.result(), Self.view(1, of: 4, context: [7]))
    let second = (["cn=3", "cn=4"], Self.result(), Self.view(3, of: 4, context: [7]))
    let outcome = try await search(nil, [busy, first, busy, busy, busy, second])
    #expect(outcome.error == nil)
    #expect(outcome.names == ["cn=1", "cn=2", "cn=3", "cn=4"])
    let again = Self.controls(start: 3, context: [7])
    #expect(outcome.requests.suffix(4).allSatisfy { $0.suffix(again.count) == again })
    let start = ContinuousClock.now
    #expect(try await search(nil, [busy]).error?.code == .busy)
    let took = ContinuousClock.now - start
    #expect(took > .milliseconds(400) && took < .seconds(5))
  }

  @Test(
    "An offset outside the list is the end of one that was read, and of an empty one",
    arguments: [
      (result(61), []), (result(76), view(0, of: 0, code: 61)), (result(76), view(0, of: 0, code: 77)),
      (result(), view(0, of: 0, code: 61)),
    ] as [([UInt8], [UInt8])])
  func outside(_ result: [UInt8], _ controls: [UInt8]) async throws {
    #expect(try await search(nil, [([], result, controls)]).error == nil)
    // Three of three came; that nothing follows is said by an error, after which nothing is left at the start either.
    let outcome = try await search(
      nil,
      [
        (["cn=1", "cn=2", "cn=3"], Self.result(), Self.view(1, of: 3)), ([], result, controls),
        ([], Self.result(), Self.view(1, of: 0)),
      ])
    #expect(outcome.error == nil)
    #expect(outcome.names == ["cn=1", "cn=2", "cn=3"])
  }

  @Test("Bytes that are no control never trap")
  func randomBytes() async throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var controls = Self.sort(0, attribute: "cn") + Self.view(1, of: 9, context: [1, 2, 3])
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        controls[Int.random(in: 0..<controls.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let outcome = try await search(nil, [(["cn=1"], Self.result(), controls), ([], Self.result(1), [])])
      #expect(outcome.error != nil)
    }
  }
}
