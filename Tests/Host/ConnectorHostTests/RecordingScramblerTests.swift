import ConnectorCore
import Testing

@testable import ConnectorHost

@Suite("Scrambling a recording")
struct RecordingScramblerTests {
  private let scrambler = Scrambler(AttributeTreatments(RecordingSchema.schema, nil))

  private func text(_ value: String, _ attribute: AttributeDescription = "cn") -> String? {
    scrambler.value(Array(value.utf8), of: attribute).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("The same word has the same substitute wherever it stands, different words have different ones")
  func consistent() throws {
    let name = try #require(text("Jane Armstrong"))
    let parts = name.split(separator: " ").map(String.init)
    #expect(text("Jane", "givenName") == parts.first)
    #expect(text("ARMSTRONG, jane") == "\(parts[1].uppercased()), \(parts[0].lowercased())")
    #expect(text("jane.armstrong@example.com", "mail")?.hasPrefix(name.lowercased().replacing(" ", with: ".")) == true)
    let numbered = (0..<300).map { "user\($0)" }
    #expect(Set(numbered.compactMap { text($0) }).count == numbered.count)
    #expect(Set((0..<10).compactMap { text("\($0)") }).count == 10)
  }

  @Test(
    "Length in characters and bytes, letter case and scripts stay, and nothing else does",
    arguments: ["Jane Doe", "São Paulo", "Køb-1234/b", "ΑΘΗΝΑ", "東京都庁", "Große Halle", "x9Y", "+49 89 5551000"])
  func shape(_ value: String) throws {
    let made = try #require(text(value))
    #expect(made != value)
    #expect(made.unicodeScalars.count == value.unicodeScalars.count)
    #expect(made.utf8.count == value.utf8.count)
    for (old, new) in zip(value.unicodeScalars, made.unicodeScalars) {
      #expect(old.properties.generalCategory == new.properties.generalCategory, "\(value) \(made)")
    }
  }

  @Test("A DN stays one, below the same parent, with the server's own spaces and escapes")
  func names() throws {
    let parent = scrambler.name("ou=People, dc=example,dc=com")
    let child = scrambler.name("cn=Doe\\2C Jane+uid=jdoe,ou=People, dc=example,dc=com")
    #expect(child.hasSuffix("," + parent) && parent.contains(", dc="))
    #expect(try DN(child).parent == DN(parent))
    let assertions = try #require(DN(child).rdns.first).assertions
    #expect(assertions.map(\.type) == ["cn", "uid"])
    #expect(assertions.first?.text == text("Doe, Jane"))
    #expect(child.contains("\\2C ") && !child.contains("Doe"))
    #expect(scrambler.name("cn=Doe\\, Jane,dc=com").contains("\\, "))
    let hex = scrambler.name("cn=caf\\c3\\a9,dc=com")
    #expect(hex.utf8.allSatisfy { $0 < 0x80 })
    #expect(try DN(hex) == DN(scrambler.name("cn=café,dc=com")))
    #expect(text("uid=jdoe,dc=com", "member") == scrambler.name("uid=jdoe,dc=com"))
    #expect(text("uid=jdoe,dc=com", "description") == scrambler.name("uid=jdoe,dc=com"))
  }

  @Test("What servers bring along keeps its name, in the log and in the schema too")
  func technical() {
    #expect(scrambler.name("cn=schema") == "cn=schema")
    #expect(scrambler.name("changeNumber=17,cn=changelog") == "changeNumber=17,cn=changelog")
    let category = scrambler.name("CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com")
    #expect(category.hasPrefix("CN=Person,CN=Schema,CN=Configuration,DC="))
    #expect(!category.contains("example"))
    #expect(text("inetOrgPerson", "objectClass") == "inetOrgPerson")
    #expect(text("20261122231022Z", "createTimestamp") == "20261122231022Z")
    #expect(text("TRUE", "isDeleted") == "TRUE")
  }

  @Test("A UUID keeps its form, and its octets follow it in either byte order")
  func identifiers() throws {
    let uuid = "9fc60049-695e-4235-b220-e295fd66949e"
    let made = try #require(text(uuid, "entryUUID"))
    #expect(made != uuid && made.count == 36 && made.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
    #expect(made.split(separator: "-")[2].first == "4")
    let tombstone = try #require(text("D One\nDEL:\(uuid)"))
    #expect(tombstone.hasSuffix("\nDEL:\(made)"))
    let digits = made.filter { $0 != "-" }
    let octets = stride(from: 0, to: 32, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    let stored: [UInt8] = [
      0x49, 0x00, 0xC6, 0x9F, 0x5E, 0x69, 0x35, 0x42, 0xB2, 0x20, 0xE2, 0x95, 0xFD, 0x66, 0x94, 0x9E,
    ]
    let swapped = [3, 2, 1, 0, 5, 4, 7, 6].map { octets[$0] } + octets[8...]
    #expect(scrambler.value(stored, of: "objectGUID") == swapped)
    let other = try #require(text("c39d2f19-e6c511f1-b2faa77e-fee0e16a", "description"))
    #expect(other.split(separator: "-").map(\.count) == [8, 8, 8, 8])
    let known = text("B:32:9FC60049695E4235B220E295FD66949E:CN=Ann,DC=com", "description")
    #expect(known == "B:32:\(digits.uppercased()):\(scrambler.name("CN=Ann,DC=com"))")
  }

  @Test("Octets keep their number and their head, options and text among them theirs")
  func octets() throws {
    let certificate: [UInt8] = [0x30, 0x82, 0x02, 0x98] + (0..<100).map { UInt8($0) &* 7 | 0x80 }
    let made = try #require(scrambler.value(certificate, of: "userCertificate;binary"))
    #expect(made.count == certificate.count && made.starts(with: [0x30, 0x82, 0x02, 0x98]) && made != certificate)
    #expect(scrambler.value(certificate, of: "userCertificate;binary") == made)
    let entry = scrambler.entry(
      Entry(dn: "cn=a1b2,dc=com", attributes: [("cn;lang-de", [Array("Straße".utf8)]), ("userPassword", [[1, 2]])]))
    #expect(entry.attributes.map(\.0.string) == ["cn;lang-de"])
  }

  @Test("Times of people move by one span and stay in order; numbers keep their length")
  func times() throws {
    let times = try ["19700301000000Z", "19700302123000.5Z", "20010911000000Z"].map {
      try #require(text($0, "birthDate").flatMap { GeneralizedTime($0) })
    }
    #expect(times == times.sorted())
    #expect(times[1].secondsSinceEpoch - times[0].secondsSinceEpoch == 86_400 + 45_000)
    #expect(times[0] != GeneralizedTime("19700301000000Z"))
    let number = try #require(text("10042", "uidNumber"))
    #expect(number.count == 5 && number != "10042" && Int(number) != nil && number.first != "0")
    #expect(text("0", "uidNumber") == "0")
  }

  @Test("A log record of LDIF lines is scrambled line by line, and says nothing of passwords")
  func changes() throws {
    let encoded = "w5hyZQ=="
    let record =
      "replace: sn\nsn:: \(encoded)\n-\nreplace: userPassword\nuserPassword: {SSHA}geheim\n-\nadd: member\n"
      + "member: uid=jdoe,dc=\n com\n-\nreplace: modifyTimestamp\nmodifyTimestamp: 20261122224121Z\n-\n\0"
    let made = try #require(text(record, "changes"))
    #expect(made.hasSuffix("-\n\0"))
    #expect(made.contains("replace: sn\nsn:: ") && !made.contains(encoded))
    #expect(made.contains("replace: userPassword\n-\n") && !made.contains("geheim"))
    #expect(made.contains("member: \(scrambler.name("uid=jdoe,dc=com"))\n"))
    #expect(made.contains("modifyTimestamp: 20261122224121Z"))
  }

  @Test("A log record of modifications is scrambled value by value, and says nothing of passwords")
  func modifications() {
    #expect(text("objectClass:+ person", "reqMod") == "objectClass:+ person")
    #expect(text("sn:= Armstrong", "reqMod") == "sn:= \(text("Armstrong") ?? "")")
    #expect(text("description:-", "reqMod") == "description:-")
    #expect(text(":", "reqMod") == ":")
    #expect(text("userPassword:= geheim", "reqMod") == "userPassword:=")
    #expect(text("userPassword:+ geheim", "reqMod") == nil)
    #expect(text("userPassword: geheim", "reqOld") == nil)
    #expect(text("sn: Armstrong", "reqOld") == "sn: \(text("Armstrong") ?? "")")
    #expect(scrambler.dropped == ["userPassword"])
  }

  @Test("Secrets are told by name, the adapter's own among them, but not the age of a password")
  func secrets() {
    var adapter = VendorAdapter.acme
    adapter.secretAttributes = ["acmeToken"]
    let treatments = AttributeTreatments(RecordingSchema.schema, adapter)
    let secrets = ["userPassword", "unicodePwd", "acmeToken", "sambaNTPassword", "pwdHistory", "olcRootPW", "aci"]
    for name in secrets { #expect(treatments.treatment(of: AttributeDescription(name)) == .drop, "\(name)") }
    #expect(treatments.treatment(of: "passwordExpirationTime") == .keep)
    #expect(treatments.treatment(of: "pwdLastSet") == .keep)
    #expect(treatments.treatment(of: "passwordPolicySubentry") == .name)
  }
}

/// Definitions as the tests of recordings need them.
enum RecordingSchema {
  private static let syntax = "1.3.6.1.4.1.1466.115.121.1."
  static let definitions = [
    "( 2.5.4.0 NAME 'objectClass' SYNTAX \(syntax)38 )", "( 2.5.4.3 NAME 'cn' SYNTAX \(syntax)15 )",
    "( 2.5.4.4 NAME 'sn' SYNTAX \(syntax)15 )", "( 2.5.4.42 NAME 'givenName' SYNTAX \(syntax)15 )",
    "( 2.5.4.13 NAME 'description' SYNTAX \(syntax)15 )", "( 2.5.4.31 NAME 'member' SYNTAX \(syntax)12 )",
    "( 2.5.4.35 NAME 'userPassword' SYNTAX \(syntax)40 )", "( 2.5.4.36 NAME 'userCertificate' SYNTAX \(syntax)8 )",
    "( 0.9.2342.19200300.100.1.3 NAME 'mail' SYNTAX \(syntax)26 )",
    "( 1.3.6.1.1.1.1.0 NAME 'uidNumber' SYNTAX \(syntax)27 SINGLE-VALUE )",
    "( 1.3.6.1.1.16.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE USAGE directoryOperation )",
    "( 1.2.840.113556.1.4.2 NAME 'objectGUID' SYNTAX \(syntax)40 SINGLE-VALUE )",
    "( 1.2.3.1 NAME 'birthDate' DESC 'Joe Armstrong asked for it' SYNTAX \(syntax)24 SINGLE-VALUE )",
    "( 2.5.18.1 NAME 'createTimestamp' SYNTAX \(syntax)24 NO-USER-MODIFICATION USAGE directoryOperation )",
    "( 2.5.18.2 NAME 'modifyTimestamp' SYNTAX \(syntax)24 NO-USER-MODIFICATION USAGE directoryOperation )",
    "( 1.2.3.2 NAME 'passwordExpirationTime' SYNTAX \(syntax)24 USAGE directoryOperation )",
    "( 1.2.3.3 NAME 'passwordPolicySubentry' SYNTAX \(syntax)12 USAGE directoryOperation )",
    "( 2.16.840.1.113730.3.1.5 NAME 'changeNumber' SYNTAX \(syntax)27 )",
  ]
  static let schema = Schema(objectClasses: ["( 2.5.6.0 NAME 'top' ABSTRACT )"], attributeTypes: definitions)
}
