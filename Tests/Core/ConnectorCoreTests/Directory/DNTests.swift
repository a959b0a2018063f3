import Testing

@testable import ConnectorCore

@Suite struct DNTests {
  @Test func `A DN is read leaf first and keeps its text`() throws {
    let dn = try DN("UID=ann,OU=People,dc=example,dc=com")
    #expect(dn.string == "UID=ann,OU=People,dc=example,dc=com")
    #expect(dn.rdns.map(\.description) == ["UID=ann", "OU=People", "dc=example", "dc=com"])
    #expect(dn.rdns.first?.assertions.first?.type == "UID")
    #expect(dn.rdns.first?.assertions.first?.text == "ann")
  }

  @Test(arguments: [
    ("cn=Body\\, Some", "Body, Some"), ("cn=Body\\2C Some", "Body, Some"), ("cn=a\\2cb", "a,b"),
    ("cn=\"Body, Some\"", "Body, Some"), ("cn=\"say \\\"hi\\\"\"", "say \"hi\""), ("cn=\\#1", "#1"),
    ("cn=\\ a\\ ", " a "), ("cn=  a  ", "a"), ("cn=a=b", "a=b"), ("cn=", ""), ("cn=\\C3\\A9t\\c3\\a9", "été"),
    ("cn=J\u{F6}rg", "J\u{F6}rg"), ("cn=#0C024869", "Hi"), ("cn=#04024869", "Hi"), ("cn=#13024869", "Hi"),
    ("cn=#1681024869", "Hi"), ("cn=a <b> \"c\"", "a <b> \"c\""), ("cn=a\\\\b", "a\\b"), ("cn=a\\00b", "a\0b"),
  ])
  func `A value is read without its escapes`(text: String, value: String) throws {
    let dn = try DN(text + ",dc=x")
    #expect(dn.rdns.count == 2)
    #expect(dn.rdns.first?.assertions.first?.text == value)
  }

  @Test func `A value that is no text keeps its bytes`() throws {
    let assertion = try #require(try DN("cn=a\\FFb").rdns.first?.assertions.first)
    #expect(assertion.value == [0x61, 0xFF, 0x62])
    #expect(assertion.text == nil)
    #expect(assertion.description == "cn=a\\ffb")
  }

  @Test(arguments: ["#0101FF", "#0C054869", "#0C84FFFFFFFF48", "#30"])
  func `A BER element that holds no string stays as it is`(hex: String) throws {
    let dn = try DN("2.5.4.99=\(hex),dc=x")
    #expect(dn.rdns.first?.assertions.first?.text == nil)
    #expect(dn.rdns.first?.description == "2.5.4.99=\(hex.lowercased())")
    #expect(DN(rdns: dn.rdns) == dn)
    #expect(try DN("2.5.4.99=\\\(hex),dc=x") != dn)
  }

  @Test func `Forms of older servers are read as what they mean`() throws {
    let plain = try DN("cn=Ann,ou=People,dc=example")
    #expect(try DN("CN = Ann ; OU = \"People\" ; OID.0.9.2342.19200300.100.1.25 = Example") == plain)
    #expect(try DN("  commonName=ann , organizationalUnitName=people ,domainComponent=example ") == plain)
    #expect(try DN("oid.2.5.4.3=ANN,2.5.4.11=people,dc=example") == plain)
  }

  @Test func `A multi-valued RDN is the same in any order`() throws {
    let dn = try DN("cn=Ann + uid=17,dc=x")
    #expect(dn.rdns.first?.assertions.count == 2)
    #expect(try dn == DN("UID=17+CN=ann,dc=x"))
    #expect(try dn != DN("cn=Ann,dc=x"))
    #expect(try RDN("cn=Ann+uid=17") == RDN("uid=17+cn=Ann"))
    #expect(try Set([DN("cn=Ann+uid=17,dc=x"), DN("uid=17+cn=ann,dc=x")]).count == 1)
  }

  @Test func `The empty DN is the root DSE`() throws {
    #expect(try DN("") == .empty)
    #expect(try DN("  ").isEmpty)
    #expect(DN.empty.parent == nil)
    #expect(DN.empty.string.isEmpty)
    #expect(try DN("dc=com").parent == .empty)
  }

