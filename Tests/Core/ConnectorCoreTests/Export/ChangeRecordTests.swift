import Testing

@testable import ConnectorCore

@Suite("Changes from LDIF") struct ChangeRecordTests {
  @Test func `Entries and change records of every kind become changes, each with its line`() {
    let lines = Inputs.summary(
      """
      version: 1

      # people
      dn: cn=a,dc=x
      objectClass: top
      cn: a
      objectClass: person

      dn: cn=b,dc=x
      changetype: add
      cn:: w6k=

      dn: cn=a,dc=x
      changetype: modify
      add: mail
      mail: a@x
      mail: b@x
      -
      delete: mail
      mail: c@x
      -
      delete: fax
      -
      replace: sn
      sn: s
      -
      replace: title
      -

      dn: cn=a,dc=x
      changetype: modrdn
      newrdn: cn=c
      deleteoldrdn: 0
      newsuperior: ou=y,dc=x

      dn: cn=b,dc=x
      changetype: moddn
      newrdn: cn=d
      deleteoldrdn: 1

      dn: cn=d,dc=x
      changetype: delete
      """)
    #expect(
      lines == [
        "4 | add | dn=cn=a,dc=x | objectClass=[top,person] | cn=[a]", "9 | add | dn=cn=b,dc=x | cn=[é]",
        "13 | update | dn=cn=a,dc=x | mail+[a@x,b@x]-[] | mail+[]-[c@x] | fax=[] | sn=[s] | title=[]",
        "30 | rename cn=c false ou=y,dc=x | dn=cn=a,dc=x", "36 | rename cn=d true - | dn=cn=b,dc=x",
        "41 | delete | dn=cn=d,dc=x",
      ])
  }

  @Test(arguments: [
    ("changetype: modify\nincrement: n\nn: 1", "increment would count twice"),
    ("control: 1.2.3 true\nchangetype: delete", "control “1.2.3” is critical"),
    ("changetype: modify\nadd: cn", "has no values"), ("changetype: modify\nadd: c n\n-", "attribute name"),
    ("junk", "name: value"), ("photo:< file:///etc/passwd", "URL"), ("changetype: frob", "changetype"),
  ])
  func `A record that an export cannot do is refused, and the next is read`(body: String, reason: String) {
    let input = Inputs.read("dn: cn=a\nchangetype: delete\n\ndn: cn=b\n\(body)\n\ndn: cn=c\nchangetype: delete\n")
    #expect(input.changes.map(\.target.dn) == ["cn=a", "cn=c"])
    #expect(input.errors.count == 1 && input.errors.allSatisfy { $0.line >= 4 && $0.line <= 7 }, "\(input.errors)")
    #expect(input.errors.first?.reason.contains(reason) == true, "\(input.errors)")
  }

  @Test func `Controls that change nothing for the plan are ignored`() {
    let controls = [
      "1.2.840.113556.1.4.1413 true", "2.16.840.1.113730.3.4.2 true", "1.2.840.113556.1.4.805 true", "1.2.3 false: x",
    ]
    for control in controls {
      let input = Inputs.read("dn: cn=a\ncontrol: \(control)\nchangetype: delete\n")
      #expect(input.changes.count == 1 && input.errors.isEmpty, "\(control)")
    }
  }

  @Test func `An error does not repeat the rest of a value that lost its line`() {
    let input = Inputs.read(
      "dn: cn=a\nchangetype: modify\nreplace: userPassword\nuserPassword: long\ngeheim\n-\n\n"
        + "dn: cn=b\nchangetype: modify\nadd: cn geheim\nsn: x\n-\n\ndn: cn=b\nchangetype: delete\nmy geheim: x\n\n"
        + "dn: cn=b\nchangetype: modify\ngeheim\n\ndn: cn=c\nchangetype: delete\ngeheim\n\ndn: cn=d\ngeheim\n")
    #expect(input.errors.count == 6 && input.changes.isEmpty)
    #expect(input.errors.allSatisfy { !$0.reason.contains("geheim") }, "\(input.errors)")
  }

  @Test func `A record without a DN is refused`() {
    #expect(Inputs.read("dn:\nchangetype: delete").errors.map(\.line) == [1])
    #expect(Inputs.read("dn:: Y249AA==\nchangetype: delete").errors.map(\.line) == [1])
  }

  @Test func `Random records never trap`() {
    var random = SeededRandom(seed: 2_849)
    let pieces = [
      "dn: cn=a", "\n", "\r\n", "\n ", "cn", ":", "::", " ", "AAE=", "\n-\n", "\nchangetype: modify\n", "add: cn\n",
      "cn: a\n",
      "changetype: modrdn\n", "newrdn: a=b\n", "deleteoldrdn: 1\n", "control: 1.2 true\n", "version: 1\n", "#", "\n\n",
      ":<",
      "userPassword: x\n", "\nchangetype: delete\n",
    ]
    var changes = 0
    for _ in 0..<3_000 {
      changes += ExportInput(bytes: random.bytes(of: pieces, maximum: 20), context: Inputs.context).changes.count
    }
    #expect(changes > 50)
  }
}
