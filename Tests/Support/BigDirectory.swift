import Foundation

/// A large, plain directory below `dc=example,dc=com`: inetOrgPerson of 14 attributes and groups of people.
package struct BigDirectory: Sendable {
  package let users: Int
  package let groups: Int
  /// Members of each group.
  package let members: Int

  package init(users: Int, groups: Int, members: Int) {
    self.users = users
    self.groups = groups
    self.members = members
  }

  package var ldif: String {
    var text = ""
    emit { text += $0 }
    return text
  }

  /// Writes the LDIF to `path` piece by piece, so that a million entries need no memory.
  package func write(to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SupportError("cannot write \(path)") }
    defer { try? file.close() }
    var failure: (any Error)?
    emit { text in
      do { try file.write(contentsOf: Data(text.utf8)) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  package static func userDN(_ number: Int) -> String { "uid=\(userName(number)),\(Company.peopleBase)" }

  private static func userName(_ number: Int) -> String {
    let digits = String(number)
    return "user" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
  }

  private func emit(_ write: (String) -> Void) {
    var random = SeededGenerator(seed: 42)
    for unit in ["people", "groups"] {
      write("dn: ou=\(unit),\(TestDirectory.base)\nobjectClass: organizationalUnit\nou: \(unit)\n\n")
    }
    var batch = ""
    for number in 0..<users {
      batch += user(number, &random)
      if number % 1000 == 999 {
        write(batch)
        batch = ""
      }
    }
    write(batch)
    for number in 0..<groups { write(group(number, &random)) }
  }

  private func user(_ number: Int, _ random: inout SeededGenerator) -> String {
    let given = random.pick(Self.givenNames)
    let family = random.pick(Self.familyNames)
    let uid = Self.userName(number)
    return """
      dn: \(Self.userDN(number))
      objectClass: inetOrgPerson
      uid: \(uid)
      cn: \(given) \(family) \(number)
      sn: \(family)
      givenName: \(given)
      displayName: \(family), \(given)
      mail: \(uid)@example.com
      employeeNumber: \(number)
      employeeType: \(number % 5 == 0 ? "contractor" : "staff")
      telephoneNumber: +1 555 \(number)
      title: Title \(number % 50)
      departmentNumber: \(number % 200)
      l: City \(number % 100)
      description: Generated person number \(number) for measuring


      """
  }

  private func group(_ number: Int, _ random: inout SeededGenerator) -> String {
    var chosen: Set<Int> = []
    while chosen.count < min(members, users) { chosen.insert(random.below(users)) }
    let lines = chosen.sorted().map { "member: \(Self.userDN($0))\n" }.joined()
    return "dn: cn=group\(number),\(Company.groupsBase)\nobjectClass: groupOfNames\ncn: group\(number)\n\(lines)\n"
  }

  private static let givenNames = [
    "Anna", "Bela", "Carl", "Dora", "Egon", "Fina", "Gert", "Hugo", "Ines", "Jana", "Kurt", "Lena", "Marc", "Nora",
    "Otto", "Pia", "Quin", "Rosa", "Sven", "Tina",
  ]
  private static let familyNames = [
    "Chen", "Dubois", "Garcia", "Haddad", "Jensen", "Khan", "Kim", "Kowalski", "Levi", "Meyer", "Nagy", "Novak",
    "Okoye", "Popov", "Rossi", "Sato", "Silva", "Singh", "Smith", "Yilmaz",
  ]
}
