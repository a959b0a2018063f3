import ConnectorCore
import ConnectorTesting
import Testing

@Suite struct MemoryDirectoryTests {
  private let directory: MemoryDirectory

  init() throws {
    directory = MemoryDirectory(flavour: .timestamp())
    try directory.apply(
      ldif: """
        dn: dc=example,dc=com
        objectClass: domain

        dn: ou=people,dc=example,dc=com
        objectClass: organizationalUnit

        dn: uid=ann,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        cn: Ann
        cn;lang-de: Anne
        sn: Smith
        uidNumber: 7

        dn: uid=bob,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        cn: Bob

        """)
  }

  private let ann = "uid=ann,ou=people,dc=example,dc=com"

  private func code(_ ldif: String) throws -> ResultCode {
    do { try directory.apply(ldif: ldif) } catch let error as DirectoryError { return error.code }
    return .success
  }

  private func dns(_ base: String, _ scope: SearchRequest.Scope, _ filter: Filter = .all) throws -> [String] {
    try directory.entries(for: SearchRequest(base: base, scope: scope, filter: filter)).map(\.dn)
  }

  @Test func scopesAreThoseOfTheRFC() throws {
    #expect(try dns("ou=people,dc=example,dc=com", .base) == ["ou=people,dc=example,dc=com"])
    #expect(try dns("dc=example,dc=com", .oneLevel) == ["ou=people,dc=example,dc=com"])
    #expect(try dns("OU=People, DC=example,DC=com", .subtree).count == 3)
  }

  @Test func attributesAreSelectedByNameAndByKind() throws {
    func names(_ asked: String...) throws -> Set<String> {
      let request = SearchRequest(base: ann, scope: .base, attributes: asked)
      return Set(try directory.entries(for: request).flatMap { $0.attributes.map(\.0.string) })
    }
    #expect(try names() == ["objectClass", "cn", "cn;lang-de", "sn", "uidNumber", "uid"])
    #expect(try names("*") == names())
    #expect(try names("+") == ["entryUUID", "createTimestamp", "modifyTimestamp", "entryDN"])
    #expect(try names("CN") == ["cn", "cn;lang-de"])
    #expect(try names("cn;lang-de", "entryUUID") == ["cn;lang-de", "entryUUID"])
    #expect(try names("1.1").isEmpty)
  }

  @Test func changesThatCannotBeGetTheirResultCode() throws {
    #expect(try code("dn: \(ann)\nobjectClass: person\n") == ResultCode(rawValue: 68))
    #expect(try code("dn: uid=x,ou=none,dc=example,dc=com\nobjectClass: person\n") == .noSuchObject)
    #expect(try code("dn: uid=x,dc=example,dc=com\ncn: x\n") == ResultCode(rawValue: 65))
    #expect(try code("dn: ou=people,dc=example,dc=com\nchangetype: delete\n") == ResultCode(rawValue: 66))
    #expect(try code("dn: uid=none,dc=example,dc=com\nchangetype: delete\n") == .noSuchObject)
    #expect(try code("dn: not a dn\nchangetype: delete\n") == .invalidDNSyntax)
    let modify = "dn: \(ann)\nchangetype: modify\n"
    #expect(try code(modify + "add: cn\ncn: ANN\n-\n") == ResultCode(rawValue: 20))
    #expect(try code(modify + "delete: cn\ncn: Zoe\n-\n") == .noSuchAttribute)
    #expect(try code(modify + "delete: uid\n-\n") == ResultCode(rawValue: 67))
    #expect(try code(modify + "increment: uidNumber\nuidNumber: x\n-\n") == .protocolError)
    let rename = "dn: \(ann)\nchangetype: modrdn\nnewrdn: "
    #expect(try code(rename + "uid=bob\ndeleteoldrdn: 1\n") == ResultCode(rawValue: 68))
    #expect(try code(rename + "uid=ann\ndeleteoldrdn: 1\nnewsuperior: \(ann)\n") == .unwillingToPerform)
    #expect(directory.entry(ann)?.attributes.strings("cn") == ["Ann"])
    #expect(directory.history.filter { $0.result != .success }.count == 12)
  }

  @Test func aFailureNamesTheNearestEntry() throws {
    do {
      _ = try directory.entries(for: SearchRequest(base: "uid=x,ou=none,ou=people,dc=example,dc=com"))
      Issue.record("the search succeeded")
    } catch {
      #expect(error.code == .noSuchObject)
      #expect(error.matchedDN == "ou=people,dc=example,dc=com")
    }
  }

