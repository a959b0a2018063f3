import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

/// What not every server can do, on those that can and on those that cannot.
@Suite("Writing with controls and passwords")
struct WriteFeatureTests {
  private let ann = WriteServer.dn("Ann")

  private func replace(_ attribute: AttributeDescription, _ value: String) -> LDIFModification {
    LDIFModification(.replace, attribute, [value.bytes])
  }

  @Test("A change whose assertion does not hold is refused with 122, and changes nothing")
  func assertion() async throws {
    try await WriteServer.each { server, session in
      try await server.add("Ann")
      var change = WriteRequest.modify(ann, [replace("sn", "New")])
      change.assertion = .and([.equal("sn", "Old (1)*\\"), .present("cn")])
      var deletion = WriteRequest.delete(ann)
      deletion.assertion = change.assertion
      let expected = server.features.contains(.assertion) ? "122" : "12"
      #expect(try await session.verdicts([change, deletion]) == [expected, expected])
      #expect(try await server.judge.read(ann)?.strings("sn") == ["Ann"])
      guard server.features.contains(.assertion) else { return }
      try await server.judge.modify("dn: \(ann)\nchangetype: modify\nreplace: sn\nsn: Old (1)*\\\n")
      #expect(try await session.verdicts([change]) == ["done"])
      #expect(try await server.judge.read(ann)?.strings("sn") == ["New"])
    }
  }

  @Test("The entry comes back as it was and as it is, where the server can")
  func readEntry() async throws {
    try await WriteServer.each { server, session in
      try await server.add("Ann", "jpegPhoto:: /9j/AP8=\n")
      var change = WriteRequest.modify(ann, [replace("sn", "New"), LDIFModification(.delete, "jpegPhoto")])
      change.preRead = ["sn", "jpegPhoto", "mail"]
      change.postRead = ["sn", "jpegPhoto", "entryUUID"]
      let outcome = try #require(try await session.write(change).outcome)
      #expect(outcome.problem == nil)
      let before = try #require(outcome.before)
      #expect(before.dn == ann && before.strings("sn") == ["Ann"] && before.attributeCount == 2)
      #expect(before.values("jpegPhoto") == [[0xff, 0xd8, 0xff, 0, 0xff]])
      let uuid = try #require(try await server.judge.read(ann)?.entryUUID)
      #expect(outcome.after?.strings("sn") == ["New"] && outcome.after?.string("entryUUID") == uuid)
      #expect(outcome.after?.values("jpegPhoto") == [])
      #expect(outcome.controls.count == 2)

      var move = WriteRequest.rename(ann, to: "cn=Anne", deleteOldRDN: true)
      move.postRead = ["entryUUID"]
      let moved = try await session.write(move).outcome?.after
      #expect(moved?.dn == WriteServer.dn("Anne") && moved?.string("entryUUID") == uuid)
      var addition = WriteRequest.person("Bert")
      addition.postRead = ["*", "entryUUID"]
      let added = try await session.write(addition).outcome?.after
      let bert = try #require(try await server.judge.read(WriteServer.dn("Bert")))
      #expect(added?.string("entryUUID") == bert.entryUUID && added?.strings("sn") == ["Bert"])
      var deletion = WriteRequest.delete(WriteServer.dn("Bert"))
      deletion.preRead = []
      let deleted = try await session.write(deletion).outcome
      #expect(deleted?.before?.strings("sn") == ["Bert"])
    }
  }

  @Test("A number is incremented, where the server can")
  func increment() async throws {
    try await WriteServer.each { server, session in
      let lines = "objectClass: posixAccount\nuid: a\nuidNumber: 40\ngidNumber: 1\nhomeDirectory: /\n"
      try await server.add("Ann", lines)
      let change = WriteRequest.modify(ann, [LDIFModification(.increment, "uidNumber", ["2".bytes])])
      let can = server.features.contains(.increment)
      #expect(try await session.verdicts([change]) == [can ? "done" : "2"])
      #expect(try await server.judge.read(ann)?.strings("uidNumber") == [can ? "42" : "40"])
    }
  }

  @Test("Permissive modify passes over what is there already and what is not there, where the server can")
  func permissiveModify() async throws {
    try await WriteServer.each { server, session in
      try await server.add("Ann")
      let steps = [
        LDIFModification(.add, "sn", ["Ann".bytes, "Other".bytes]), LDIFModification(.delete, "mail", ["x@y".bytes]),
      ]
      let plain = try await session.write(.modify(ann, steps)).verdict
      #expect(plain == "20" || plain == "16")
      let permissive = try await session.write(.modify(ann, steps, controls: [.permissiveModify])).verdict
      let can = server.features.contains(.permissiveModify)
      #expect(permissive == (can ? "done" : "12"))
      let surnames = try #require(try await server.judge.read(ann)?.strings("sn"))
      #expect(Set(surnames) == (can ? ["Ann", "Other"] : ["Ann"]))
    }
  }

  @Test("A tree is deleted at once, where the server can")
  func treeDelete() async throws {
    try await WriteServer.each { server, session in
      try await server.add("Ann")
      let can = server.features.contains(.treeDelete)
      let verdicts = try await session.verdicts([
        .delete(WriteServer.people), .delete(WriteServer.people, controls: [.treeDelete]),
      ])
      #expect(verdicts == ["66", can ? "done" : "12"])
      #expect(try await server.judge.read(ann) == nil || !can)
      #expect(try await server.judge.read(WriteServer.people) == nil || !can)
    }
  }

  @Test("A password is set by an administrator and by its owner, and binds; 389 Directory Server wants TLS for that")
  func passwords() async throws {
    try await WriteServer.each { server, session in
      try await server.add("Ann", "userPassword: first\n")
      let set = WriteRequest.passwordModify(ann, new: Secret("second \u{e9}"))
      guard server.features.contains(.passwordModify) else {
        #expect(try await session.verdicts([set]) == ["13"])
        #expect(try await binds(server, "first"))
        return
      }
      #expect(try await session.verdicts([set]) == ["done"])
      #expect(try await binds(server, "second \u{e9}"))
      #expect(try await !binds(server, "first"))
      var own = server.settings
      own.bind = .simple(dn: ann, password: Secret("second \u{e9}"))
      let owner = try await LDAPSession.connect(to: own)
      let wrong = WriteRequest.passwordModify("", old: Secret("no"), new: Secret("third"))
      #expect(try await owner.write(wrong).error != nil)
      #expect(try await binds(server, "second \u{e9}"))
      let right = WriteRequest.passwordModify("", old: Secret("second \u{e9}"), new: Secret("third"))
      #expect(try await owner.verdicts([right]) == ["done"])
      #expect(try await binds(server, "third"))
      await owner.close()
      let made = try await session.write(.passwordModify(ann, new: nil)).outcome
      let secret = try #require(made?.generatedPassword)
      #expect("\(secret)" == "(secret)" && !secret.isEmpty)
      #expect(try await binds(server, secret))
    }
  }

  private func binds(_ server: WriteServer, _ password: String) async throws -> Bool {
    try await binds(server, Secret(password))
  }

  private func binds(_ server: WriteServer, _ password: Secret) async throws -> Bool {
    var settings = server.settings
    settings.bind = .simple(dn: ann, password: password)
    do {
      try await LDAPSession.connect(to: settings).close()
      return true
    } catch let error as DirectoryError where error.code == .invalidCredentials {
      return false
    }
  }
}
