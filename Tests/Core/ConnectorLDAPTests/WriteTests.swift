import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

/// Writing into slapd, UnboundID's in-memory server and 389 Directory Server, judged by `ldapsearch`.
@Suite("Writing into a real server")
struct WriteTests {
  private let ann = WriteServer.dn("Ann")

  @Test("Entries are added, modified, renamed, moved and deleted, with values of any bytes")
  func lifeOfAnEntry() async throws {
    // What slapd takes for a picture, with every byte.
    let picture: [UInt8] = [0xff, 0xd8, 0xff, 0xe0] + (0...255)
    try await WriteServer.each { server, session in
      let more: [(AttributeDescription, [[UInt8]])] = [
        ("jpegPhoto", [picture]), ("description", ["Größe".bytes, " edge ".bytes]),
        ("description;lang-de", ["deutsch".bytes]), ("mail", ["a@example.com".bytes, "b@example.com".bytes]),
        ("userPassword", [[0x61, 0, 0x62]]),
      ]
      #expect(try await session.verdicts([.person("Ann", more)]) == ["done"])
      let added = try #require(try await server.judge.read(ann, attributes: ["*"]))
      #expect(added.attributes["jpegphoto"] == [picture])
      #expect(Set(added.strings("description")) == ["Größe", " edge "])
      #expect(added.strings("description;lang-de") == ["deutsch"])
      let isBound = try await session.verdicts([
        .modify(
          ann,
          [
            LDIFModification(.add, "telephoneNumber", ["1".bytes, "2".bytes]),
            LDIFModification(.delete, "mail", ["a@example.com".bytes]),
            LDIFModification(.replace, "description", ["new".bytes]), LDIFModification(.delete, "jpegPhoto"),
            LDIFModification(.replace, "description;lang-de"),
          ])
      ])
      #expect(isBound == ["done"])
      let modified = try #require(try await server.judge.read(ann, attributes: ["*"]))
      #expect(Set(modified.strings("telephoneNumber")) == ["1", "2"])
      #expect(modified.strings("mail") == ["b@example.com"])
      #expect(modified.strings("description") == ["new"])
      #expect(modified.attributes["jpegphoto"] == nil && modified.attributes["description;lang-de"] == nil)

      #expect(try await session.verdicts([.rename(ann, to: "cn=Anne", deleteOldRDN: false)]) == ["done"])
      let renamed = try #require(try await server.judge.read(WriteServer.dn("Anne")))
      #expect(Set(renamed.strings("cn")) == (server.features.contains(.valueOfNewRDN) ? ["Ann", "Anne"] : ["Ann"]))
      let move = WriteRequest.rename(
        WriteServer.dn("Anne"), to: "cn=Anna", deleteOldRDN: true, newSuperior: WriteServer.base)
      #expect(try await session.verdicts([move]) == ["done"])
      let moved = try #require(try await server.judge.read("cn=Anna,\(WriteServer.base)"))
      #expect(Set(moved.strings("cn")) == ["Ann", "Anna"])
      #expect(try await session.verdicts([.delete("cn=Anna,\(WriteServer.base)")]) == ["done"])
      #expect(try await server.judge.read("cn=Anna,\(WriteServer.base)") == nil)
    }
  }

