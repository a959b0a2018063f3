import ConnectorCore
import ConnectorTesting
import Foundation
import TestSupport
import Testing

@Suite struct SearchTests {
  @Test("The root DSE and the schema are those of the fixture")
  func rootDSE() async throws {
    try await Scene.run { scene in
      let tools = scene.anonymous
      let root = try #require(try await tools.search("", scope: .base, attributes: ["*", "+"]).first)
      #expect(root.dn.isEmpty)
      #expect(root.strings("vendorName") == ["Example"])
      #expect(root.strings("namingContexts") == ["dc=example,dc=com", "cn=accesslog"])
      let schema = try await tools.search(
        "cn=schema", scope: .base, filter: "(objectClass=subschema)", attributes: ["+", "*"])
      #expect(schema.first?.strings("attributeTypes").count == 9)
    }
  }

  @Test("Scopes reach as far as they should")
  func scopes() async throws {
    try await Scene.run { scene async throws in
      func names(_ scope: LDAPTools.Scope) async throws -> [String] {
        try await scene.anonymous.search(Scene.base, scope: scope, attributes: ["1.1"]).map(\.dn)
      }
      #expect(try await names(.base) == [Scene.base])
      #expect(try await names(.one) == [Scene.people])
      #expect(Set(try await names(.sub)).count == 6)
    }
  }

  @Test(
    "Filters find what they describe",
    arguments: [
      ("(cn=anna)", ["Anna"]), ("(cn=A*a)", ["Anna"]), ("(commonName=*r*)", ["bert", "Carl", "Dörte"]),
      ("(&(objectClass=person)(!(cn=anna)))", ["bert", "Carl", "Dörte"]), ("(|(sn=xu)(sn=Young))", ["bert", "Carl"]),
      ("(uidNumber>=20)", ["Anna", "bert"]), ("(uidNumber<=20)", ["bert", "Carl"]), ("(uidNumber=0100)", ["Anna"]),
      ("(userPassword=*)", ["Anna"]), ("(sn~=xu)", ["Carl"]), ("(cn:caseExactMatch:=Anna)", ["Anna"]),
      ("(cn:caseExactMatch:=anna)", []), (#"(description=\00\ff\fe\0a\00)"#, ["Anna"]), ("(nowhere=x)", []),
      ("(cn=dörte)", ["Dörte"]), ("(!(&))", []), ("(&(objectClass=person))", ["Anna", "bert", "Carl", "Dörte"]),
    ])
  func filters(_ filter: String, _ expected: [String]) async throws {
    try await Scene.run { scene async throws in
      #expect(try await scene.names([], filter) == expected)
    }
  }

  @Test("Attribute lists choose user attributes, operational ones, some of them, or none")
  func attributes() async throws {
    try await Scene.run { scene async throws in
      func names(_ attributes: [String], options: [String] = []) async throws -> Set<String> {
        let entry = try await scene.anonymous.search(
          Scene.anna, scope: .base, attributes: attributes, options: options
        ).first
        return Set(try #require(entry).attributes.keys)
      }
      let user: Set = ["objectclass", "cn", "sn", "uidnumber", "userpassword", "description"]
      #expect(try await names([]) == user)
      #expect(try await names(["*"]) == user)
      #expect(try await names(["SN", "nowhere"]) == ["sn"])
      #expect(try await names(["1.1"]).isEmpty)
      #expect(try await names(["+"]).isDisjoint(with: user))
      #expect(try await names(["+"]).contains("entryuuid"))
      #expect(try await names(["*", "+"]).isSuperset(of: user.union(["createtimestamp"])))
    }
  }

  @Test("Names without values are sent where the client asks for that")
  func typesOnly() async throws {
    try await Scene.run { scene in
      let lines = try await scene.search(["-LLL", "-A"], "(cn=anna)", attributes: ["cn", "sn"]).lines
      #expect(lines == ["dn: \(Scene.anna)", "cn:", "sn:"])
    }
  }

  @Test("A size limit ends the search with its code, after as many entries")
  func sizeLimit() async throws {
    try await Scene.run { scene in
      let short = try await scene.search(["-z", "2"], accepting: [4])
      #expect(try short.names == ["Anna", "bert"])
      #expect(short.standardOutput.contains("result: 4 Size limit exceeded"))
      #expect(try await scene.names(["-z", "4"]).count == 4)
    }
  }

  @Test("A base that does not exist is named with the nearest that does")
  func noSuchObject() async throws {
    try await Scene.run { scene in
      let result = try await scene.anonymous.run(
        "ldapsearch", ["-b", "cn=a,cn=b,\(Scene.people)"], accepting: [32])
      #expect(result.standardOutput.contains("matchedDN: \(Scene.people)"))
      _ = try await scene.anonymous.run("ldapsearch", ["-b", "no dn"], accepting: [34])
    }
  }

  @Test("A thousand entries come back value for value, in pages and in one answer")
  func thousand() async throws {
    let directory = BigDirectory(users: 1000, groups: 5, members: 50)
    let top = "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n"
    let text = FixtureText.with { $0.entries = top + directory.ldif }
    try await Scene.run(text) { scene in
      var expected: [String: [String: [[UInt8]]]] = [:]
      for record in try Fixture(folder: scene.folder.path).entries {
        for (name, value) in record.attributes {
          expected[record.dn, default: [:]][name.string.lowercased(), default: []].append(value)
        }
      }
      #expect(expected.count == 1008)
      for options in [[], ["-E", "pr=300/noprompt"], ["-E", "!pr=1/noprompt", "-E", "!sss=cn"]] {
        let found = try await scene.anonymous.search(attributes: ["*"], options: options)
        #expect(found.count == 1008)
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.dn, $0.attributes) }) == expected)
      }
    }
  }
}
