import ConnectorCore
import Testing

@testable import ConnectorHost

@Suite("Leaks in a recording")
struct RecordingLeakTests {
  /// A check after these values of `cn` were replaced.
  private func check(_ values: [String], octets: [UInt8]? = nil) -> LeakCheck {
    let scrambler = Scrambler(AttributeTreatments(RecordingSchema.schema, nil))
    for value in values { scrambler.substitutes.reserve(value) }
    for value in values { _ = scrambler.value(Array(value.utf8), of: "cn") }
    _ = scrambler.value(Array("person".utf8), of: "objectClass")
    if let octets { _ = scrambler.value(octets, of: "userCertificate") }
    return LeakCheck(scrambler, RecordingSchema.schema)
  }

  @Test(
    "A value is found between word boundaries, whatever its case",
    arguments: [
      "Jane Armstrong", "see JANE ARMSTRONG.", "cn=jane armstrong,dc=com", "x:Jane Armstrong", "(jane armstrong)",
    ])
  func found(_ text: String) {
    #expect(check(["Jane Armstrong"]).leaks(in: text, .scrambled) == ["cn"])
  }

  @Test(
    "Parts, longer words and other values are not found",
    arguments: ["Jane", "Armstrong", "Jane Armstrongs", "aJane Armstrong", "Jane  Armstrong", "", "Joe Armstrong"])
  func notFound(_ text: String) {
    #expect(check(["Jane Armstrong"]).leaks(in: text, .scrambled) == [])
  }

  @Test("Values that begin with a sign are found by their first word")
  func signs() {
    #expect(check(["+49 89 5551000"]).leaks(in: "telephone +49 89 5551000", .scrambled) == ["cn"])
    #expect(check(["/home/armstrong"]).leaks(in: "/home/armstrong/x", .scrambled) == ["cn"])
  }

  @Test("A UUID is found as a whole, and a number within one is none")
  func identifiers() {
    let uuid = "eb4e4f78-7b0f-1041-89c4-113eb0626e74"
    #expect(check([uuid]).leaks(in: "id \(uuid.uppercased())!", .scrambled) == ["cn"])
    #expect(check(["1041"]).leaks(in: uuid, .scrambled) == [])
    #expect(check(["1041"]).leaks(in: "eb4e-1041", .scrambled) == ["cn"])
  }

  @Test("Technical text is searched for words, not for numbers; short values and names of the schema are not searched")
  func careful() {
    let check = check(["4203", "Armstrong", "abc", "description", "person"])
    #expect(check.leaks(in: "1.3.6.1.4.1.4203.1", .technical) == [])
    #expect(check.leaks(in: "1.3.6.1.4.1.4203.1", .scrambled) == ["cn"])
    #expect(check.leaks(in: "vendor Armstrong", .technical) == ["cn"])
    #expect(check.leaks(in: "abc description person", .scrambled) == [])
    #expect(check.leaks(in: "Armstrong", known: ["armstrong"]) == [])
  }

  @Test("Every line of an LDIF file is read: DNs, encoded values, and what is encoded within changes")
  func files() throws {
    let check = check(["Ärmström"], octets: [0xFF, 1, 2, 3, 4])
    func leaks(_ lines: String) throws -> Int { try check.leaks(inLDIF: "dn: cn=x,dc=y\n\(lines)\n").count }
    #expect(try leaks("cn: nobody") == 0)
    #expect(try leaks("cn:: w4RybXN0csO2bQ==") == 1)
    #expect(try leaks("userCertificate:: /wECAwQ=") == 1)
    let encoded = LDIFWriter.line("changes", Array("replace: cn\ncn:: w4RybXN0csO2bQ==\n-\n\0".utf8))
    #expect(try leaks(encoded) == 1)
    #expect(try check.leaks(inLDIF: "dn:: Y249w4RybXN0csO2bSxkYz15\ncn: x\n").count == 1)
    #expect(throws: LDIFError.self) { try check.leaks(inLDIF: "nonsense\n") }
  }

  @Test("Descriptions of the schema that repeat a value are scrambled, names and other descriptions stay")
  func schema() throws {
    let scrambler = Scrambler(AttributeTreatments(RecordingSchema.schema, nil))
    scrambler.substitutes.reserve("Joe Armstrong")
    _ = scrambler.value(Array("Joe Armstrong".utf8), of: "cn")
    let check = LeakCheck(scrambler, RecordingSchema.schema)
    let definition = "( 1.2.3.1 NAME 'birthDate' DESC 'Joe Armstrong asked' X-ORIGIN ( 'a' 'Joe Armstrong' ) )"
    let other = "( 1.2.3.2 NAME 'armstrong' DESC 'nobody asked' )"
    let made = scrambler.schema(.make("cn=schema", ["attributeTypes": [definition, other]]), check)
    let texts = made.strings("attributeTypes")
    #expect(texts.last == other)
    #expect(texts.first?.hasPrefix("( 1.2.3.1 NAME 'birthDate' DESC '") == true)
    #expect(texts.first?.count == definition.count && texts.first?.contains("Armstrong") == false)
    #expect(DefinitionText.freeTexts(of: definition) == ["Joe Armstrong asked", "a", "Joe Armstrong"])
    #expect(DefinitionText.freeTexts(of: "( 1.2 DESC 'open") == ["open"])
  }
}
