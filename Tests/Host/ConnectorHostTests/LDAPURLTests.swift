import ConnectorHost
import Testing

@Suite("The URL of a server")
struct LDAPURLTests {
  @Test(
    "Scheme, host and port are read",
    arguments: [
      ("ldap://a.example", false, "a.example", nil), ("LDAPS://a:1636/", true, "a", 1636),
      ("ldap://[::1]:3389", false, "::1", 3389), ("ldap://10.0.0.1", false, "10.0.0.1", nil),
    ] as [(String, Bool, String, Int?)])
  func read(text: String, isTLS: Bool, host: String, port: Int?) throws {
    let url = try LDAPURL(text)
    #expect(url.isTLS == isTLS && url.host == host && url.port == port)
  }

  @Test(
    "What is no such URL is refused with the reason",
    arguments: [
      ("a.example", "does not begin with"), ("http://a", "does not begin with"), ("ldap://", "names no host"),
      ("ldap://:389", "names no host"), ("ldap://a:0", "is no port"), ("ldap://a:x", "is no port"),
      ("ldap://::1", "names no host"), ("ldap://fe80::1", "is no port"), ("ldap://a/dc=x", "says more than"),
      ("ldap://user@a", "says more than"), ("ldapi://%2Frun", "does not begin with"), ("ldap://[::1]x", "is no port"),
    ])
  func refused(text: String, reason: String) {
    #expect { try LDAPURL(text) } throws: { "\($0)".contains(reason) }
  }
}
