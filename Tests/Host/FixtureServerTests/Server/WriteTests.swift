import ConnectorCore
import ConnectorTesting
import FixtureServer
import TestSupport
import Testing

@Suite struct WriteTests {
  private let new = "cn=new,ou=people,dc=example,dc=com"

  @Test("Entries are added, modified, renamed, moved and deleted")
  func lifeOfAnEntry() async throws {
    try await Scene.run { scene in
      let tools = try scene.tools(Scene.admin, "secret")
      try await tools.add("dn: \(new)\nobjectClass: person\ncn: new\nsn: A\nsn: B\nuidNumber: 7\n")
      try await tools.modify(
        """
        dn: \(new)
        changetype: modify
        add: description
        description:: AP8=
        -
        delete: sn
        sn: a
        -
        replace: cn
        cn: new
        cn: newer
        -
        increment: uidNumber
        uidNumber: 5
        -

        """)
      let modified = try #require(try await tools.read(new))
      #expect(modified.attributes["description"] == [[0x00, 0xFF]])
      #expect(modified.strings("sn") == ["B"])
      #expect(modified.strings("cn") == ["new", "newer"])
      #expect(modified.strings("uidNumber") == ["12"])

      try await tools.rename(new, to: "cn=renamed")
      let renamed = try #require(try await tools.read("cn=renamed,\(Scene.people)"))
      #expect(renamed.strings("cn") == ["newer", "renamed"])
      #expect(renamed.entryUUID == modified.entryUUID)
      try await tools.rename(
        "cn=renamed,\(Scene.people)", to: "cn=moved", deletingOldRDN: false, newSuperior: Scene.base)
      #expect(try await tools.read("cn=renamed,\(Scene.people)") == nil)
      #expect(try await tools.read("cn=moved,\(Scene.base)")?.strings("cn") == ["newer", "renamed", "moved"])
      try await tools.delete(["cn=moved,\(Scene.base)"])
      #expect(try await tools.read("cn=moved,\(Scene.base)") == nil)
    }
  }

  @Test("A moved branch takes along what is below it")
  func branches() async throws {
    try await Scene.run { scene in
      try await scene.anonymous.rename(Scene.people, to: "ou=staff")
      #expect(try await scene.anonymous.read("cn=Anna,ou=staff,dc=example,dc=com") != nil)
      #expect(try await scene.anonymous.read(Scene.anna) == nil)
    }
  }

  @Test("What cannot be done has the code of RFC 4511")
  func failures() async throws {
    try await Scene.run { scene in
      let tools = scene.anonymous
      try await tools.add("dn: \(Scene.anna)\nobjectClass: person\ncn: Anna\nsn: x\n", accepting: [68])
      try await tools.add("dn: cn=x,ou=nowhere,\(Scene.base)\nobjectClass: person\ncn: x\nsn: x\n", accepting: [32])
      try await tools.delete([Scene.people], accepting: [66])
      try await tools.delete(["cn=nobody,\(Scene.base)"], accepting: [32])
      try await tools.modify("dn: \(Scene.anna)\nchangetype: modify\ndelete: mail\n", accepting: [16])
      try await tools.modify("dn: \(Scene.anna)\nchangetype: modify\nadd: sn\nsn: zeta\n", accepting: [20])
      try await tools.rename(Scene.anna, to: "cn=bert", accepting: [68])
      #expect(scene.server.directory.history.filter { $0.result == .success }.isEmpty)
    }
  }

  @Test("What clients write grows the log, as on the product")
  func log() async throws {
    try await Scene.run { scene in
      let tools = try scene.tools(Scene.admin, "secret")
      try await tools.modify("dn: \(Scene.anna)\nchangetype: modify\nreplace: sn\nsn: New\n")
      try await tools.delete(["cn=bert,\(Scene.people)"])
      let log = try await tools.search("cn=accesslog", filter: "(reqType=*)", attributes: ["*"])
      #expect(log.flatMap { $0.strings("reqType") } == ["modify", "delete"])
      #expect(log.flatMap { $0.strings("reqDN") } == [Scene.anna, "cn=bert,\(Scene.people)"])
    }
  }

  @Test("A tree is deleted at once where the control asks for it")
  func treeDelete() async throws {
    try await Scene.run { scene in
      try await scene.anonymous.modify(
        "dn: \(Scene.people)\nchangetype: delete\n", options: ["-e", "!1.2.840.113556.1.4.805"])
      #expect(try await scene.anonymous.search(attributes: ["1.1"]).map(\.dn) == [Scene.base])
    }
  }

  @Test("An assertion that does not hold stops the change")
  func assertion() async throws {
    try await Scene.run { scene in
      let change = "dn: \(Scene.anna)\nchangetype: modify\nreplace: sn\nsn: New\n"
      try await scene.anonymous.modify(change, options: ["-e", "!assert=(sn=Old)"], accepting: [122])
      #expect(try await scene.anonymous.read(Scene.anna)?.strings("sn") == ["Zeta"])
      try await scene.anonymous.modify(change, options: ["-e", "!assert=(sn=zeta)"])
      #expect(try await scene.anonymous.read(Scene.anna)?.strings("sn") == ["New"])
    }
  }

  @Test("The entry is read before and after a change where controls ask for it")
  func readEntry() async throws {
    try await Scene.run { scene in
      let result = try await scene.anonymous.modify(
        "dn: \(Scene.anna)\nchangetype: modify\nreplace: sn\nsn: New\n",
        options: ["-e", "preread=sn", "-e", "!postread=sn,cn"])
      #expect(result.lines.filter { $0.hasPrefix("sn:") } == ["sn: Zeta", "sn: New"])
      #expect(result.lines.filter { $0.hasPrefix("cn:") } == ["cn: Anna"])
      let moved = try await scene.anonymous.run(
        "ldapmodrdn", ["-r", "-e", "!postread=cn", Scene.anna, "cn=Anne"], input: "")
      #expect(moved.lines.contains("dn: cn=Anne,\(Scene.people)"))
    }
  }

  @Test("Values are compared by the rules of their attribute")
  func compare() async throws {
    try await Scene.run { scene in
      func compare(_ assertion: String, _ code: Int32) async throws -> String {
        try await scene.anonymous.run("ldapcompare", [Scene.anna, assertion], accepting: [code]).standardOutput
      }
      #expect(try await compare("sn:ZETA", 6).hasPrefix("TRUE"))
      #expect(try await compare("sn:Alpha", 5).hasPrefix("FALSE"))
      #expect(try await compare("mail:x", 16).contains("UNDEFINED"))
      _ = try await scene.anonymous.run("ldapcompare", ["cn=nobody,\(Scene.base)", "sn:x"], accepting: [32])
    }
  }
}