  @Test func modificationsAreMadeInOrder() throws {
    try directory.apply(
      ldif: """
        dn: \(ann)
        changetype: modify
        add: title
        title: one
        title: two
        -
        delete: title
        title: ONE
        -
        replace: sn
        sn: Jones
        -
        increment: uidNumber
        uidNumber: -9
        -
        delete: cn;lang-de
        -

        """)
    let entry = try #require(directory.entry(ann))
    #expect(entry.attributes.strings("title") == ["two"])
    #expect(entry.attributes.strings("sn") == ["Jones"])
    #expect(entry.attributes.strings("uidNumber") == ["-2"])
    #expect(entry.attributes["cn;lang-de"].isEmpty)
  }

  @Test func aBranchMovesWithEverythingBelow() throws {
    let id = directory.entry(ann)?.attributes.string("entryUUID")
    try directory.apply(ldif: "dn: ou=old,dc=example,dc=com\nobjectClass: organizationalUnit\n")
    try directory.apply(
      ldif: """
        dn: ou=people,dc=example,dc=com
        changetype: moddn
        newrdn: ou=staff
        deleteoldrdn: 1
        newsuperior: ou=old,dc=example,dc=com

        """)
    let moved = try #require(directory.entry("uid=ann,ou=staff,ou=old,dc=example,dc=com"))
    #expect(moved.attributes.string("entryUUID") == id)
    #expect(directory.entry(ann) == nil)
    #expect(directory.entry("ou=staff,ou=old,dc=example,dc=com")?.attributes.strings("ou") == ["staff"])
  }

  @Test func theOldNameStaysWhereItIsNotToBeDeleted() throws {
    try directory.apply(ldif: "dn: \(ann)\nchangetype: modrdn\nnewrdn: uid=anne\ndeleteoldrdn: 0\n")
    let entry = directory.entry("uid=anne,ou=people,dc=example,dc=com")
    #expect(entry?.attributes.strings("uid") == ["ann", "anne"])
  }

  @Test func itsClockIsItsOwn() throws {
    directory.clock = try #require(GeneralizedTime("19991231235959Z"))
    directory.tick = .seconds(2)
    try directory.apply(ldif: "dn: \(ann)\nchangetype: modify\nreplace: title\ntitle: x\n-\n")
    #expect(directory.entry(ann)?.attributes.string("modifyTimestamp") == "20000101000001Z")
    directory.tick = .zero
    try directory.apply(ldif: "dn: \(ann)\nchangetype: modify\nreplace: title\ntitle: y\n-\n")
    #expect(directory.clock.description == "20000101000001Z")
  }

  @Test func whatIsHeldComesLaterWithItsEarlierTime() throws {
    directory.hold()
    try directory.apply(ldif: "dn: \(ann)\nchangetype: modify\nreplace: title\ntitle: late\n-\n")
    let time = directory.clock
    #expect(directory.entry(ann)?.attributes["title"].isEmpty == true)
    try directory.apply(ldif: "dn: uid=bob,ou=people,dc=example,dc=com\nchangetype: delete\n")
    try directory.release(reversed: true)
    #expect(directory.entry(ann)?.attributes.string("title") == "late")
    #expect(directory.entry(ann)?.attributes.string("modifyTimestamp") == time.description)
    #expect(directory.history.suffix(2).map(\.kind) == [.delete, .modify])
  }

  @Test func aBranchIsDeletedWithTheControlForIt() throws {
    let record = LDIFRecord(
      dn: "ou=people,dc=example,dc=com", change: .delete, controls: [Control("1.2.840.113556.1.4.805")])
    try directory.apply(record)
    #expect(directory.entries.map(\.dn) == ["dc=example,dc=com"])
    #expect(directory.history.suffix(3).map(\.dn).last == "ou=people,dc=example,dc=com")
  }

  @Test func aBindNeedsTheRightPassword() throws {
    try directory.apply(ldif: "dn: \(ann)\nchangetype: modify\nreplace: userPassword\nuserPassword: secret\n-\n")
    #expect(directory.authenticate("UID=ann,ou=people,dc=example,dc=com", password: Array("secret".utf8)))
    #expect(!directory.authenticate(ann, password: Array("Secret".utf8)))
    #expect(!directory.authenticate(ann, password: []))
    #expect(!directory.authenticate("not a dn", password: Array("secret".utf8)))
  }
}
