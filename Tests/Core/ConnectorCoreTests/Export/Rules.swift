import Foundation
import Testing

@testable import ConnectorCore

/// A small schema, and entries in a short form, for tests of what a schema allows.
enum Rules {
  static let schema = Schema(
    objectClasses: [
      "( 2.5.6.0 NAME 'top' ABSTRACT MUST ( objectClass $ serverMade ) )",
      "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ description $ telephoneNumber ) )",
      "( 2.5.6.7 NAME 'orgPerson' SUP person STRUCTURAL MAY ( l $ c ) )",
      "( 2.5.6.8 NAME 'group' SUP top STRUCTURAL MUST ( cn $ member ) )",
      "( 1.1.1 NAME 'account' SUP top AUXILIARY MUST uidNumber MAY ( home $ flag $ owner ) )",
      "( 1.1.2 NAME 'secured' SUP top AUXILIARY MUST userPassword )",
      "( 1.3.6.1.4.1.1466.101.120.111 NAME 'extensibleObject' SUP top AUXILIARY )",
      "( 1.1.3 NAME 'stamped' SUP top AUXILIARY MUST ( stamp $ filled ) )",
    ],
    attributeTypes: [
      "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
      "( 2.5.4.3 NAME ( 'cn' 'commonName' ) EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.4 NAME 'sn' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.7 NAME 'l' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.6 NAME 'c' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.11 SINGLE-VALUE )",
      "( 2.5.4.13 NAME 'description' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.20 NAME 'telephoneNumber' EQUALITY telephoneNumberMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.50 )",
      "( 2.5.4.31 NAME 'member' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "( 2.5.4.32 NAME 'owner' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "( 2.5.4.35 NAME 'userPassword' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
      "( 1.2.1 NAME 'uidNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
      "( 1.2.2 NAME 'home' EQUALITY caseExactIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 SINGLE-VALUE )",
      "( 1.2.3 NAME 'flag' SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 )",
      "( 1.2.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )",
      "( 1.2.5 NAME 'policy' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 USAGE directoryOperation )",
      "( 1.2.6 NAME 'memberOf' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "( 1.2.7 NAME 'stamp' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 NO-USER-MODIFICATION )",
      "( 1.2.8 NAME 'filled' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 1.2.9 NAME 'serverMade' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    ])

  static let facts: ExportFacts = {
    var facts = ExportFacts()
    facts.keptByServer = ["memberOf"]
    facts.filledInByServer = ["filled"]
    return facts
  }()

  static let ann = "objectClass: person; cn: Ann; sn: B"

  /// Attributes of `name: value; name: value`.
  static func attributes(_ text: String) -> [(AttributeDescription, [[UInt8]])] {
    text.split(separator: "; ").map { part in
      let pair = part.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      return (AttributeDescription(String(pair.first ?? "")), [Array((pair.last ?? "").utf8)])
    }
  }

  static func problems(
    _ after: String, before: String? = nil, dn: String = "cn=Ann,dc=x", hasPassword: Bool = false,
    schema: Schema = schema, facts: ExportFacts = facts
  ) throws -> [EntryRules.Problem] {
    EntryRules(schema: schema, facts: facts).problems(
      dn: try DN(dn), after: attributes(after), before: before.map(attributes), hasPassword: hasPassword,
      passwordAttribute: "userPassword")
  }

  /// The folders of captured and composed servers, each with its path.
  static func fixtures() throws -> [(name: String, folder: URL)] {
    var root = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 1...5 { root.deleteLastPathComponent() }
    let folder = root.appending(path: "VendorFixtures")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .map { ($0, folder.appending(path: $0)) }
  }

  /// The records of a fixture's file; empty where there is none.
  static func records(_ file: URL) throws -> [LDIFRecord] {
    guard let data = try? Data(contentsOf: file) else { return [] }
    var reader = LDIFReader(Array(data))
    var records: [LDIFRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  static func schema(in folder: URL) throws -> Schema {
    let attributes = try records(folder.appending(path: "schema.ldif")).first?.attributes ?? []
    let values = { (name: AttributeDescription) in
      attributes.filter { $0.0 == name }.map { String(decoding: $0.1, as: UTF8.self) }
    }
    return Schema(
      objectClasses: values("objectClasses"), attributeTypes: values("attributeTypes"),
      contentRules: values("dITContentRules"))
  }
}
