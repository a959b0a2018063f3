import ConnectorCore
import ConnectorHost
import Testing

@Suite("A wrong configuration is told with its place")
struct ConfigurationErrorTests {
  /// The shortest file that is right.
  private static let minimal = """
    server:
      host: ldap.example.com
    partitions:
      - dn: dc=example,dc=com
    """

  private func problems(_ text: String) -> [String] {
    do throws(ConfigurationError) {
      _ = try ConfigurationFile(text: text, path: "c.yaml", adapters: ["acme", "generic"])
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("The shortest file takes every default")
  func shortest() throws {
    let file = try ConfigurationFile(text: Self.minimal, path: "c.yaml", adapters: [])
    var expected = Configuration()
    expected.server.host = "ldap.example.com"
    expected.partitions = [Configuration.Partition(dn: try DN("dc=example,dc=com"))]
    #expect(file.configuration == expected)
  }

  @Test("A wrong key, type, value or combination names line, column and what was expected", arguments: cases)
  func wrong(_ wrong: Wrong) {
    let text = Self.minimal + "\n" + wrong.text
    #expect(problems(text) == wrong.problems.map { "c.yaml:" + $0 })
  }

  /// Lines to append to the shortest file, which has four of its own.
  struct Wrong: Sendable, CustomTestStringConvertible {
    var text: String
    var problems: [String]
    var testDescription: String { text }

    init(_ text: String, _ problems: String...) {
      self.text = text
      self.problems = problems
    }
  }

  private static let cases = [
    Wrong("imports:\n  pageSize: 5", "5:1: `imports` is no setting here; did you mean `import`?"),
    Wrong("import:\n  pagesize: 5", "6:3: import: `pagesize` is no setting here; did you mean `pageSize`?"),
    Wrong("pageSize: 5", "5:1: `pageSize` is no setting here; it belongs to `import`"),
    Wrong("deleteBudget:\n  xyz: 5", "6:3: deleteBudget: `xyz` is no setting here; valid are `count`, `percent`"),
    Wrong(
      "export:\n  provisioningHierarchy: [ou, o=organization, O=x]",
      "6:27: export.provisioningHierarchy[0]: expected a rule such as `ou=organizationalUnit`, found “ou”"),
    Wrong(
      "export:\n  provisioningHierarchy: [o=organization, O=x]",
      "6:43: export.provisioningHierarchy[1]: `O` has a rule already; keep one"),
    Wrong(
      "export:\n  emptyGroupMember: nobody",
      "6:21: export.emptyGroupMember: expected `auto` or a DN such as cn=nobody,dc=example,dc=com, found “nobody” (at "
        + "character 7: “=” after the attribute type expected)"),
    Wrong(
      "import:\n  pageSize: many",
      "6:13: import.pageSize: expected a whole number from 1 to 100000, found “many”"),
    Wrong("import:\n  pageSize: 0", "6:13: import.pageSize: expected a whole number from 1 to 100000, found “0”"),
    Wrong("import:\n  pageSize: '5'", "6:13: import.pageSize: expected a whole number from 1 to 100000, found “5”"),
    Wrong(
      "import:\n  pageSize: 99999999999999999999",
      "6:13: import.pageSize: expected a whole number from 1 to 100000, found “99999999999999999999”"),
    Wrong("import:\n  pageSize: [5]", "6:13: import.pageSize: expected a whole number from 1 to 100000, found a list"),
    Wrong("import:\n  pageSize:", "6:12: import.pageSize: expected a whole number from 1 to 100000, found nothing"),
    Wrong("import:\n  virtualListView: 1", "6:20: import.virtualListView: expected `true` or `false`, found “1”"),
    Wrong(
      "import:\n  sortKey: -cn",
      "6:12: import.sortKey: expected `auto` or a sort key such as `entryUUID` or `cn:2.5.13.3`, found “-cn”"),
    Wrong(
      "import:\n  sortKey: 'cn:'",
      "6:12: import.sortKey: expected `auto` or a sort key such as `entryUUID` or `cn:2.5.13.3`, found “cn:”"),
    Wrong("import:\n  pagedResults: yes", "6:17: import.pagedResults: expected `true` or `false`, found “yes”"),
    Wrong(
      "import:\n  overlap: 10",
      "6:12: import.overlap: expected a duration such as `10s`, `2m` or `500ms`, from 0s to 168h, found “10” (the unit is "
        + "missing)"),
    Wrong(
      "import:\n  overlap: 200h",
      "6:12: import.overlap: expected a duration such as `10s`, `2m` or `500ms`, from 0s to 168h, found “200h”"),
    Wrong(
      "import:\n  changeLogDN: nonsense",
      "6:16: import.changeLogDN: expected `auto` or a DN such as cn=log, found “nonsense” (at character 9: “=” after the "
        + "attribute type expected)"),
    Wrong(
      "import:\n  anchor: entry uuid",
      "6:11: import.anchor: expected `auto` or `dn` or an attribute such as `entryUUID`, found “entry uuid”"),
    Wrong(
      "schema:\n  attributes: [cn, 'a b', 'x;']",
      "6:20: schema.attributes[1]: expected an attribute description such as `mail` or `cn;lang-de`, found “a b”",
      "6:27: schema.attributes[2]: expected an attribute description such as `mail` or `cn;lang-de`, found “x;”"),
    Wrong("schema:\n  attributes: cn", "6:15: schema.attributes: expected a list of attributes, found “cn”"),
    Wrong(
      "schema:\n  attributeAliases: [userCertificate]",
      "6:22: schema.attributeAliases[0]: expected an attribute with its option, such as `userCertificate;binary`, found "
        + "“userCertificate”"),
    Wrong(
      "schema: 5",
      "5:9: schema: expected a mapping with `objectClasses`, `attributes`, `attributeAliases`, "
        + "`includeOperationalAttributes`, `includeExtensibleAttributes`, found “5”"),
    Wrong(
      "adapter: acmee", "5:1: adapter: expected one of `auto`, `acme`, `generic`, found “acmee” (did you mean `acme`?)"),
    Wrong(
      "feedRetention: some",
      "5:16: feedRetention: expected `all` or a whole number from 1 to 1000000000, found “some”"),
    Wrong(
      "bind:\n  method: kerberos",
      "6:11: bind.method: expected one of `anonymous`, `simple`, found “kerberos”"),
    Wrong(
      "bind:\n  method: simple",
      "5:1: bind.dn: is missing: a simple bind needs the account's DN",
      "6:3: bind.method: a simple bind needs `passwordEnvironment` or `passwordFile`"),
    Wrong(
      "bind:\n  method: simple\n  dn: cn=a\n  passwordFile: p\n  passwordEnvironment: P",
      "8:3: bind.passwordFile: set it or `passwordEnvironment`, not both"),
    Wrong(
      "bind:\n  dn: cn=a",
      "6:3: bind.dn: has no use with an anonymous bind; set `method` to `simple`, or leave this out"),
    Wrong(
      "bind:\n  passwordEnvironment: s3cr3t!",
      "6:24: bind.passwordEnvironment: expected the name of an environment variable, found something else"),
    Wrong("state: 1\nstate: 2", "6:1: `state` is set twice: already in line 5; keep one"),
    Wrong(
      "state: 1\nimport:\n  pageSize: x\nstate: 2\nadaptor: auto\nimport:\n  pageSize: 7",
      "8:1: `state` is set twice: already in line 5; keep one",
      "9:1: `adaptor` is no setting here; did you mean `adapter`?",
      "10:1: `import` is set twice: already in line 6; keep one"),
    Wrong("? [a]\n: 5", "5:3: expected a key, found a list"),
    Wrong("state: 'x", "5:10: is no YAML here: found unexpected end of stream"),
    Wrong("---\nstate: x", "5:1: is no YAML here: but found another document"),
  ]

  @Test("A password in clear is refused, and not repeated")
  func clearPassword() throws {
    let text = Self.minimal + "\nbind:\n  method: simple\n  dn: cn=a\n  password: hunter2\n"
    let found = problems(text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("c.yaml:8:3: bind: `password` is refused") == true)
    #expect(found.first?.contains("passwordEnvironment") == true)
    #expect(!found.joined().contains("hunter2"))
  }

  @Test("A wrong server or partition names line and column")
  func wrongServerOrPartition() {
    #expect(
      problems("partitions:\n  - dn: dc=x\n") == [
        "c.yaml:1:1: server.host: is missing; expected a host name or an IP address"
      ])
    #expect(
      problems("server:\n  host: h\n  port: 70000\n  transport: starttls\n") == [
        "c.yaml:1:1: partitions: is missing; expected a list of mappings, each with a `dn`",
        "c.yaml:3:9: server.port: expected a whole number from 1 to 65535, found “70000”",
        "c.yaml:4:14: server.transport: expected one of `ldap`, `ldaps`, `startTLS`, found “starttls” "
          + "(did you mean `startTLS`?)",
      ])
    #expect(
      problems("server: {host: h, caFile: ca.pem}\npartitions: []\n") == [
        "c.yaml:1:19: server.caFile: has no use with the transport `ldap`, which is clear text; set `transport` to `ldaps` "
          + "or `startTLS`",
        "c.yaml:2:1: partitions: expected at least one partition with its `dn`",
      ])
  }

  @Test("Containers must lie in their partition, each once, and be either included or excluded")
  func containers() {
    let text = """
      server: {host: h}
      partitions:
        - dn: dc=a
          include: ["ou=x,dc=a", "ou=x,dc=b", "OU=X, dc=a"]
          exclude:
            - ou=x,dc=a
            - dc=a
        - dn: DC=A
          searchOnlySelectedContainers: true
        - include: []
      """
    #expect(
      problems(text) == [
        "c.yaml:4:28: partitions[0].include[1]: “ou=x,dc=b” does not lie below the partition “dc=a”",
        "c.yaml:4:41: partitions[0].include[2]: “OU=X, dc=a” is listed twice; keep one",
        "c.yaml:6:9: partitions[0].exclude[0]: “ou=x,dc=a” is both included and excluded; keep one",
        "c.yaml:7:9: partitions[0].exclude[1]: “dc=a” does not lie below the partition “dc=a”",
        "c.yaml:8:5: partitions[1].dn: “DC=A” is listed twice; keep one",
        "c.yaml:9:5: partitions[1].searchOnlySelectedContainers: is true, but `include` names no container to search",
        "c.yaml:10:5: partitions[2].dn: is missing; expected a DN such as dc=example,dc=com",
      ])
  }

  @Test("A file that is empty, no mapping, or missing says so")
  func noConfiguration() {
    #expect(problems("") == ["c.yaml: is empty; `ldap-connector init URL` writes one"])
    #expect(problems("- 5").first?.hasPrefix("c.yaml:1:1: expected a mapping with `server`, `bind`,") == true)
    #expect {
      try ConfigurationFile(path: "/nowhere/c.yaml", adapters: [])
    } throws: {
      "\($0)".hasPrefix("/nowhere/c.yaml: does not exist; `ldap-connector init URL` writes one")
    }
  }

  @Test("No bytes trap", arguments: 0..<20)
  func noise(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let words = [
      "server", "host", "partitions", "dn", ":", " ", "\n", "- ", "[", "]", "{", "}", "&a", "*a", "\"", "'", "5",
      "\u{1}", "?", "|", "%", "é",
    ]
    for _ in 0..<50 {
      let text = (0..<random.below(60)).map { _ in words[random.below(words.count)] }.joined()
      let found = problems(text)
      #expect(found.allSatisfy { $0.hasPrefix("c.yaml") })
    }
  }

  @Test("Nesting without end is an error like any other")
  func deepNesting() {
    #expect(problems(String(repeating: "[", count: 100_000)).count == 1)
    #expect(problems(String(repeating: "a: {", count: 100_000)).count == 1)
  }
}

/// A small generator that gives the same numbers for the same seed.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
