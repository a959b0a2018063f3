import Testing

@testable import ConnectorCore

@Suite struct SchemaTests {
  @Test func `An attribute type is read with all that it says`() throws {
    let schema = Schema(attributeTypes: [
      "( 2.5.4.6 NAME ( 'c' 'countryName' ) DESC 'RFC4519: two-letter ISO-3166 country code' SUP name "
        + "SYNTAX 1.3.6.1.4.1.1466.115.121.1.11{2} SINGLE-VALUE )",
      "( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch "
        + "SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )",
      "( 2.5.18.1 NAME 'createTimestamp' EQUALITY generalizedTimeMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 "
        + "SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )",
      "( 2.5.4.7.1 NAME 'c-l' OBSOLETE SUP name COLLECTIVE )",
    ])
    #expect(schema.problems.isEmpty)
    let country = try #require(schema.attributeType("COUNTRYNAME"))
    #expect(country.names == ["c", "countryName"])
    #expect(country.description == "RFC4519: two-letter ISO-3166 country code")
    #expect(country.superior == "name")
    #expect(country.equality == "caseIgnoreMatch")
    #expect(country.ordering == "caseIgnoreOrderingMatch")
    #expect(country.substrings == "caseIgnoreSubstringsMatch")
    #expect(country.syntax == "1.3.6.1.4.1.1466.115.121.1.11")
    #expect(country.syntaxLength == 2)
    #expect(country.isSingleValued && country.isUserModifiable && !country.isOperational && !country.isCollective)
    let time = try #require(schema.attributeType("2.5.18.1"))
    #expect(time.usage == .directoryOperation && time.isOperational && !time.isUserModifiable)
    let locality = try #require(schema.attributeType("c-L"))
    #expect(locality.isCollective && locality.isObsolete)
    #expect(locality.syntax == "1.3.6.1.4.1.1466.115.121.1.15" && locality.syntaxLength == 32_768)
    #expect(["c", "CountryName", "2.5.4.6", "c-l", "createTimestamp"].allSatisfy { schema.defines($0) })
    #expect(!schema.defines("d"))
  }

  @Test func `A content rule says what a structural class brings with it`() throws {
    let schema = Schema(contentRules: [
      "( 1.2.3 NAME 'user' AUX ( mailbox $ posix ) MUST (cn ) MAY ( uid $ mail ) NOT fax )", "junk",
    ])
    let rule = try #require(schema.contentRules["1.2.3"])
    #expect(rule.auxiliaries == ["mailbox", "posix"] && rule.must == ["cn"] && rule.may == ["uid", "mail"])
    #expect(schema.contentRules.count == 1 && schema.problems.count == 1)
  }

  @Test func `Object classes inherit through every superior, each attribute once`() throws {
    let schema = Schema(
      objectClasses: [
        "( 2.5.6.0 NAME 'top' DESC 'top of the superclass chain' ABSTRACT MUST objectClass )",
        "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber ) )",
        "( 2.5.6.7 NAME 'organizationalPerson' SUP person MAY ( title $ ou $ commonName ) )",
        "( 1.1.1 NAME 'both' SUP ( organizationalPerson $ extra ) AUXILIARY MAY ( 2.5.4.4 $ photo $ PHOTO ) )",
        "( 1.1.2 NAME 'extra' SUP top AUXILIARY MUST title OBSOLETE )",
      ],
      attributeTypes: ["( 2.5.4.3 NAME ( 'cn' 'commonName' ) )", "( 2.5.4.4 NAME 'sn' )"])
    #expect(schema.problems.isEmpty)
    let both = try #require(schema.objectClass("BOTH"))
    #expect(both.kind == .auxiliary)
    #expect(schema.superclassChain(of: both).map(\.name) == ["both", "organizationalPerson", "extra", "person", "top"])
    let (must, may) = schema.inheritedAttributes(of: both)
    #expect(must == ["title", "sn", "cn", "objectClass"])
    #expect(may == ["photo", "ou", "userPassword", "telephoneNumber"])
    #expect(schema.objectClass("2.5.6.0")?.kind == .abstract)
    #expect(schema.objectClass("organizationalPerson")?.kind == .structural)
    #expect(schema.objectClass("extra")?.isObsolete == true)
  }

