import ConnectorCore
import ConnectorTesting
import TestSupport

/// Makes changes of every kind in a small tree of few names, so that names come and go and are used again.
struct RandomChanges {
  var random: SeededGenerator
  private var serial = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Makes one change, or several that belong together; what the directory refuses is left out.
  mutating func make(in directory: MemoryDirectory) {
    for record in changes(directory) { try? directory.apply(ldif: record) }
  }

  private mutating func changes(_ directory: MemoryDirectory) -> [String] {
    let all = directory.entries.map(\.dn).filter {
      $0.hasSuffix(",\(EngineBench.suffix)") && !$0.hasPrefix("cn=changelog")
    }
    let containers = all.filter { $0.lowercased().hasPrefix("ou=") }
    let units = containers + [EngineBench.suffix]
    let people = all.filter { !$0.lowercased().hasPrefix("ou=") }
    serial += 1
    switch random.below(100) {
    case ..<12: return [add(person, below: random.pick(units))]
    case ..<20: return [add(unit, below: random.pick(units))]
    case ..<40:
      guard !all.isEmpty else { return [] }
      return ["dn: \(random.pick(all))\nchangetype: modify\nreplace: description\ndescription: \(serial)\n-\n\n"]
    case ..<52: return people.isEmpty ? [] : [delete(random.pick(people))]
    case ..<56: return all.isEmpty ? [] : branch(random.pick(all), in: all).map(delete)
    case ..<70: return people.isEmpty ? [] : [rename(random.pick(people), person)]
    case ..<78: return people.isEmpty ? [] : [rename(random.pick(people), person, to: random.pick(units))]
    case ..<84: return containers.isEmpty ? [] : [rename(random.pick(containers), unit)]
    case ..<89: return containers.isEmpty ? [] : [rename(random.pick(containers), unit, to: random.pick(units))]
    case ..<94: return all.count < 2 ? [] : swap(random.pick(all), random.pick(all))
    case ..<97: return people.isEmpty ? [] : again(random.pick(people))
    default: return people.isEmpty ? [] : [respell(random.pick(people))]
    }
  }

  private var person: String { mutating get { "uid=\(random.below(6))" } }
  private var unit: String { mutating get { "ou=\(random.below(4))" } }

  private mutating func add(_ rdn: String, below parent: String) -> String {
    let kind = rdn.hasPrefix("ou=") ? "objectClass: organizationalUnit" : "objectClass: person\nsn: \(serial)"
    return "dn: \(rdn),\(parent)\n\(kind)\n\n"
  }

  private func delete(_ dn: String) -> String { "dn: \(dn)\nchangetype: delete\n\n" }

  private func rename(_ dn: String, _ rdn: String, to parent: String? = nil) -> String {
    "dn: \(dn)\nchangetype: modrdn\nnewrdn: \(rdn)\ndeleteoldrdn: 1\n" + (parent.map { "newsuperior: \($0)\n" } ?? "")
      + "\n"
  }

  /// An entry and everything below it, the deepest first.
  private func branch(_ dn: String, in all: [String]) -> [String] {
    guard let root = try? DN(dn) else { return [] }
    return all.filter { (try? DN($0))?.isEqualOrDescendant(of: root) ?? false }
      .sorted { DN.components(of: $0).count > DN.components(of: $1).count }
  }

  private func rdn(_ dn: String) -> String { DN.components(of: dn).first.map(String.init) ?? "" }
  private func parent(_ dn: String) -> String { DN.components(of: dn).dropFirst().joined(separator: ",") }

  /// Two entries change names by way of a third.
  private func swap(_ left: String, _ right: String) -> [String] {
    let between = "cn=between"
    return [
      rename(left, between), rename(right, rdn(left), to: parent(left)),
      rename("\(between),\(parent(left))", rdn(right), to: parent(right)),
    ]
  }

  private mutating func again(_ dn: String) -> [String] {
    [delete(dn), add(rdn(dn).lowercased(), below: parent(dn))]
      + (random.below(2) == 0 ? [] : [rename(dn, person), delete(dn)])
  }

  private func respell(_ dn: String) -> String {
    let old = rdn(dn)
    return rename(dn, old.hasPrefix("uid") ? old.replacing("uid", with: "UID") : old.lowercased())
  }
}
