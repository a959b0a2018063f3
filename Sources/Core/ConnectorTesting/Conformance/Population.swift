/// The company that the suite works on: one a partition.
enum Population {
  /// The topmost entry alone.
  static func top(_ partition: String) -> String {
    let name = partition.split(separator: ",").first?.split(separator: "=").last.map(String.init) ?? ""
    return "dn: \(partition)\nobjectClass: domain\ndc: \(name)\n\n"
  }

  /// Containers, persons, a branch and a group.
  static func company(_ partition: String) -> String {
    let units = ["ou=people", "ou=groups", "ou=archive", "ou=department,ou=people", "ou=sub,ou=department,ou=people"]
    let people = [
      "uid=ann,ou=people", "uid=bob,ou=people", "uid=cid,ou=people", "uid=dora,ou=department,ou=people",
      "uid=eve,ou=sub,ou=department,ou=people",
    ]
    return top(partition)
      + units.map { "dn: \($0),\(partition)\nobjectClass: organizationalUnit\n\n" }.joined()
      + people.map { person("\($0),\(partition)") }.joined()
      + "dn: cn=staff,ou=groups,\(partition)\nobjectClass: groupOfNames\nmember: uid=ann,ou=people,\(partition)\n\n"
  }

  /// A person, as a content record.
  static func person(_ dn: String) -> String { "dn: \(dn)\nobjectClass: inetOrgPerson\ncn: a\nsn: b\n\n" }

  /// A modification that gives a person a title.
  static func title(_ title: String, _ dn: String) -> String {
    "dn: \(dn)\nchangetype: modify\nreplace: title\ntitle: \(title)\n-\n\n"
  }

  /// A delete.
  static func delete(_ dn: String) -> String { "dn: \(dn)\nchangetype: delete\n\n" }

  /// A rename, and a move where there is a new parent.
  static func rename(_ dn: String, _ rdn: String, to parent: String? = nil) -> String {
    "dn: \(dn)\nchangetype: modrdn\nnewrdn: \(rdn)\ndeleteoldrdn: 1\n"
      + (parent.map { "newsuperior: \($0)\n" } ?? "") + "\n"
  }

  static let ann = "uid=ann,ou=people,dc=example,dc=com"
  static let bob = "uid=bob,ou=people,dc=example,dc=com"
  static let cid = "uid=cid,ou=people,dc=example,dc=com"
  static let department = "ou=department,ou=people,dc=example,dc=com"
  static let people = "ou=people,dc=example,dc=com"
  static let archive = "ou=archive,dc=example,dc=com"
}
