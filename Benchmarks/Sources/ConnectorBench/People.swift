/// The entries that are measured: people with about a dozen attributes, and groups of them. The same at every call.
struct People {
  static let suffix = "dc=example,dc=com"
  static let groupCount = 1_000
  static let groupSize = 100
  /// The suffix, the account of the connector, and two organizational units.
  static let otherEntries = 4

  let count: Int

  var entryCount: Int { count + Self.groupCount + Self.otherEntries }

  func dn(_ index: Int) -> String { "uid=\(uid(index)),ou=people,\(Self.suffix)" }

  /// Writes all of them as LDIF (RFC 2849).
  func write(to writer: inout TextWriter) throws {
    for unit in ["people", "groups"] {
      try writer.write("dn: ou=\(unit),\(Self.suffix)\nobjectClass: organizationalUnit\nou: \(unit)\n\n")
    }
    for index in 0..<count { try writer.write(person(index)) }
    for index in 0..<Self.groupCount { try writer.write(group(index)) }
  }

  /// Writes one modification each for `changes` people spread over all of them.
  func write(changes: Int, round: Int, to writer: inout TextWriter) throws {
    for change in 0..<changes {
      let index = (change * (count / changes) + round) % count
      try writer.write(
        """
        dn: \(dn(index))
        changetype: modify
        replace: description
        description: Changed in round \(round) as number \(change)


        """)
    }
  }

  /// Writes the names of those that a round changes, a line each.
  func write(namesOfChanged changes: Int, round: Int, to writer: inout TextWriter) throws {
    for change in 0..<changes { try writer.write(uid((change * (count / changes) + round) % count) + "\n") }
  }

  private func person(_ index: Int) -> String {
    let given = Self.givenNames[index * 7 % Self.givenNames.count]
    let family = Self.familyNames[(index / 7 + index * 11) % Self.familyNames.count]
    // One name in twenty is not ASCII, so it travels in base64: "Müller".
    let sn = index % 20 == 7 ? "sn:: TcO8bGxlcg==" : "sn: \(family)"
    return """
      dn: \(dn(index))
      objectClass: inetOrgPerson
      uid: \(uid(index))
      cn: \(given) \(family) \(index)
      \(sn)
      givenName: \(given)
      displayName: \(family), \(given)
      mail: \(uid(index))@example.com
      employeeNumber: \(index)
      employeeType: \(index % 5 == 0 ? "contractor" : "staff")
      telephoneNumber: +1 555 \(padded(index, to: 7))
      title: Title \(index % 50)
      departmentNumber: \(index % 200)
      l: City \(index % 100)
      description: Generated person number \(index) for measuring


      """
  }

  /// The record that adds a person.
  func added(_ index: Int) -> String {
    var lines = person(index).split(separator: "\n", omittingEmptySubsequences: false)
    lines.insert("changetype: add", at: 1)
    return lines.joined(separator: "\n")
  }

  /// The record that changes two attributes of a person.
  func modified(_ index: Int) -> String {
    """
    dn: \(dn(index))
    changetype: modify
    replace: description
    description: Changed person number \(index)
    -
    add: mail
    mail: second\(index)@example.com
    -


    """
  }

  /// The record that deletes a person.
  func deleted(_ index: Int) -> String { "dn: \(dn(index))\nchangetype: delete\n\n" }

  private func group(_ index: Int) -> String {
    let name = "group\(padded(index, to: 4))"
    var text = "dn: cn=\(name),ou=groups,\(Self.suffix)\nobjectClass: groupOfNames\ncn: \(name)\n"
    // A stride that shares no factor with the round counts: every member of a group is another person.
    for member in 0..<Self.groupSize { text += "member: \(dn((index * 97 + member * 977) % count))\n" }
    return text + "\n"
  }

  private func uid(_ index: Int) -> String { "user\(padded(index, to: 7))" }

  private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static let givenNames = [
    "Anna", "Bela", "Carl", "Dora", "Egon", "Fina", "Gert", "Hugo", "Ines", "Jana", "Kurt", "Lena", "Marc", "Nora",
    "Otto", "Pia", "Quin", "Rosa", "Sven", "Tina",
  ]
  private static let familyNames = [
    "Meyer", "Novak", "Smith", "Jensen", "Rossi", "Dubois", "Garcia", "Silva", "Kowalski", "Nagy", "Popov", "Sato",
    "Kim", "Chen", "Singh", "Khan", "Okoye", "Haddad", "Levi", "Yilmaz",
  ]
}
