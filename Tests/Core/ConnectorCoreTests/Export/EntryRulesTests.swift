import Testing

@testable import ConnectorCore

@Suite("The schema's word on an entry") struct EntryRulesTests {
  @Test(arguments: [
    Rules.ann,
    "objectClass: top; objectClass: PERSON; objectClass: 2.5.6.7; commonName: ann; SN: B; l;lang-de: X; c: DE",
    Rules.ann + "; objectClass: extensibleObject; home: /x; member: cn=b", Rules.ann + "; policy: cn=p",
    Rules.ann + "; objectClass: account; uidNumber: 7; flag: TRUE; flag: FALSE", Rules.ann + "; cn;lang-de: Ann",
    Rules.ann + "; objectClass: stamped",
  ])
  func `A sound entry is left alone`(entry: String) throws {
    #expect(try Rules.problems(entry).isEmpty)
  }

  @Test(arguments: [
    (Rules.ann + "; objectClass: persno", "knows no object class persno", "write person"),
    (Rules.ann + "; objectClass: a b", "one of the object classes", "schema"),
    ("objectClass: account; cn: Ann; uidNumber: 1", "no structural object class", "inetOrgPerson"),
    ("cn: Ann", "no structural object class", "add one"),
    (Rules.ann + "; objectClass: group; member: cn=b", "person and group are structural", "keep the one"),
    ("objectClass: person; cn: Ann", "person requires sn", "give sn a value"),
    ("objectClass: orgPerson; cn: Ann", "person requires sn", "give sn a value"),
    (Rules.ann + "; objectClass: secured", "secured requires userPassword", "give userPassword"),
    (Rules.ann + "; home: /x", "none of the entry's object classes allows home", "class account"),
    (Rules.ann + "; member: cn=b", "none of the entry's object classes allows member", "choose an object class"),
    (Rules.ann + "; descripton: x", "knows no attribute descripton", "write description"),
    (Rules.ann + "; entryUUID: 597ae2f6-16a6-1027-98f4-d28b5365dc14", "keeps entryUUID itself", "leave it out"),
    (Rules.ann + "; memberOf: cn=g", "keeps memberOf itself", "write the group"),
    ("objectClass: orgPerson; cn: Ann; sn: B; c: DE; c: FR", "c takes one value, and gets 2", "one value"),
    ("objectClass: orgPerson; cn: Ann; sn: B; c: Germany", "no country code", "two letters"),
    (Rules.ann + "; sn: b", "sn has the same value twice", "once"),
    (Rules.ann + "; telephoneNumber: +1 2-3; telephoneNumber: +123", "same value twice", "once"),
    (Rules.ann + "; telephoneNumber: 0x1#", "no telephone number", "+49"),
    (Rules.ann + "; objectClass: account; uidNumber: 007", "no integer", "leading zeros"),
    (Rules.ann + "; objectClass: account; uidNumber: 7; flag: true", "no boolean", "capitals"),
    (Rules.ann + "; objectClass: account; uidNumber: 7; owner: Ann", "no DN", "cn=Ann"),
    (
      Rules.ann + "; objectClass: account; uidNumber: 7; owner: cn=A, dc=x; owner: CN=a,DC=x", "same value twice",
      "once"
    ),
    (Rules.ann + "; description: ", "no text in UTF-8", "at least one character"),
  ])
  func `A breach is one error, which says what to do`(entry: String, summary: String, remedy: String) throws {
    let problems = try Rules.problems(entry)
    #expect(problems.count == 1 && problems.first?.severity == .error, "\(problems)")
    #expect(problems.first?.summary.contains(summary) == true, "\(problems)")
    #expect(problems.first?.remedy?.contains(remedy) == true, "\(problems)")
  }

  @Test func `The values of the name must be among the attributes`() throws {
    #expect(try Rules.problems(Rules.ann, dn: "cn=ANN+sn=b,dc=x").isEmpty)
    let missing = try Rules.problems(Rules.ann, dn: "cn=Bob,dc=x")
    #expect(missing.map(\.attribute) == ["cn"] && missing.first?.remedy == "add the value to cn")
    #expect(try Rules.problems(Rules.ann, dn: "xyz=1,dc=x").map(\.summary).first?.contains("xyz") == true)
    #expect(try Rules.problems("objectClass: person; sn: B; cn: Ann; uidNumber: 1", dn: "uidNumber=1,dc=x").count == 1)
    let renamed = try Rules.problems("objectClass: person; sn: B; cn: Bob", before: Rules.ann)
    #expect(renamed.map(\.attribute) == ["cn"] && renamed.first?.remedy?.contains("rename") == true)
  }

  @Test func `A password counts where the classes require it, and must be allowed`() throws {
    #expect(try Rules.problems(Rules.ann + "; objectClass: secured", hasPassword: true).isEmpty)
    let group = "objectClass: group; cn: Ann; member: cn=b"
    #expect(try Rules.problems(group).isEmpty)
    let problems = try Rules.problems(group, hasPassword: true)
    #expect(problems.map(\.attribute) == ["userPassword"] && problems.first?.remedy?.contains("secured") == true)
    #expect(try Rules.problems(group + "; cn: c", before: group, hasPassword: true).isEmpty)
  }

