import ConnectorCore
import ConnectorLDAP
import Logging
import TestSupport
import Testing

/// The operation log of changes.
@Suite("The operation log of writing")
struct WriteLogTests {
  @Test("Every request and result is logged by name, and no value")
  func requests() async throws {
    try await WriteServer.each { server, _ in
      let lines = LogLines()
      let session = try await LDAPSession.connect(to: server.settings, logger: lines.logger())
      let before = lines.all.count
      let ann = WriteServer.dn("Ann")
      var change = WriteRequest.modify(
        ann,
        [
          LDIFModification(.add, "userPassword;x-a", ["hunter2".bytes]),
          LDIFModification(.replace, "userPassword", ["hunter3".bytes]), LDIFModification(.delete, "mail"),
        ], controls: [.manageDsaIT])
      change.assertion = .equal("userPassword", "hunter4")
      change.preRead = ["userPassword"]
      let requests: [WriteRequest] = [
        .person("Ann", [("userPassword", ["hunter1".bytes]), ("description", ["sesame".bytes])]), change,
        .rename(ann, to: "cn=Anne", deleteOldRDN: true, newSuperior: WriteServer.base),
        .passwordModify("cn=Anne,\(WriteServer.base)", old: Secret("hunter5"), new: Secret("hunter6")),
        .delete("cn=Anne,\(WriteServer.base)"),
      ]
      let verdicts = try await session.verdicts(requests)
      let written = lines.all.dropFirst(before)
      let text = written.joined(separator: "\n")
      #expect(written.count == 10, "\(text)")
      for (word, verdict) in zip(["op=add", "op=modify", "op=rename", "op=password", "op=delete"], verdicts) {
        let pair = written.filter { $0.contains("\(word)") }
        #expect(pair.count == 2 && pair[0].contains("base=") && pair[1].contains("base=cn=Ann"), "\(word): \(pair)")
        #expect(pair.last?.contains("(\(verdict == "done" ? "0" : verdict))") == true, "\(word): \(pair)")
      }
      #expect(text.contains("change=objectClass (1), cn (1), sn (1), userPassword (1), description (1)"))
      #expect(text.contains("change=add userPassword;x-a (1), replace userPassword (1), delete mail (0)"))
      #expect(text.contains("controls=2.16.840.1.113730.3.4.2 1.3.6.1.1.12 1.3.6.1.1.13.1"))
      #expect(text.contains("change=to cn=Anne below \(WriteServer.base)"))
      for secret in ["hunter", "sesame", "inetOrgPerson"] { #expect(!text.contains(secret), "\(text)") }
      await session.close()
    }
  }

  @Test("A lost connection is logged with its reason")
  func failure() async throws {
    let peer = try ScriptedPeer { _ = $0.nextRequest() }
    let lines = LogLines()
    let settings = ConnectionSettings(host: "127.0.0.1", port: peer.port)
    let session = try await LDAPSession.connect(to: settings, logger: lines.logger())
    #expect(try await session.verdicts([.delete("cn=a")]) == ["unknown"])
    #expect(lines.all.count == 2)
    #expect(lines.all.last?.contains("debug failure code=server down (-1)") == true, "\(lines.all)")
  }

  private static let repeating: [WriteRequest] = [
    .modify("cn=a", [LDIFModification(.replace, "userPassword;x-a", ["hunter2".bytes])]),
    .modify("cn=a", [LDIFModification(.add, "unicodePwd", [utf16("\"hunter2\"")])]),
    .modify("cn=a", [LDIFModification(.delete, "pin", ["x".bytes, "hunter2".bytes])]),
    .add("cn=a", [("cn", ["a".bytes]), ("PIN", ["hunter2".bytes])]),
    .passwordModify("cn=a", old: Secret("hunter2"), new: nil),
    .passwordModify("cn=a", old: nil, new: Secret("hunter2")),
  ]

  @Test(
    "What a request keeps secret is hidden where the server repeats it, and where the request is printed",
    arguments: repeating.indices)
  func repeatedSecrets(_ index: Int) async throws {
    let request = Self.repeating[index]
    let tags: [String: UInt8] = ["modify": 0x67, "add": 0x69, "password": 0x78]
    let tag = tags.first { "\(request)".hasPrefix($0.key) }?.value ?? 0
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, tag: tag, code: 19, diagnostic: "hunter2 is too short, and not unique"))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port) { $0.secretAttributes.insert("pin") }
    let answer = try await session.write(request)
    #expect(answer.verdict == "19")
    #expect(answer.error?.message == "(secret) is too short, and not unique")
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!"\(request) \(String(reflecting: request)) \(dumped) \(answer)".contains("hunter2"))
  }

  private static func utf16(_ text: String) -> [UInt8] {
    text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }
}
