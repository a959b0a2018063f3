import Testing

@testable import ConnectorCore

@Suite struct FilterTests {
  @Test(arguments: [
    (Filter.equal("cn", "Ann"), "(cn=Ann)"),
    (.equal("cn", "a*b(c)d\\e\0"), "(cn=a\\2ab\\28c\\29d\\5ce\\00)"),
    (.equal("cn", "été"), "(cn=été)"),
    (.equal("userCertificate;binary", [0x30, 0xFF, 0x28]), "(userCertificate;binary=0\\ff\\28)"),
    (.equal("cn", ""), "(cn=)"),
    (.greaterOrEqual("uidNumber", "5"), "(uidNumber>=5)"), (.lessOrEqual("uidNumber", "5"), "(uidNumber<=5)"),
    (.approximate("sn", Array("Mayer".utf8)), "(sn~=Mayer)"), (.all, "(objectClass=*)"),
    (.and([]), "(&)"), (.or([]), "(|)"), (.not(.all), "(!(objectClass=*))"),
    (.and([.present("a"), .or([.equal("b", "1"), .not(.equal("c", "2"))])]), "(&(a=*)(|(b=1)(!(c=2))))"),
    (.substrings("cn", initial: [0x61], any: [[0x62], [0x2A]], final: [0x63]), "(cn=a*b*\\2a*c)"),
    (.substrings("cn", initial: nil, any: [[0x62]], final: nil), "(cn=*b*)"),
    (.substrings("cn", initial: [0x61], any: [], final: nil), "(cn=a*)"),
    (.substrings("cn", initial: nil, any: [], final: [0x61]), "(cn=*a)"),
    (.extensible(type: "cn", rule: "2.5.13.5", dnAttributes: true, value: [0x61]), "(cn:dn:2.5.13.5:=a)"),
    (.extensible(type: "cn", rule: nil, dnAttributes: false, value: [0x61]), "(cn:=a)"),
    (.extensible(type: "o", rule: nil, dnAttributes: true, value: [0x61]), "(o:dn:=a)"),
    (.extensible(type: nil, rule: "caseExactMatch", dnAttributes: false, value: []), "(:caseExactMatch:=)"),
    (.extensible(type: nil, rule: "2.4.6", dnAttributes: true, value: [0x61]), "(:dn:2.4.6:=a)"),
  ])
  func `A filter is written as RFC 4515 says, and read back`(filter: Filter, text: String) throws {
    #expect(filter.description == text)
    #expect(try Filter(parsing: text) == filter)
  }

  @Test func `Values are bytes, whatever they are escaped as`() throws {
    #expect(try Filter(parsing: "(cn=\\c3\\a9\\2A)") == .equal("cn", "é*"))
    #expect(try Filter(parsing: "(cn= a )") == .equal("cn", " a "))
    #expect(try Filter(parsing: "(cn=a=b)") == .equal("cn", "a=b"))
  }

  @Test func `White space between filters does not count`() throws {
    let text = "  (&\n  (cn=a)\n  ( | (sn=b) (sn=c) )\n  (! (cn=d) )\n)\n"
    #expect(try Filter(parsing: text).description == "(&(cn=a)(|(sn=b)(sn=c))(!(cn=d)))")
  }

  @Test func `Asterisks side by side are one`() throws {
    #expect(try Filter(parsing: "(cn=a**b)") == .substrings("cn", initial: [0x61], any: [], final: [0x62]))
    #expect(try Filter(parsing: "(cn=**)") == .present("cn"))
  }

  @Test func `Attribute names in filters compare without case`() {
    #expect(Filter.present("CN") == .present("cn"))
    #expect(Filter.equal("cn", "A") != .equal("cn", "a"))
  }

  @Test(arguments: [
    ("", 0, "“(”"), ("cn=a", 0, "“(”"), ("(cn=a", 5, "“)”"), ("(cn=a))", 6, "the end"), ("()", 1, "an attribute type"),
    ("(cn)", 3, "“=”"), ("(cn=a(b)", 5, "“)”"), ("(cn=\\2)", 6, "two hex"), ("(cn>a)", 4, "“=”"),
    ("(!(a=b)(c=d))", 7, "“)”"), ("(&(a=b)c)", 7, "“)”"), ("(:=a)", 2, "an attribute type or"),
    ("(:dn:=a)", 5, "an attribute type or"), ("(cn:a:b:=c)", 7, "“:=”"), ("(cn:dn)", 6, "“:=”"), ("(!)", 2, "“(”"),
    ("(;binary=a)", 1, "an attribute type, such"), ("(2.5x=a)", 1, "an attribute type, such"),
    ("(-a=b)", 1, "an attribute type, such"), ("(cn:.5:=b)", 4, "an attribute type, such"),
  ])
  func `A wrong filter is refused with the position and what was expected`(text: String, at: Int, what: String) {
    let error = #expect(throws: FilterError.self) { try Filter(parsing: text) }
    #expect(error?.position == at)
    #expect(error?.expected.hasPrefix(what) == true, "\(String(describing: error))")
  }

  @Test func `A filter nested without end is refused`() {
    let deep = String(repeating: "(!", count: 100_000)
    let error = #expect(throws: FilterError.self) { try Filter(parsing: deep) }
    #expect(error?.expected.contains("levels") == true)
  }

  @Test func `Random text is read or refused, and what is read can be written and read again`() throws {
    var random = SeededRandom(seed: 4_515)
    let pieces = [
      "(", ")", "(cn=a)", "(&", "(|", "(!", "cn", "=", ">=", ":dn", ":=", "*", "\\2a", "\\", "é", " ", ":x", "(sn=",
      "))",
    ]
    var read = 0
    for _ in 0..<10_000 {
      let text = "(cn" + random.text(of: pieces, maximum: 5) + ")"
      guard let filter = try? Filter(parsing: text) else { continue }
      read += 1
      #expect(try Filter(parsing: filter.description) == filter, "\(text)")
    }
    #expect(read > 200 && read < 9_000)
  }
}
