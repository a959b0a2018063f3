import ConnectorCore
import ConnectorTesting
import Testing

@Suite struct FilterTests {
  private let directory: MemoryDirectory

  init() throws {
    let schema = Entry(
      dn: "cn=schema",
      attributes: [
        (
          "attributeTypes",
          [
            "( 1.1 NAME ( 'serial' 'serialNo' ) EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
            "( 1.2 NAME 'exact' EQUALITY caseExactMatch )",
          ].map { Array($0.utf8) }
        )
      ])
    directory = MemoryDirectory(partitions: ["o=x"], flavour: .timestamp(), schemaEntry: schema)
    try directory.apply(
      ldif: """
        dn: o=x
        objectClass: organization

        dn: cn=a,o=x
        objectClass: person
        cn: Ann  Smith
        serial: 9
        exact: Abc
        member: uid=Q,  o=x
        createTimestamp: 20200101000000Z
        photo:: /wD+

        dn: cn=b,o=x
        objectClass: person
        cn: Bob
        serialNo: 18446744073709551617
        exact: abc
        flags: 6

        """)
  }

  @Test(
    arguments: [
      ("(cn=ann smith)", "a"), ("(CN=ANN SMITH)", "a"), ("(cn=Ann)", ""), ("(cn=ann*)", "a"), ("(cn=*sm*th)", "a"),
      ("(cn=a*n*h)", "a"), ("(cn=*nn*an*)", ""), ("(cn=*)", "ab"), ("(photo=*)", "a"), ("(photo=\\ff\\00\\fe)", "a"),
      ("(serial=09)", "a"), ("(serial>=10)", "b"), ("(serial<=10)", "a"), ("(serial>=18446744073709551616)", "b"),
      ("(serialNo=9)", "a"), ("(serial=x)", ""), ("(!(serial=x))", ""), ("(!(serial=9))", "b"),
      ("(exact=Abc)", "a"), ("(exact=ABC)", ""), ("(member=UID=q,o=X)", "a"),
      ("(createTimestamp=20200101010000+0100)", "a"),
      ("(createTimestamp<=20200101000000.1Z)", "a"), ("(&(cn=*)(serial=9))", "a"), ("(|(cn=bob)(serial=9))", "ab"),
      ("(&(objectClass=person))", "ab"), ("(|)", ""), ("(&)", "ab"), ("(cn~=BOB)", "b"), ("(!(cn=bob))", "a"),
      ("(flags:1.2.840.113556.1.4.803:=2)", "b"), ("(flags:1.2.840.113556.1.4.803:=3)", ""),
      ("(flags:1.2.840.113556.1.4.804:=3)", "b"), ("(cn:caseExactMatch:=Bob)", "b"), ("(cn:caseExactMatch:=bob)", ""),
      ("(cn:9.9.9:=bob)", ""), ("(!(cn:9.9.9:=bob))", ""), ("(o:dn:=x)", "ab"), ("(o=x)", ""),
    ])
  func aFilterFinds(_ text: String, _ expected: String) throws {
    let request = SearchRequest(base: "o=x", scope: .oneLevel, filter: try Filter(parsing: text))
    let found = try directory.entries(for: request).compactMap { $0.dn.dropFirst(3).first.map(String.init) }
    #expect(found.joined() == expected)
  }
}