  @Test(arguments: [
    "( 1.2.3 NAME 'foo' SYNTAX '1.3.6.1.4.1.1466.115.121.1.40' SINGLE-VALUE )",
    "('1.2.3' NAME 'foo' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE)",
    "(1.2.3 NAME('foo')SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE)",
    "( 1.2.3  NAME  'foo'  DESC  ''  SYNTAX  1.3.6.1.4.1.1466.115.121.1.40  SINGLE-VALUE  )",
    "( 1.2.3 name 'foo' desc 'x' syntax 1.3.6.1.4.1.1466.115.121.1.40 single-value )",
    "( 1.2.3 NAME foo SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 {64} SINGLE-VALUE )",
    "( 1.2.3 NAME 'foo'DESC 'x'SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
    "( 1.2.3 NAME 'foo' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE X-A ( 'a' 'b' ) X-B 'C' X-N 7 )",
    "( 1.2.3 NAME 'foo' DESC 'the user's thing' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
    "\t( 1.2.3\n NAME 'foo' X-EMPTY SINGLE-VALUE X-DEPRECATED SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )\n",
  ])
  func `Spellings that servers use all mean the same`(definition: String) throws {
    let schema = Schema(attributeTypes: [definition])
    #expect(schema.problems.isEmpty)
    let type = try #require(schema.attributeType("foo"))
    #expect(type.oid == "1.2.3")
    #expect(type.syntax == "1.3.6.1.4.1.1466.115.121.1.40")
    #expect(type.isSingleValued && type.isBinary)
  }

  @Test(arguments: [
    "( 1.2.4 NAME 'bar' SUP top STRUCTURAL MUST cn MAY ( a $ b ) )",
    "( 1.2.4 NAME 'bar' SUP top STRUCTURAL MUST (cn ) MAY (a $ b ) )",
    "( 1.2.4 NAME 'bar' SUP 'top' STRUCTURAL MUST 'cn' MAY (a$b))",
    "( 1.2.4 NAME 'bar' SUP top STRUCTURAL MUST ( cn ) MAY a $ b )",
    "( 1.2.4 NAME 'bar' SUP top STRUCTURAL MUST ( 'cn' ) MAY ( 'a' 'b' ) )",
  ])
  func `Lists of names are read in every form`(definition: String) throws {
    let schema = Schema(objectClasses: ["( 2.5.6.0 NAME 'top' ABSTRACT )", definition])
    #expect(schema.problems.isEmpty)
    let type = try #require(schema.objectClass("1.2.4"))
    #expect(type.superiors == ["top"])
    #expect(type.must == ["cn"])
    #expect(type.may == ["a", "b"])
    #expect(type.kind == .structural)
  }

  @Test func `Names that clash with keywords, and odd names, are names`() throws {
    let schema = Schema(
      objectClasses: ["( vendorClass-oid NAME 'vendor_Class#1' SUP top MUST name MAY ( desc $ sup $ may ) )"],
      attributeTypes: ["( 2.5.4.41 NAME 'name' )", "( cn-oid NAME 'cn' SUP name DESC 'a \\27b\\27 \\5C \\x' )"])
    let odd = try #require(schema.objectClass("vendor_class#1"))
    #expect(odd.oid == "vendorClass-oid")
    #expect(odd.must == ["name"])
    #expect(odd.may == ["desc", "sup", "may"])
    #expect(schema.attributeType("CN-OID")?.superior == "name")
    #expect(schema.attributeType("cn")?.description == "a 'b' \\ \\x")
    #expect(schema.problems.map(\.reason) == ["the superior top is not defined in this schema"])
  }

  @Test func `Extensions keep their values`() throws {
    let schema = Schema(attributeTypes: ["( 1.2 NAME 'a' X-ORIGIN ( 'RFC 1' 'user defined' ) x-schema 'core' )"])
    #expect(schema.attributeType("a")?.extensions == ["X-ORIGIN": ["RFC 1", "user defined"], "X-SCHEMA": ["core"]])
  }

  @Test(arguments: [
    ("( 1.2 NAME 'a' ) trailing", "something follows the closing “)”"),
    ("( 1.2 NAME 'a'", "the closing “)” is missing"),
    ("( NAME 'a' )", "the OID is missing"), ("( 1.2 NAME 'a' FROB 'x' )", "the keyword FROB is unknown"),
    ("( 1.2 NAME 'a' SYNTAX SINGLE-VALUE )", "SYNTAX has no value"), ("( 1.2 NAME 'a' DESC )", "DESC has no value"),
    ("( 1.2 NAME 'a' 'b' )", "a keyword is missing before “b”"),
    ("( 1.2 NAME 'a' DESC 'open )", "a quotation mark is not closed"),
    ("( 1.2 NAME 'a' DESC 'x' DESC 'y' )", "DESC is there twice, and the first counts"),
    ("( 1.2 NAME 'a' ( 'x' ) DESC 'y' )", "a keyword is missing before “(”"),
  ])
  func `What is wrong is told, and the rest is kept`(definition: String, reason: String) {
    let schema = Schema(attributeTypes: [definition])
    #expect(schema.problems.map(\.reason).contains(reason), "\(schema.problems)")
    #expect(schema.problems.first?.definition == definition)
    #expect(schema.attributeType("a")?.names == ["a"])
  }

