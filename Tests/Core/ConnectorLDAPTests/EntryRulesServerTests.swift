import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

/// What the rules say of an entry beside what real servers make of it: the servers are the judges.
@Suite("The schema's word on an entry, and the server's", .serialized) struct EntryRulesServerTests {
  private static let person = "objectClass: inetOrgPerson\ncn: A\nsn: B\n"
  private static let account = "objectClass: posixAccount\nuid: a\nuidNumber: 1\ngidNumber: 2\nhomeDirectory: /x\n"

  /// Entries `cn=A` that every server takes.
  private static let sound = [
    person, person + "objectClass: top\nobjectClass: person\n", person + account, person + "cn;lang-de: A\n",
    person + "telephoneNumber: +49 (30) 12-34\nmail: a@x\nmanager: cn=b,\(TestDirectory.base)\n",
    person + "objectClass: extensibleObject\nuidNumber: 7\n", person + "postalAddress: a$b\nseeAlso: CN=x, DC=y\n",
    person + "userPassword: geheim\njpegPhoto:: AAEC\ndescription: é\ndescription: É x\n",
    "objectClass: groupOfNames\ncn: A\nmember: cn=b\n", "objectClass: device\ncn: A\nserialNumber: 1-2\n",
    "objectClass: person\nobjectClass: simpleSecurityObject\ncn: A\nsn: B\nuserPassword: x\n",
  ]

  /// Entries `cn=A` that every server refuses.
  private static let broken = [
    "objectClass: inetOrgPerson\ncn: A\n", person + "objectClass: nobodyKnows\n", person + "nobodyKnows: 1\n",
    person + "uidNumber: 1\n", person + "member: cn=b\n", person + account + "uidNumber: 2\n",
    person + "objectClass: posixAccount\nuid: a\n", "objectClass: top\ncn: A\n",
    person + "manager: nobody\n", person + "objectClass: extensibleObject\nuidNumber: seven\n",
    person + "description:\n", person + "telephoneNumber:\n", person + "mail: ä@x\n", person + "description:: /w==\n",
    person + "entryUUID: 597ae2f6-16a6-1027-98f4-d28b5365dc14\n",
    person + "description: a\ndescription: A\n", person + "preferredLanguage: de\npreferredLanguage: en\n",
    person + "objectClass: extensibleObject\nuidNumber: 007\n",
    "objectClass: groupOfNames\ncn: A\nmember: cn=b\nmember: CN=B\n",
    person + "objectClass: simpleSecurityObject\n",
    person + account.replacing("objectClass: posixAccount", with: "objectClass: account"),
    person + "objectClass: domainRelatedObject\nassociatedDomain: é\n",
    person + "c: Germany\nobjectClass: extensibleObject\n",
    person + "objectClass: extensibleObject\nx121Address: a\n",
    person + "objectClass: extensibleObject\ndestinationIndicator: é\n",
    person + "x500UniqueIdentifier: 01\n", person + "objectClass: extensibleObject\npostalCode:\n",
    person + "objectClass: extensibleObject\ndc: é\n",
  ]

  /// What `replace` is given of `person`, where servers take it and where they do not.
  private static let changes: [(lines: String, isSound: Bool)] = [
    (
      "objectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: a\nuidNumber: 1\ngidNumber: 1\nhomeDirectory: /\n",
      true
    ),
    ("cn: A\ncn: Other\n", true), ("description: x\n", true), ("sn: C\n", true),
    ("objectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: a\n", false), ("sn:\n", false),
    ("objectClass: inetOrgPerson\nobjectClass: odd\n", false), ("uidNumber: 1\n", false),
    ("preferredLanguage: a\npreferredLanguage: b\n", false), ("manager: nobody\n", false), ("cn: Other\n", false),
  ]
  private static let andDevice = "objectClass: inetOrgPerson\nobjectClass: device\n"
  private static let numbered = "entryUUID: 597ae2f6-16a6-1027-98f4-d28b5365dc14\n"

  @Test func `What slapd takes is not refused, and what it refuses is`() async throws {
    try await SlapdServer.running { server in
      let server = WriteServer(server, SlapdServer.adminPassword, [])
      try await compare(server, subschema: "cn=Subschema", facts: ExportFacts(), lenient: [])
    }
  }

