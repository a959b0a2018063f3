import ConnectorTesting
import FixtureServer
import Foundation
import TestSupport

/// A fixture folder in a private place, made of text.
struct FixtureText: Sendable {
  var rootDSE = """
    dn:
    objectClass: top
    vendorName: Example
    namingContexts: dc=example,dc=com
    subschemaSubentry: cn=schema
    supportedLDAPVersion: 3
    """
  var schema = Self.schema
  var entries = Self.people
  var directory = #"{"log": "accesslog", "bindDN": "cn=admin,dc=example,dc=com", "password": "secret"}"#
  var deltas: [String: String] = [:]

  static func with(_ change: (inout FixtureText) -> Void) -> FixtureText {
    var text = FixtureText()
    change(&text)
    return text
  }

  func write(to folder: ScratchDirectory) throws -> String {
    let files = [
      "rootdse.ldif": rootDSE, "schema.ldif": schema, "entries.ldif": entries, "directory.json": directory,
    ]
    for (name, text) in files where !text.isEmpty { try folder.write(text + "\n", to: name) }
    for (name, text) in deltas {
      try FileManager.default.createDirectory(atPath: folder.file("delta/\(name)"), withIntermediateDirectories: true)
      try folder.write(text + "\n", to: "delta/\(name)/changes.ldif")
    }
    return folder.path
  }

  private static let schema = """
    dn: cn=schema
    objectClass: subschema
    cn: schema
    attributeTypes: ( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )
    attributeTypes: ( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
    attributeTypes: ( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )
    attributeTypes: ( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP name )
    attributeTypes: ( 2.5.4.13 NAME 'description' EQUALITY caseExactMatch ORDERING caseExactOrderingMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
    attributeTypes: ( 1.3.6.1.1.1.1.0 NAME 'uidNumber' EQUALITY integerMatch ORDERING integerOrderingMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
    attributeTypes: ( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
    attributeTypes: ( 2.5.18.1 NAME 'createTimestamp' EQUALITY generalizedTimeMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )
    attributeTypes: ( 1.3.6.1.1.16.4 NAME 'entryUUID' EQUALITY UUIDMatch SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE
      NO-USER-MODIFICATION USAGE directoryOperation )
    objectClasses: ( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ description ) )
    """

  private static let people = """
    dn: dc=example,dc=com
    objectClass: domain
    dc: example

    dn: ou=people,dc=example,dc=com
    objectClass: organizationalUnit
    ou: people

    dn: cn=Anna,ou=people,dc=example,dc=com
    objectClass: person
    cn: Anna
    sn: Zeta
    uidNumber: 100
    userPassword: anna
    description:: AP/+CgA=

    dn: cn=bert,ou=people,dc=example,dc=com
    objectClass: person
    cn: bert
    sn: young
    uidNumber: 20

    dn: cn=Carl,ou=people,dc=example,dc=com
    objectClass: person
    cn: Carl
    sn: Xu
    uidNumber: -3

    dn: cn=Dörte,ou=people,dc=example,dc=com
    objectClass: person
    cn: Dörte
    sn: Weiß
    """
}

/// A server in this process and the clients of OpenLDAP in others.
struct Scene: Sendable {
  static let base = "dc=example,dc=com"
  static let people = "ou=people,dc=example,dc=com"
  static let anna = "cn=Anna,ou=people,dc=example,dc=com"
  static let admin = "cn=admin,dc=example,dc=com"

  let server: FixtureServer
  let folder: ScratchDirectory

  /// Runs `body` with a fresh server, and stops that afterwards, whatever happens.
  static func run(
    _ text: FixtureText = FixtureText(), faults: [Fault] = [], account: FixtureServer.Account? = nil,
    _ body: (Scene) async throws -> Void
  ) async throws {
    let folder = try ScratchDirectory()
    let fixture = try Fixture(folder: try text.write(to: folder))
    let server = try await FixtureServer.start(fixture: fixture, faults: faults, account: account)
    let result: Result<Void, any Error>
    do { result = .success(try await body(Scene(server: server, folder: folder))) } catch { result = .failure(error) }
    await server.stop()
    folder.remove()
    try result.get()
  }

  /// The tools as an anonymous client.
  var anonymous: LDAPTools { LDAPTools(uri: server.url, bindDN: nil, passwordFile: nil) }

  /// The tools as a client that binds.
  func tools(_ dn: String, _ password: String) throws -> LDAPTools {
    LDAPTools(uri: server.url, bindDN: dn, passwordFile: try folder.write(password, to: "password"))
  }

  /// Searches below the people with options of `ldapsearch`; the output names every control.
  func search(
    _ options: [String], _ filter: String = "(cn=*)", attributes: [String] = ["1.1"], input: String = "",
    accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    try await anonymous.run(
      "ldapsearch", ["-o", "ldif-wrap=no", "-b", Self.people] + options + [filter] + attributes, input: input,
      accepting: codes)
  }
}

extension Scene {
  /// The names of the people that a search finds, in the order of the answer.
  func names(
    _ options: [String], _ filter: String = "(cn=*)", accepting codes: Set<Int32> = [0]
  ) async throws -> [String] {
    try await search(options, filter, accepting: codes).names
  }
}

extension CommandResult {
  /// The names of the entries that `ldapsearch` printed, the RDNs' values alone.
  var names: [String] {
    get throws {
      try DirectoryEntry.parse(standardOutputBytes).compactMap {
        $0.dn.split(separator: ",").first?.split(separator: "=").last.map(String.init)
      }
    }
  }
}
