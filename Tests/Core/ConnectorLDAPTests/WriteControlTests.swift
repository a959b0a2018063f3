import ConnectorCore
import ConnectorLDAP
import Synchronization
import Testing

/// Requests and answers on the wire, against bytes written by hand from RFC 4527, RFC 4528 and RFC 3062.
@Suite("The controls of writing")
struct WriteControlTests {
  private final class Heard: Sendable {
    let requests = Mutex<[[UInt8]]>([])
  }

  /// What comes of a request that a server answers with a result of this tag and these further parts.
  private func write(
    _ request: WriteRequest, tag: UInt8, code: UInt8 = 0, rest: [UInt8] = [], controls: [UInt8] = []
  ) async throws -> (answer: WriteAnswer, request: [UInt8]) {
    let heard = Heard()
    let peer = try ScriptedPeer { client in
      guard let (id, request) = client.nextMessage() else { return }
      heard.requests.withLock { $0.append(Array(request.dropFirst(3))) }
      client.send(Messages.result(id, tag: tag, code: code, rest: rest, controls: controls))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let answer = try await session.write(request)
    return (answer, heard.requests.withLock { $0.first ?? [] })
  }

  private static func control(_ oid: String, critical: Bool = false, _ value: [UInt8]?) -> [UInt8] {
    Messages.element(
      0x30,
      Messages.text(oid) + (critical ? [0x01, 0x01, 0xff] : []) + (value.map { Messages.element(0x04, $0) } ?? []))
  }

  private static let deleted = Messages.text("cn=a", tag: 0x4a)

  @Test("Assertion, pre-read, post-read, permissive modify and tree delete are sent byte for byte")
  func requests() async throws {
    var request = WriteRequest.delete("cn=a", controls: [.treeDelete, .permissiveModify])
    request.assertion = .and([.equal("sn", "x*"), .not(.present("mail"))])
    request.preRead = ["sn", "cn;lang-de"]
    request.postRead = []
    let sent = try await write(request, tag: 0x6b).request
    let equal = Messages.element(0xa3, Messages.text("sn") + Messages.text("x*"))
    let filter = Messages.element(0xa0, equal + Messages.element(0xa2, Messages.text("mail", tag: 0x87)))
    let names = Messages.element(0x30, Messages.text("sn") + Messages.text("cn;lang-de"))
    let controls =
      Self.control("1.2.840.113556.1.4.805", critical: true, nil)
      + Self.control("1.2.840.113556.1.4.1413", critical: true, nil)
      + Self.control("1.3.6.1.1.12", critical: true, filter) + Self.control("1.3.6.1.1.13.1", names)
      + Self.control("1.3.6.1.1.13.2", Messages.element(0x30, Messages.text("*")))
    #expect(sent == Self.deleted + [0xa0, 0x81, UInt8(controls.count)] + controls)
  }

  @Test("Changes are sent byte for byte, with values of any bytes and without any")
  func changes() async throws {
    func attribute(_ name: String, _ values: [[UInt8]]) -> [UInt8] {
      Messages.element(0x30, Messages.text(name) + Messages.element(0x31, values.flatMap { Messages.element(4, $0) }))
    }
    let add = WriteRequest.add("cn=a", [("cn;lang-de", [[0x61, 0], []]), ("sn", [[0xff]])])
    let attributes = attribute("cn;lang-de", [[0x61, 0], []]) + attribute("sn", [[0xff]])
    #expect(
      try await write(add, tag: 0x69).request
        == Messages.element(0x68, Messages.text("cn=a") + Messages.element(0x30, attributes)))
    let modify = WriteRequest.modify(
      "cn=a",
      [
        LDIFModification(.add, "a", [[1]]), LDIFModification(.delete, "b"), LDIFModification(.replace, "c"),
        LDIFModification(.increment, "d", ["-1".bytes]),
      ])
    let steps: [[UInt8]] = [
      attribute("a", [[1]]), attribute("b", []), attribute("c", []), attribute("d", ["-1".bytes]),
    ]
    let list = steps.enumerated().flatMap { Messages.element(0x30, [0x0a, 1, UInt8($0)] + $1) }
    #expect(
      try await write(modify, tag: 0x67).request
        == Messages.element(0x66, Messages.text("cn=a") + Messages.element(0x30, list)))
    let rename = WriteRequest.rename("cn=a", to: "cn=b", deleteOldRDN: true, newSuperior: "dc=c")
    let parts = Messages.text("cn=a") + Messages.text("cn=b") + [1, 1, 0xff] + Messages.text("dc=c", tag: 0x80)
    #expect(try await write(rename, tag: 0x6d).request == Messages.element(0x6c, parts))
    let stay = WriteRequest.rename("cn=a", to: "cn=b", deleteOldRDN: false)
    #expect(
      try await write(stay, tag: 0x6d).request
        == Messages.element(0x6c, Messages.text("cn=a") + Messages.text("cn=b") + [1, 1, 0]))
  }

  @Test("A password change carries what it was given, and no more")
  func passwordRequests() async throws {
    let oid = Messages.text("1.3.6.1.4.1.4203.1.11.1", tag: 0x80)
    let all = WriteRequest.passwordModify("cn=a", old: Secret([0x6f, 0]), new: Secret("n"))
    let value = Messages.text("cn=a", tag: 0x80) + [0x81, 2, 0x6f, 0] + Messages.text("n", tag: 0x82)
    #expect(
      try await write(all, tag: 0x78).request
        == Messages.element(0x77, oid + Messages.element(0x81, Messages.element(0x30, value))))
    #expect(try await write(.passwordModify("", new: nil), tag: 0x78).request == Messages.element(0x77, oid))
  }

  @Test("A password that the server made is read; an answer without one is none, and a malformed one is told")
  func passwordAnswers() async throws {
    func outcome(_ value: [UInt8]?) async throws -> WriteOutcome? {
      let rest = value.map { Messages.element(0x8b, $0) } ?? []
      return try await write(.passwordModify("cn=a", new: nil), tag: 0x78, rest: rest).answer.outcome
    }
    let made = try await outcome([0x30, 5, 0x80, 3, 0x61, 0, 0x62])
    let secret = try #require(made?.generatedPassword)
    secret.withBytes { #expect($0 == [0x61, 0, 0x62]) }
    #expect(made?.problem == nil)
    for none in [nil, [], [0x30, 0]] as [[UInt8]?] {
      let outcome = try #require(try await outcome(none))
      #expect(outcome.generatedPassword == nil && outcome.problem == nil)
    }
    for malformed in [[0x30], [0x30, 3, 0x80, 2, 0x61], [0x30, 3, 0x80, 1, 0x61, 0], [0x04, 1, 0x61]] as [[UInt8]] {
      let outcome = try #require(try await outcome(malformed))
      #expect(outcome.generatedPassword == nil && outcome.problem?.code == .decodingError, "\(malformed)")
    }
  }

  private static let entry =
    Messages.text("cn=b")
    + Messages.element(
      0x30,
      Messages.element(0x30, Messages.text("sn") + Messages.element(0x31, [0x04, 2, 0, 0xff, 0x04, 0]))
        + Messages.element(0x30, Messages.text("cn;x") + Messages.element(0x31, [])))

  @Test("The entry before and after is read, with the tag of RFC 4511 and without", arguments: [0x30, 0x64] as [UInt8])
  func entries(_ tag: UInt8) async throws {
    let controls =
      Self.control("1.3.6.1.1.13.1", Messages.element(tag, Messages.text("cn=a") + [0x30, 0]))
      + Self.control("1.3.6.1.1.13.2", Messages.element(tag, Self.entry)) + Self.control("1.2.3", nil)
    let outcome = try await write(.delete("cn=a"), tag: 0x6b, controls: controls).answer.outcome
    #expect(outcome?.problem == nil)
    #expect(outcome?.before?.dn == "cn=a" && outcome?.before?.attributeCount == 0)
    #expect(outcome?.after?.dn == "cn=b" && outcome?.after?.attributeCount == 2)
    #expect(outcome?.after?.values("SN") == [[0, 0xff], []])
    #expect(outcome?.controls.map(\.oid) == ["1.3.6.1.1.13.1", "1.3.6.1.1.13.2", "1.2.3"])
  }

  @Test("An entry that is malformed makes a change no less done, and is told")
  func malformedEntries() async throws {
    let whole = Messages.element(0x30, Self.entry)
    var values: [[UInt8]?] = [
      nil, [], [0x30], [0x30, 0], [0x30, 0x80], whole + [0], Messages.element(0x31, Self.entry),
    ]
    values += (1..<whole.count).map { Array(whole.prefix($0)) }
    // A set that claims to end behind its attribute.
    values.append(whole.enumerated().map { $0 > 0 && whole[$0 - 1] == 0x31 ? $1 + 1 : $1 })
    for value in values {
      let controls = Self.control("1.3.6.1.1.13.1", value) + Self.control("1.3.6.1.1.13.2", whole)
      let outcome = try #require(try await write(.delete("cn=a"), tag: 0x6b, controls: controls).answer.outcome)
      #expect(outcome.before == nil && outcome.after?.dn == "cn=b", "the other one is read")
      #expect(outcome.problem?.message.contains("pre-read (RFC 4527) is malformed") == true, "\(value ?? [])")
    }
  }

  @Test("Bytes that are no controls never trap")
  func randomBytes() async throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var controls = Self.control("1.3.6.1.1.13.2", Messages.element(0x30, Self.entry))
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        controls[Int.random(in: 0..<controls.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let answer = try await write(.delete("cn=a"), tag: 0x6b, controls: controls).answer
      #expect(["done", "unknown"].contains(answer.verdict))
    }
  }

  @Test("An answer of another operation, or with a code below zero, leaves it open what was done")
  func wrongAnswers() async throws {
    for (tag, code) in [(0x69, 0), (0x65, 0), (0x6b, 0xff)] as [(UInt8, UInt8)] {
      let answer = try await write(.delete("cn=a"), tag: tag, code: code).answer
      #expect(answer.verdict == "unknown" && answer.error?.code == .decodingError, "\(tag) \(code)")
    }
  }
}