  @Test(arguments: ["", "   ", "1.2 NAME 'a'", "( )", "()", "( DESC 'x' )", "(('", ")"])
  func `What is no definition is left out and told`(definition: String) {
    let schema = Schema(objectClasses: [definition])
    #expect(schema.objectClasses.isEmpty)
    #expect(!schema.problems.isEmpty)
  }

  @Test func `Superiors that lead back to themselves do not loop`() throws {
    let schema = Schema(
      objectClasses: [
        "( 1.1 NAME 'a' SUP b MUST x )", "( 1.2 NAME 'b' SUP ( c $ a ) )",
        "( 1.3 NAME 'c' SUP c MAY y )",
      ],
      attributeTypes: ["( 2.1 NAME 'x' SUP y )", "( 2.2 NAME 'y' SUP x EQUALITY caseExactMatch )"])
    #expect(schema.problems.filter { $0.reason == "its superiors lead back to itself" }.count == 5)
    let first = try #require(schema.objectClass("a"))
    #expect(schema.superclassChain(of: first).map(\.name) == ["a", "b", "c"])
    #expect(schema.inheritedAttributes(of: first).may == ["y"])
    #expect(schema.attributeType("x")?.equality == "caseExactMatch")
    #expect(schema.attributeType("x")?.syntax == nil)
  }

  @Test func `A name given twice belongs to the first`() {
    let schema = Schema(attributeTypes: ["( 1.1 NAME 'a' )", "( 1.2 NAME ( 'b' 'A' ) )", "( 1.1 NAME 'other' )"])
    #expect(schema.attributeType("a")?.oid == "1.1")
    #expect(schema.attributeType("other")?.oid == "1.1")
    #expect(schema.problems.map(\.reason) == ["the name A belongs to 1.1 already, which keeps it"])
  }

  @Test func `Syntaxes tell bytes and names from text`() {
    let rfc4517 = "1.3.6.1.4.1.1466.115.121.1."
    let type = { (syntax: String) in Schema(attributeTypes: ["( 1.1 NAME 'a' SYNTAX \(syntax) )"]).attributeType("a") }
    for binary in [4, 5, 8, 9, 10, 23, 28, 40, 49] { #expect(type(rfc4517 + "\(binary)")?.isBinary == true) }
    for text in [12, 15, 24, 26, 27, 34, 50] { #expect(type(rfc4517 + "\(text)")?.isBinary == false) }
    #expect(type("1.2.840.113556.1.4.907")?.isBinary == true)
    #expect(type("1.2.840.113556.1.4.906")?.isBinary == false)
    for name in [12, 34] { #expect(type(rfc4517 + "\(name)")?.isDNValued == true) }
    #expect(type(rfc4517 + "15")?.isDNValued == false)
    let password = Schema(attributeTypes: ["( 2.5.4.35 NAME 'userPassword' SYNTAX \(rfc4517)40{128} )"])
    #expect(password.attributeType("userPassword")?.isBinary == false)
  }

  @Test func `Random text never traps, and nothing is lost in silence`() {
    var random = SeededRandom(seed: 4_512)
    let pieces = [
      "( ", " )", "(", ")", "1.2.3 ", "NAME ", "'a' ", "'", "SUP ", "top ", "$ ", "MUST ", "MAY ", "SYNTAX ", "{64}",
      "X-A ", "DESC ", "\\27", "STRUCTURAL ", "USAGE dSAOperation ", "é", "( 1.1 NAME 'a' ", "SINGLE-VALUE ",
    ]
    var kept = 0
    for _ in 0..<5_000 {
      let text = random.text(of: pieces, maximum: 16)
      let schema = Schema(objectClasses: [text], attributeTypes: [text])
      kept += schema.objectClasses.count
      #expect(schema.objectClasses.count == schema.attributeTypes.count)
      #expect(schema.objectClasses.count == 1 || !schema.problems.isEmpty, "\(text)")
    }
    #expect(kept > 400)
  }
}