  @Test func `What a change leaves as it is, is not judged`() throws {
    let old = "objectClass: person; cn: Ann; flag: yes; c: Germany; c: X; entryUUID: 1; memberOf: cn=g; odd: 1"
    #expect(try Rules.problems(old + "; description: x", before: old).isEmpty)
    #expect(try Rules.problems(old + "; flag: no", before: old).map(\.severity) == [.error, .error])
    #expect(try Rules.problems(Rules.ann + "; sn: B", before: Rules.ann).map(\.remedy) == ["write the value once"])
    // New values alone are looked at: the old one stays.
    let other = Rules.ann + "; telephoneNumber: #"
    #expect(try Rules.problems(other + "; telephoneNumber: 1", before: other).isEmpty)
    #expect(try Rules.problems(other + "; telephoneNumber: ##", before: other).count == 1)
  }

  @Test func `A change may not take what the classes require, nor bring classes without what they require`() throws {
    let taken = try Rules.problems("objectClass: person; cn: Ann", before: Rules.ann)
    #expect(taken.map(\.remedy) == ["leave sn a value"])
    let brought = try Rules.problems(Rules.ann + "; objectClass: account", before: Rules.ann)
    #expect(brought.map(\.attribute) == ["uidNumber"])
    let full = Rules.ann + "; objectClass: account; uidNumber: 1; home: /x"
    let stranded = try Rules.problems(Rules.ann + "; uidNumber: 1; home: /x", before: full)
    #expect(stranded.map(\.attribute) == ["uidNumber", "home"])
    #expect(stranded.allSatisfy { $0.remedy?.contains("in the same change") == true })
    #expect(try Rules.problems(Rules.ann, before: full).isEmpty)
  }

  @Test func `The structural class stays, unless the server does not insist`() throws {
    let after = "objectClass: orgPerson; objectClass: person; cn: Ann; sn: B"
    let problems = try Rules.problems(after, before: Rules.ann)
    #expect(problems.map(\.summary) == ["the structural object class person cannot become orgPerson"])
    var facts = Rules.facts
    facts.keepsStructuralClass = false
    #expect(try Rules.problems(after, before: Rules.ann, facts: facts).map(\.severity) == [.warning])
    #expect(try Rules.problems(Rules.ann + "; objectClass: top; objectClass: 2.5.6.6", before: Rules.ann).isEmpty)
  }

  @Test func `Where a superior is missing in the schema, nobody knows what its classes allow`() throws {
    let schema = Schema(
      objectClasses: [
        "( 1.1 NAME 'employee' SUP worker STRUCTURAL MUST cn )", "( 1.2 NAME 'person' SUP top STRUCTURAL MUST sn )",
      ],
      attributeTypes: ["( 2.5.4.0 NAME 'objectClass' )", "( 1.3 NAME 'cn' )", "( 1.4 NAME 'sn' )", "( 1.5 NAME 'l' )"])
    let entry = "objectClass: employee; objectClass: person; cn: Ann; l: x"
    #expect(try Rules.problems(entry, schema: schema).map(\.attribute) == ["sn"])
    #expect(try Rules.problems("objectClass: person; cn: Ann; sn: x", schema: schema).map(\.attribute) == ["cn"])
  }

  @Test func `Removing what the server keeps is an error too`() throws {
    let before = Rules.ann + "; memberOf: cn=g; entryUUID: 1"
    #expect(try Rules.problems(Rules.ann, before: before).map(\.attribute) == ["memberOf", "entryUUID"])
  }

  @Test func `Where a server publishes part of its schema, only values are errors`() throws {
    var facts = Rules.facts
    facts.publishesPartOfSchema = true
    let entry = "objectClass: person; objectClass: odd; cn: Ann; odd: 1; home: /é; c: DE; c: FR"
    let problems = try Rules.problems(entry, facts: facts)
    #expect(problems.filter { $0.severity == .error }.map(\.attribute) == ["home", "c"])
    #expect(problems.filter { $0.severity == .warning }.map(\.attribute) == ["objectClass", "sn", "odd"])
  }

  @Test func `Without a schema there is one warning, and what the server keeps is still known`() throws {
    #expect(try Rules.problems("odd: 1", schema: Schema()).map(\.severity) == [.warning])
    #expect(try Rules.problems("memberOf: 1", schema: Schema()).map(\.severity) == [.error, .warning])
  }

  @Test func `No problem repeats a value, whatever the values are`() throws {
    var random = SeededRandom(seed: 4_517)
    let pieces = [
      "XYZZY", "cn=XYZZY", "objectClass: person", "; ", "cn: ", "sn: ", "uidNumber: ", "flag: ", "c: ", "\u{0}",
      "home: ",
      "entryUUID: ", "owner: <", "telephoneNumber: ", "objectClass: ", "memberOf: ", "é", "objectClass: account", "",
    ]
    var count = 0
    for _ in 0..<2_000 {
      let before = Bool.random(using: &random) ? random.text(of: pieces, maximum: 12) : nil
      let problems = try Rules.problems(random.text(of: pieces, maximum: 20), before: before)
      count += problems.count
      for problem in problems where problem.attribute?.contains("XYZZY") != true {
        #expect(!problem.summary.contains("XYZZY") || problem.attribute == "objectClass", "\(problem)")
      }
    }
    #expect(count > 1_000)
  }
}
