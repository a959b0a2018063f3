import ConnectorCore
import ConnectorHost
import Foundation
import Testing

@Suite("Detection from files")
struct DetectEvidenceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let rootDSE = """
    # what a customer sent
    dn:
    objectClass: top
    OBJECTCLASS: acmeRootDSE
    vendorName: Acme
    namingContexts: dc=example,dc=com
    namingContexts: CN=Log
    supportedControl: 1.2.840.113556.1.4.319

    # search result
    search: 2
    """

  private static let schema = """
    dn: cn=schema
    attributeTypes: ( 1.3.6.1.1.16.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 )
    objectClasses: ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
    """

  private func facts(_ console: Console) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: Any])
  }

  @Test("The same detection and the same names as with a server, and what needs one is unknown")
  func offline() async throws {
    let (root, schema) = (try folder.write("root.ldif", Self.rootDSE), try folder.write("schema.ldif", Self.schema))
    let console = Console()
    #expect(await console.run("detect", "--evidence", root, "--schema", schema, "--port", "1389", "--json") == 0)
    let facts = try facts(console)
    #expect(facts["winner"] as? String == "acme")
    #expect(facts["product"] as? String == "Acme Directory")
    #expect(facts["score"] as? Int == 90)
    #expect((facts["reasons"] as? [[String: Any]])?.first?["fact"] as? String == "root DSE objectClass: acmeRootDSE")
    #expect((facts["ranking"] as? [[String: Any]])?.count == 1)
    #expect(facts["url"] == nil && facts["address"] == nil)
    #expect(facts["evidence"] as? String == root)
    let partition = try #require((facts["partitions"] as? [[String: Any]])?.first)
    #expect(partition["dn"] as? String == "dc=example,dc=com" && partition["readable"] == nil)
    #expect(facts["contextsWithoutEntries"] as? [String] == ["CN=Log"])
    let delta = try #require(facts["delta"] as? [String: Any])
    #expect(delta["method"] as? String == "stub")
    #expect((delta["partitions"] as? [[String: Any]])?.first?["status"] as? String == "could not tell")
    #expect((facts["unseen"] as? [String])?.contains { $0.contains("no connection") } == true)
    #expect((facts["schema"] as? [String: Int])?["attributeTypes"] == 1)
    #expect(console.settings.isEmpty)
  }

  @Test("A server is told by the same keys")
  func online() async throws {
    let console = Console()
    #expect(await console.run("detect", "ldap://ldap.example.com", "--json") == 0)
    let facts = try facts(console)
    #expect(facts["winner"] as? String == "acme" && facts["score"] as? Int == 90)
    #expect((facts["reasons"] as? [Any])?.isEmpty == false)
    #expect(facts["url"] as? String == "ldap://ldap.example.com:389")
  }

  @Test("A refused product, nobody's and a tie are words of their own")
  func otherOutcomes() async throws {
    let file = try folder.write("root.ldif", Self.rootDSE)
    let bad = VendorAdapter.stub("bad", vendorName: "Acme", points: 80, refusal: "take the other one")
    let cases: [([VendorAdapter], String, String?)] = [
      ([bad], "refused", "bad server"), ([], "generic", "Generic LDAP v3 server"),
      ([.stub("one", vendorName: "Acme", points: 80), .stub("two", vendorName: "Acme", points: 80)], "tie", nil),
    ]
    for (adapters, winner, product) in cases {
      let console = Console()
      console.adapters = adapters
      #expect(await console.run("detect", "--evidence", file, "--json") == 0)
      let facts = try facts(console)
      #expect(facts["winner"] as? String == winner)
      #expect(facts["product"] as? String == product)
    }
  }

  @Test("A person reads the subtype, the remarks, and what is listed in vain")
  func text() async throws {
    let file = try folder.write("root.ldif", Self.rootDSE)
    let console = Console()
    var adapter = VendorAdapter.acme
    adapter.subtype = { _ in "Acme Home" }
    adapter.remarks = { _ in ["It naps at noon."] }
    adapter.listedInVain = [WellKnownOIDs.pagedResults]
    console.adapters = [adapter, .stub("other", vendorName: "x", points: 80)]
    #expect(await console.run("detect", "--evidence", file) == 0)
    for part in [
      "From \(file)", "Product: Acme Directory (Acme Home), served by", "Good to know:\n  It naps at noon.",
      "Listed, but not to be relied on: simple paged results", "No sign of `other`", "without paged results",
    ] { #expect(console.output.contains(part), "\(part)") }
  }

  @Test("Exactly one of URL and file, and each with its own options")
  func usage() async {
    for arguments in [
      ["ldap://a", "--evidence", "f"], [], ["ldap://a", "--port", "1"], ["ldap://a", "--schema", "f"],
      ["--evidence", "f", "--start-tls"], ["--evidence", "f", "--port", "0"], ["--evidence", "f", "--port", "70000"],
    ] {
      let console = Console()
      #expect(await console.run(["detect"] + arguments) == ExitStatus.usage.rawValue, "\(arguments)")
    }
  }

  @Test(
    "A bad file is told with its name, its line and what is wrong",
    arguments: [
      ("dn:\nobjectClass top\n", "root.ldif: line 2: expected “name: value”"),
      ("dn:\nvendorName:: ***\n", "root.ldif: line 2: vendorName has no valid base64 value"),
      ("dn: dc=example,dc=com\nobjectClass: top\n", "root.ldif: there is no root DSE in it"),
      ("", "root.ldif: there is no root DSE in it"),
      ("objectClass: top\n", "root.ldif: line 1: a record must start with “dn:”"),
    ])
  func badFiles(_ text: String, _ message: String) async throws {
    let file = try folder.write("root.ldif", text)
    let console = Console()
    #expect(await console.run("detect", "--evidence", file) == ExitStatus.failure.rawValue)
    #expect(console.errors.contains(message), "\(console.errors)")
  }

  @Test("A missing file, and a file without a schema, are errors that say so")
  func missing() async throws {
    let file = try folder.write("root.ldif", Self.rootDSE)
    let console = Console()
    #expect(await console.run("detect", "--evidence", "/nowhere/x.ldif") == ExitStatus.failure.rawValue)
    #expect(console.errors.contains("/nowhere/x.ldif: it cannot be read"))
    #expect(await console.run("detect", "--evidence", file, "--schema", file) == ExitStatus.failure.rawValue)
  }
}