  @Test(arguments: [
    ("cn=a,", 5, "an attribute type"), ("cn=a,,dc=b", 5, "an attribute type"), ("=a", 0, "an attribute type"),
    ("cn", 2, "“=”"), ("cn a=b", 3, "“=”"), ("cn=a\\", 5, "the character"), ("cn=a\\xy", 5, "one of"),
    ("cn=a\\4", 6, "a second hexadecimal digit"), ("cn=#", 4, "hexadecimal digits"), ("cn=#4", 5, "a second"),
    ("cn=#04zz", 6, "“,”"), ("cn=\"a", 5, "the closing quotation mark"), ("cn=\"a\"b", 6, "“,”"), ("é=b", 0, "an"),
  ])
  func `A wrong DN is refused with the position and what was expected`(text: String, at: Int, what: String) {
    let error = #expect(throws: DNError.self) { try DN(text) }
    #expect(error?.position == at)
    #expect(error?.expected.hasPrefix(what) == true, "\(String(describing: error))")
    #expect(error?.description.contains(text) == true)
  }

  @Test func `The parent keeps its spelling`() throws {
    let dn = try DN("cn=Body\\, Some,  OU=People , dc=Example")
    #expect(dn.parent?.string == "OU=People , dc=Example")
    #expect(dn.parent?.parent?.string == "dc=Example")
    #expect(try dn.parent == DN("ou=people,dc=example"))
  }

  @Test func `A child is written in front of the text of its parent`() throws {
    let parent = try DN("OU=People , dc=Example")
    let child = parent.appending(RDN(type: "cn", text: "Body, Some+"))
    #expect(child.string == "cn=Body\\, Some\\+,OU=People , dc=Example")
    #expect(child.parent == parent)
    #expect(try DN(child.string) == child)
    #expect(DN.empty.appending(RDN(type: "dc", text: "com")).string == "dc=com")
  }

  @Test func `Descendants are told from look-alikes`() throws {
    let base = try DN("ou=People,dc=example")
    #expect(try DN("cn=a,cn=b,OU=people, DC=Example").isDescendant(of: base))
    #expect(try !DN("ou=People,dc=example").isDescendant(of: base))
    #expect(try DN("ou=people,dc=EXAMPLE").isEqualOrDescendant(of: base))
    #expect(try !DN("cn=a,ou=People2,dc=example").isDescendant(of: base))
    #expect(try !DN("cn=a,ou=People+l=x,dc=example").isDescendant(of: base))
    #expect(try !DN("dc=example").isEqualOrDescendant(of: base))
    #expect(base.isDescendant(of: .empty))
    #expect(!DN.empty.isDescendant(of: .empty))
    #expect(DN.empty.isEqualOrDescendant(of: .empty))
  }

  @Test(arguments: [
    ("plain", "plain"), (" a ", "\\ a\\ "), ("#1", "\\#1"), ("a#1", "a#1"),
    ("a,b+c\"d\\e<f>g;h", "a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h"),
    ("a=b", "a=b"), ("nul\0", "nul\\00"), ("line\nfeed", "line\\0afeed"), ("été", "été"), ("", ""), (" ", "\\ "),
  ])
  func `A value is escaped as little as it must be, and read back`(value: String, text: String) throws {
    #expect(DN.escape(value) == text)
    #expect(try RDN("cn=" + text).assertions.first?.text == value)
  }

  @Test func `Components are cut without a change to their spelling`() {
    let dn = "CN=Body\\, Some\\2C , OU=\"a,b;c\" ;l=x\\ ,cn=a=\"b,dc=y"
    #expect(DN.components(of: dn) == ["CN=Body\\, Some\\2C", "OU=\"a,b;c\"", "l=x\\ ", "cn=a=\"b", "dc=y"])
    #expect(DN.components(of: "") == [])
    #expect(DN.components(of: "a,,b") == ["a", "", "b"])
    #expect(DN.components(of: "a,") == ["a", ""])
  }

  @Test func `Random text is read or refused, and what is read can be written and read again`() throws {
    var random = SeededRandom(seed: 20_261)
    let pieces = ["cn", "=", ",", "+", ";", " ", "\\", "\"", "#", "2C", "0c01", "a", "É", "dc=x", "uid=1", ",ou=y"]
    var read = 0
    for _ in 0..<5_000 {
      let text = random.text(of: pieces, maximum: 14)
      guard let dn = try? DN(text) else { continue }
      read += 1
      #expect(DN.components(of: text).count == dn.rdns.count, "\(text)")
      #expect(try DN(DN(rdns: dn.rdns).string) == dn, "\(text)")
      #expect(try dn.parent.map { try DN($0.string) } == dn.parent, "\(text)")
    }
    #expect(read > 100)
  }
}
