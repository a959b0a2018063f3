/// The files of a new package that are no code of the adapter.
extension AdapterScaffold {
  var rootDSE: String {
    """
    dn:
    objectClass: top
    objectClass: \(value)RootDSE
    \(value)Instance: 1
    namingContexts: dc=example,dc=com
    subschemaSubentry: cn=schema
    supportedLDAPVersion: 3
    supportedControl: 1.2.840.113556.1.4.319
    vendorName: \(title)
    vendorVersion: 1.0

    """
  }

  var expectation: String {
    """
    {
      "winner": "\(name)",
      "port": 389,
      "anchor": "dn",
      "immutableID": "entryUUID",
      "changeLog": null,
      "passwordAttribute": "userPassword",
      "partitions": ["dc=example,dc=com"]
    }

    """
  }

  var fixtureReadme: String {
    """
    # \(title) 1.0

    **Composed** by `ldap-connector adapter new`, to begin with; no server was asked. Replace `rootdse.ldif` by what your
    server says, add its `schema.ldif` and some `entries.ldif`, and write here how they were captured:

        ldapsearch -x -H ldap://SERVER -s base -b '' -o ldif-wrap=no -LLL '*' '+' >rootdse.ldif

    """
  }

  var readme: String {
    """
    # An adapter for \(title)

    1. Capture what a server says of itself into `\(fixture)`; see the README there.
    2. Write into `Sources/\(module)Adapter` how to recognise it, and what identifies its entries for life.
    3. Build it, and check that it keeps its promises:

           swift build
           mkdir -p adapters && cp .build/debug/lib\(module)Adapter.so adapters/
           ldap-connector adapter check \(name) --adapters adapters --fixture \(fixture)

    4. Use it: `ldap-connector detect ldap://SERVER --adapters adapters`; for imports write `adapters: adapters` into the
       configuration. Folder and library must belong to root or to the user of the connector, and nobody else may write
       them.

    The library is bound to the connector that it was built against, and to the Swift compiler: build it anew with each
    release. Where you can build, a host of your own needs no library to load; its `main.swift` is

        import \(module)Adapter
        import ConnectorHost

        await Host.main(adapters: .builtIn + [.\(value)])

    """
  }
}