  @Test func `What 389 takes is not refused, and what it refuses is`() async throws {
    var facts = ExportFacts()
    facts.keepsStructuralClass = false
    try await DS389Server.running { server in
      let server = WriteServer(server, DS389Server.adminPassword, [])
      // It takes a value of its own attribute, though its schema says NO-USER-MODIFICATION.
      try await compare(server, subschema: "cn=schema", facts: facts, lenient: [Self.person + Self.numbered])
    }
  }

  /// `lenient`: broken entries that the product takes all the same.
  private func compare(
    _ server: WriteServer, subschema: String, facts: ExportFacts, lenient: Set<String>
  ) async throws {
    try await server.run { server, session in
      let rules = EntryRules(schema: try await schema(session, subschema), facts: facts)
      let dn = "cn=A,\(WriteServer.people)"
      let devices = [(Self.person + "objectClass: device\n", !facts.keepsStructuralClass)]
      for (attributes, isSound) in Self.sound.map({ ($0, true) }) + Self.broken.map({ ($0, false) }) + devices {
        let errors = try problems(attributes, nil, rules)
        let answer = try await server.judge.add("dn: \(dn)\n\(attributes)", accepting: Set(0...255))
        #expect(errors.isEmpty == isSound, "\(attributes) \(errors)")
        #expect((answer.exitCode == 0) == (isSound || lenient.contains(attributes)), "\(attributes) \(answer.exitCode)")
        if answer.exitCode == 0 { try await server.judge.delete([dn]) }
      }
      let classChanges = [Self.andDevice, "objectClass: person\n"].map { ($0, !facts.keepsStructuralClass) }
      for (lines, isSound) in Self.changes + classChanges {
        try await server.judge.add("dn: \(dn)\n\(Self.person)")
        let errors = try problems(lines, Self.person, rules)
        let answer = try await server.judge.modify(Self.replacing(lines, of: dn), accepting: Set(0...255))
        #expect(errors.isEmpty == isSound, "\(lines) \(errors)")
        #expect((answer.exitCode == 0) == isSound, "\(lines) \(answer.exitCode)")
        try await server.judge.delete([dn])
      }
    }
  }

  /// A change record that gives each attribute the values of `lines`; none where there is nothing behind the colon.
  private static func replacing(_ lines: String, of dn: String) -> String {
    var steps: [(name: Substring, values: String)] = []
    for line in lines.split(separator: "\n") {
      let name = line.prefix { $0 != ":" }
      if steps.last?.name != name { steps.append((name, "")) }
      if !line.hasSuffix(":") { steps[steps.count - 1].values += line + "\n" }
    }
    return "dn: \(dn)\nchangetype: modify\n" + steps.map { "replace: \($0.name)\n\($0.values)-\n" }.joined()
  }

  private func schema(_ session: LDAPSession, _ base: String) async throws -> Schema {
    let names = ["objectClasses", "attributeTypes", "dITContentRules"]
    let entry = try #require(
      try await session.collect(
        SearchRequest(
          base: base, scope: .base, filter: .equal("objectClass", "subschema"), attributes: names, pageSize: nil)
      ).first)
    return Schema(subschema: entry)
  }

  /// The errors of an entry `cn=A` with these attributes; or, where there is an entry before, of these in its own.
  private func problems(_ lines: String, _ before: String?, _ rules: EntryRules) throws -> [EntryRules.Problem] {
    var (after, hasPassword) = try attributes(lines)
    let old = try before.map { try attributes($0).values }
    if let old {
      let given = Set(after.map(\.0))
      after = old.filter { !given.contains($0.0) } + after.filter { $0.1 != [[]] }
    }
    return rules.problems(
      dn: try DN("cn=A,\(WriteServer.people)"), after: after, before: old, hasPassword: hasPassword,
      passwordAttribute: "userPassword"
    ).filter { $0.severity == .error }
  }

  private func attributes(_ lines: String) throws -> (values: [(AttributeDescription, [[UInt8]])], hasPassword: Bool) {
    let input = ExportInput(bytes: "dn: cn=A\n\(lines)".bytes, context: InputContext())
    let change = try #require(input.changes.first, "\(input.errors)")
    let values = change.edits.compactMap { edit -> (AttributeDescription, [[UInt8]])? in
      if case .replace(let values, _) = edit.form { (edit.attribute, values) } else { nil }
    }
    return (values, change.password != nil)
  }
}