  @Test("Of 2,000 adds in one call every answer stands at its place, and the refused ones leave the others alone")
  func manyAdds() async throws {
    try await WriteServer.each { server, session in
      try await server.add("P 500")
      var requests = (0..<2000).map { WriteRequest.person("P \($0)") }
      requests[600] = .person("P 600", parent: "ou=nowhere,\(WriteServer.base)")
      requests[601] = .add(WriteServer.dn("P 601"), [("objectClass", ["person".bytes]), ("cn", ["P 601".bytes])])
      requests[1999] = .add(
        WriteServer.dn("P 1999"),
        [
          ("objectClass", ["person".bytes, "posixAccount".bytes]), ("cn", ["P 1999".bytes]), ("sn", ["x".bytes]),
          ("uid", ["x".bytes]), ("uidNumber", ["many".bytes]), ("gidNumber", ["1".bytes]),
          ("homeDirectory", ["/".bytes]),
        ])
      let syntax = server.features.contains(.syntaxErrorOfAdd) ? "21" : "65"
      let refusals = [500: "68", 600: "32", 601: "65", 1999: syntax]
      let answers = try await session.write(requests)
      #expect(answers.count == 2000)
      let wrong = answers.enumerated().filter { $1.verdict != refusals[$0, default: "done"] }
      #expect(wrong.isEmpty, "\(wrong.prefix(5))")
      for (index, _) in refusals { #expect(answers[index].error?.operation == "\(requests[index])") }
      #expect(answers[600].error?.matchedDN.lowercased() == WriteServer.base)
      let expected = (0..<2000).filter { refusals[$0] == nil || $0 == 500 }.map { "P \($0)" }
      #expect(try await server.names().sorted() == expected.sorted())
    }
  }

  @Test("All kinds may be in flight together")
  func mixture() async throws {
    try await WriteServer.each { server, session in
      for number in 0..<4 { try await server.add("\(number)") }
      let answers = try await session.write([
        .delete(WriteServer.dn("0")), .person("4"),
        .modify(WriteServer.dn("1"), [LDIFModification(.replace, "sn", ["new".bytes])]),
        .rename(WriteServer.dn("2"), to: "cn=two", deleteOldRDN: true), .delete(WriteServer.dn("9")),
      ])
      #expect(answers.map(\.verdict) == ["done", "done", "done", "done", "32"])
      #expect(try await server.names().sorted() == ["1", "3", "4", "two"])
      #expect(try await server.judge.read(WriteServer.dn("1"))?.strings("sn") == ["new"])
      #expect(try await session.write([]).isEmpty)
    }
  }

  @Test("What cannot be sent as it is is refused by its name, and the rest goes on")
  func unsendable() async throws {
    try await SlapdServer.running { server in
      try await WriteServer(server, SlapdServer.adminPassword, []).run { server, session in
        let answers = try await session.write([
          .delete("cn=a\0,\(WriteServer.people)"), .person("A", [("description", [])]),
          .rename(ann, to: "cn=\0", deleteOldRDN: true),
          .rename(ann, to: "cn=b", deleteOldRDN: true, newSuperior: "dc=\0"),
          .modify(ann, [LDIFModification(.replace, "sn\0x", ["x".bytes])]),
          .person("B", [("description", [[UInt8](repeating: 0x61, count: 65 << 20)])]),
          .delete(ann, controls: [Control("1.2\0")]), .person("Z"),
        ])
        #expect(answers.map(\.verdict) == ["34", "-9", "34", "34", "-9", "-9", "-9", "done"])
        #expect(answers[0].error?.message == "the DN holds a NUL character")
        #expect(answers[1].error?.message.contains("the attribute description has no value") == true)
        #expect(answers[4].error?.message.contains("NUL") == true)
        #expect(answers[5].error?.message.contains("can be sent") == true)
        #expect(try await server.names() == ["Z"])
      }
    }
  }

  @Test(
    "Large values that the server takes slowly go through one after the other",
    arguments: [ConnectionSettings.Transport.ldap, .ldaps])
  func largeValues(_ transport: ConnectionSettings.Transport) async throws {
    try await SlapdServer.running { slapd in
      var server = WriteServer(slapd, SlapdServer.adminPassword, [])
      if transport == .ldaps { (server.settings.transport, server.settings.port) = (.ldaps, slapd.ports.ldaps) }
      server.settings.caFile = slapd.certificates.authority
      try await server.run { server, session in
        let large = [UInt8](repeating: 0x62, count: 6 << 20)
        let answers = try await session.write((0..<20).map { .person("\($0)", [("description", [large])]) })
        #expect(answers.map(\.verdict) == Array(repeating: "done", count: 20))
        #expect(try await server.names().count == 20)
      }
    }
  }

  @Test("A search's consumer may write on the same session, and both come to their end")
  func writeWhileSearching() async throws {
    try await SlapdServer.running { server in
      try await WriteServer(server, SlapdServer.adminPassword, []).run { server, session in
        let people = (0..<300).map { "P \($0)" }
        _ = try await session.write(people.map { .person($0) })
        let request = SearchRequest(base: WriteServer.people, scope: .oneLevel, attributes: ["cn"], pageSize: 50)
        let summary = try await session.search(request) { page in
          let step = LDIFModification(.replace, "description", ["seen".bytes])
          let answers = try await session.write(page.map { .modify($0.dn, [step]) })
          #expect(answers.allSatisfy { $0.verdict == "done" })
        }
        #expect(summary.entries == 300)
        #expect(try await server.judge.search(filter: "(description=seen)", attributes: ["cn"]).count == 300)
      }
    }
  }

  @Test("A referral is a refusal that names where to go, and ManageDsaIT writes the entry itself")
  func referral() async throws {
    try await SlapdServer.running { server in
      try await WriteServer(server, SlapdServer.adminPassword, []).run { server, session in
        let dn = "ou=elsewhere,\(WriteServer.base)"
        let link: [(AttributeDescription, [[UInt8]])] = [
          ("objectClass", ["referral".bytes, "extensibleObject".bytes]), ("ou", ["elsewhere".bytes]),
          ("ref", ["ldap://other.example/\(dn)".bytes]),
        ]
        #expect(try await session.verdicts([.add(dn, link)]) == ["done"])
        let below = try await session.write(.person("A", parent: dn))
        #expect(below.verdict == "10")
        #expect(below.error?.referrals == ["ldap://other.example/cn=A,\(dn)"])
        #expect(try await session.verdicts([.delete(dn), .delete(dn, controls: [.manageDsaIT])]) == ["10", "done"])
      }
    }
  }
}
