import Foundation

/// A small believable company as LDIF below `dc=example,dc=com`: people in nested units, teams, projects, leavers.
package struct Company: Sendable {
  package struct Person: Sendable {
    package let dn: String
    package let uid: String
    package let unit: String
  }

  /// The whole company as content records, parents first; fit for ``DirectorySeed/text(_:)`` and `ldapadd`.
  package var ldif: String { records.text }
  package private(set) var people: [Person] = []
  package private(set) var groups: [String] = []
  /// DNs of the organizational units, parents first.
  package private(set) var units: [String] = []

  package static let peopleBase = "ou=people,\(TestDirectory.base)"
  package static let groupsBase = "ou=groups,\(TestDirectory.base)"

  private var records = LDIFText()
  private var random: SeededGenerator

  /// Makes the company; the same arguments make the same one.
  package init(people count: Int = 200, seed: UInt64 = 1) {
    random = SeededGenerator(seed: seed)
    addUnits()
    for number in 0..<count { addPerson(number) }
    addTeams()
    addProjects()
    addOddOnes()
  }

  private static let leafUnits = [
    "ou=Platform,ou=Engineering,ou=people", "ou=Research,ou=Engineering,ou=people", "ou=EMEA,ou=Sales,ou=people",
    "ou=Americas,ou=Sales,ou=people", "ou=Büro München,ou=Operations,ou=people", "ou=Finance,ou=people", "ou=archive",
  ]

  private mutating func addUnits() {
    let parents = ["", "ou=Engineering,", "ou=Sales,", "ou=Operations,"].map { "\($0)ou=people" } + ["ou=groups"]
    for unit in parents + Self.leafUnits + ["ou=teams,ou=groups", "ou=projects,ou=groups", "ou=services"] {
      let name = unit.split(separator: ",")[0].dropFirst(3)
      let dn = "\(unit),\(TestDirectory.base)"
      records.entry(dn, classes: ["organizationalUnit"], [("ou", String(name)), ("description", "Unit \(name)")])
      units.append(dn)
    }
  }

  private mutating func addPerson(_ number: Int) {
    let culture = random.pick(CompanyNames.cultures)
    let (given, family) = (random.pick(culture.given), random.pick(culture.family))
    let uid = "\(given.1.prefix(1))\(family.1)\(number)"
    let unit = "\(number % 29 == 28 ? "ou=archive" : Self.leafUnits[number % 6]),\(TestDirectory.base)"
    let person = Person(dn: "uid=\(uid),\(unit)", uid: uid, unit: unit)
    let isPosix = unit.contains("Engineering")
    records.line("dn", person.dn)
    (["inetOrgPerson"] + (isPosix ? ["posixAccount"] : [])).forEach { records.line("objectClass", $0) }
    addNames(given, family, uid, culture.language)
    addWork(number)
    if isPosix {
      records.line("uidNumber", "\(10_000 + number)")
      records.line("gidNumber", "5000")
      records.line("homeDirectory", "/home/\(uid)")
    }
    addBinary(number)
    records.end()
    people.append(person)
  }

  private mutating func addNames(
    _ given: (String, String), _ family: (String, String), _ uid: String, _ language: String
  ) {
    let name = "\(given.0) \(family.0)"
    let plain = "\(given.1.capitalized) \(family.1.capitalized)"
    for (attribute, value) in [
      ("uid", uid), ("cn", name), ("sn", family.0), ("givenName", given.0), ("displayName", "\(family.0), \(given.0)"),
      ("mail", "\(given.1).\(family.1)@example.com"), ("mail", "\(uid)@example.com"), ("preferredLanguage", language),
      ("userPassword", "not-a-secret-of-\(uid)"),
    ] { records.line(attribute, value) }
    if plain != name { records.line("cn;lang-en", plain) }
  }

  private mutating func addWork(_ number: Int) {
    let titles = ["Analyst", "Engineer", "Manager", "Director of Façades & Façons", "Technician", "開発者"]
    records.line("title", random.pick(titles))
    records.line("employeeNumber", "\(1000 + number)")
    records.line("employeeType", number % 7 == 0 ? "contractor" : "staff")
    records.line("telephoneNumber", "+49 89 555 \(1000 + number)")
    records.line("l", random.pick(["Kraków", "London", "München", "São Paulo", "東京"]))
    if let manager = people.isEmpty ? nil : people[random.below(min(people.count, 20))] {
      records.line("manager", manager.dn)
    }
    switch number % 10 {
    case 1: records.line("description", "Joined in spring.\nSpeaks three languages.\r\n\tTab, and a last line\n")
    case 2: records.line("description", " leading and trailing blank ")
    case 3: records.line("description", String(repeating: "A long text, ", count: 300))
    case 4: ["one", "two", "drei: 3 <4> #5"].forEach { records.line("description", $0) }
    default: break
    }
  }

  private mutating func addBinary(_ number: Int) {
    if number % 25 == 3 { records.line("jpegPhoto", bytes: Self.photo(seed: number, size: 700 + number)) }
    if number % 40 == 5 { records.line("userCertificate;binary", bytes: Self.certificate) }
  }

  private mutating func addTeams() {
    for unit in Self.leafUnits.dropLast() {
      let members = people.filter { $0.unit.hasPrefix(unit) }.map(\.dn)
      guard !members.isEmpty else { continue }
      let name = unit.split(separator: ",")[0].dropFirst(3)
      addGroup("cn=Team \(name),ou=teams,\(Self.groupsBase)", cn: "Team \(name)", members)
    }
    let teams = groups
    if !teams.isEmpty { addGroup("cn=All staff,\(Self.groupsBase)", cn: "All staff", teams) }
  }

  private mutating func addProjects() {
    for name in ["Apollo", "Børge", "Café", "Dāvana", "Éclair", "Förde", "Große Halle", "Hōryū"] {
      let members = people.shuffled(using: &random).prefix(5 + random.below(11)).map(\.dn)
      if !members.isEmpty { addGroup("cn=\(name),ou=projects,\(Self.groupsBase)", cn: name, members) }
    }
    let developers = people.filter { $0.unit.contains("Engineering") }
    let names = [("cn", "developers"), ("gidNumber", "5000")] + developers.map { ("memberUid", $0.uid) }
    records.entry("cn=developers,\(Self.groupsBase)", classes: ["posixGroup"], names)
    groups.append("cn=developers,\(Self.groupsBase)")
  }

  private mutating func addGroup(_ dn: String, cn: String, _ members: [String]) {
    records.entry(dn, classes: ["groupOfNames"], [("cn", cn)] + members.map { ("member", $0) })
    groups.append(dn)
  }

  /// Entries with the names that break careless code (RFC 4514 §2.4), and one without a person.
  private mutating func addOddOnes() {
    let unit = "ou=services,\(TestDirectory.base)"
    for (rdn, cn) in [
      ("cn=Doe\\, Jane+uid=jdoe", "Doe, Jane"),
      ("cn=plus\\+ \\\"quoted\\\" \\<x\\>\\; \\\\", "plus+ \"quoted\" <x>; \\"),
      ("cn=\\#hash and blank\\20", "#hash and blank "), ("cn=Ünï cødé 🙂", "Ünï cødé 🙂"),
    ] {
      let uid = rdn.hasSuffix("jdoe") ? "jdoe" : "odd\(people.count)"
      let person = Person(dn: "\(rdn),\(unit)", uid: uid, unit: unit)
      records.entry(person.dn, classes: ["inetOrgPerson"], [("cn", cn), ("sn", "Odd"), ("uid", uid)])
      people.append(person)
    }
  }
}

extension Company {
  /// Bytes that slapd takes for a JPEG (RFC 2798 §2.6): the right frame around noise.
  package static func photo(seed: Int, size: Int) -> [UInt8] {
    var random = SeededGenerator(seed: UInt64(truncatingIfNeeded: seed))
    let noise = (0..<max(size - 4, 0)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return [0xff, 0xd8] + noise + [0xff, 0xd9]
  }

  /// A self-signed certificate in DER that means nothing.
  package static let certificate = [UInt8](
    Data(
      base64Encoded:
        "MIIBZzCCAQ2gAwIBAgIUfJaiRLU1tGc/cTW3gNVOao0hE4EwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBQTAeFw0yNjExMjMwMzAw"
        + "MzhaFw00NjExMTgwMzAwMzhaMAwxCjAIBgNVBAMMAUEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARlAixqsiu5Fgi9He/tynju"
        + "2e2s/Y7jgasSohK0UfQIPOpQbsxT8kLIyLJTaroW53/eRP8hrUSsjSQyCr1Z6As+o00wSzAdBgNVHQ4EFgQUn7f8a6hCLYbMEOX2"
        + "8NbkV4QOCPcwHwYDVR0jBBgwFoAUn7f8a6hCLYbMEOX28NbkV4QOCPcwCQYDVR0TBAIwADAKBggqhkjOPQQDAgNIADBFAiBu0hnY"
        + "jOjThjy37i3KcHdvQVoLiByrsrqzAQHGTfNfMgIhAKUvDLCUAIBI/Ow+1H0zIXL9wdjMQWbB8pzZc9GYBmHG") ?? Data())
}
