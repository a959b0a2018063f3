/// What one writer of a ``Workload`` does, decided by its seed alone.
struct WriterPlan: Sendable {
  /// One step: change records, what they are, and the entry that is written only here, if any.
  struct Step: Sendable {
    let ldif: String
    let kinds: [Workload.Kind]
    var once: Workload.WrittenOnce?
  }

  let number: Int
  private let area: String
  private let sharedGroup: String
  private let places: [String]
  private var random: SeededGenerator
  private var counter = 0
  private var writes = 0
  private var onceWrites = 0
  private var untouched: [String]
  private var restless: [RestlessEntry]
  private var branches: [Branch]
  private var memberships: Set<String> = []

  /// An entry that is modified, renamed, deleted and made again.
  private struct RestlessEntry: Sendable {
    var name: String
    var isAlive = true
  }

  private struct Branch: Sendable {
    var name: String
    var place: Int
  }

  init(number: Int, seed: UInt64, base: String, outside: String?, sharedGroup: String) {
    self.number = number
    self.sharedGroup = sharedGroup
    area = "ou=writer\(number),\(base)"
    places = ["ou=left,\(area)", "ou=right,\(area)"] + (outside.map { [$0] } ?? [])
    random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x2545_f491_4f6c_dd1d)
    untouched = (0..<300).map { "uid=w\(number)-pool\($0)" }
    restless = (0..<24).map { RestlessEntry(name: "w\(number) name \($0)") }
    branches = (0..<5).map { Branch(name: "w\(number)-branch\($0)", place: $0 % 2) }
  }

  /// Change records that make the writer's area.
  var preparation: String {
    var records = LDIFText()
    records.add(area, classes: ["organizationalUnit"], [])
    for name in ["left", "right", "once", "restless", "members"] {
      records.add("ou=\(name),\(area)", classes: ["organizationalUnit"], [])
    }
    for rdn in untouched { person("\(rdn),ou=once,\(area)", "untouched", &records) }
    for entry in restless { person(dn(entry), "at first", &records) }
    for member in members { person(member, "member", &records) }
    for branch in branches {
      records.add(dn(branch), classes: ["organizationalUnit"], [])
      for child in Self.children { person("\(child),\(dn(branch))", "below a branch", &records) }
    }
    records.add(
      ownGroup, classes: ["groupOfNames"], [("cn", "team"), ("member", TestDirectory.nobodyDN)])
    return records.text
  }

  /// The next step. At least half of all writes are the only one to touch their entry.
  mutating func next() -> Step {
    counter += 1
    let step = onceWrites * 2 <= writes ? writeOnce() : chosenStep()
    writes += step.kinds.count
    if step.once != nil { onceWrites += 1 }
    return step
  }

  private mutating func chosenStep() -> Step {
    switch random.below(100) {
    case 0..<54: writeOnce()
    case 54..<66: modify()
    case 66..<76: rename()
    case 76..<78: swapNames()
    case 78..<85: move()
    case 85..<90: deleteOrRevive()
    case 90..<93: replaceByNewEntry()
    default: changeMembership()
    }
  }

  // MARK: Steps

  private mutating func writeOnce() -> Step {
    let mark = "w\(number)-\(counter)"
    var records = LDIFText()
    if random.below(4) == 0, let rdn = untouched.popLast() {
      let dn = "\(rdn),ou=once,\(area)"
      records.modify(dn, "replace", "description", [mark])
      return Step(ldif: records.text, kinds: [.modify], once: .init(dn: dn, kind: .modify, mark: mark))
    }
    let dn = "uid=\(mark),ou=once,\(area)"
    // The first writer's entries are long, so that operations which start together end far apart.
    let weight = number == 0 ? [("title", String(repeating: "long ", count: 4000))] : []
    person(dn, mark, &records, weight)
    return Step(ldif: records.text, kinds: [.add], once: .init(dn: dn, kind: .add, mark: mark))
  }

  private mutating func modify() -> Step {
    let inBranch = random.below(3) == 0
    let target = inBranch ? "\(random.pick(Self.children)),\(dn(random.pick(branches)))" : livingEntry().map { dn($1) }
    guard let target else { return deleteOrRevive() }
    var records = LDIFText()
    records.modify(target, "replace", "description", ["changed \(counter)", "ändern \(counter)"])
    return Step(ldif: records.text, kinds: [.modify])
  }

  private mutating func rename() -> Step {
    guard let (index, entry) = livingEntry() else { return deleteOrRevive() }
    var records = LDIFText()
    var keepsOld = random.below(4) == 0
    var name = "w\(number) né \(counter)"
    if random.below(5) == 0 {
      let upper = entry.name.uppercased()
      (name, keepsOld) = (upper == entry.name ? entry.name.lowercased() : upper, false)
    }
    records.rename(dn(entry), to: "cn=\(name)", deletingOldRDN: !keepsOld)
    restless[index].name = name
    return Step(ldif: records.text, kinds: [.rename])
  }

  private mutating func swapNames() -> Step {
    let living = restless.indices.filter { restless[$0].isAlive }
    guard living.count > 1 else { return deleteOrRevive() }
    let first = random.below(living.count)
    let (left, right) = (living[first], living[(first + 1) % living.count])
    let between = RestlessEntry(name: "w\(number) between \(counter)")
    var records = LDIFText()
    records.rename(dn(restless[left]), to: "cn=\(between.name)")
    records.rename(dn(restless[right]), to: "cn=\(restless[left].name)")
    records.rename(dn(between), to: "cn=\(restless[right].name)")
    (restless[left].name, restless[right].name) = (restless[right].name, restless[left].name)
    return Step(ldif: records.text, kinds: [.rename, .rename, .rename])
  }

  private mutating func move() -> Step {
    let index = random.below(branches.count)
    let before = branches[index]
    branches[index].place = (before.place + 1 + random.below(places.count - 1)) % places.count
    if random.below(3) == 0 { branches[index].name = "w\(number)-branch\(index)-\(counter)" }
    var records = LDIFText()
    records.rename(
      dn(before), to: "ou=\(branches[index].name)", newSuperior: places[branches[index].place])
    return Step(ldif: records.text, kinds: [.move])
  }

  private mutating func deleteOrRevive() -> Step {
    let index = random.below(restless.count)
    var records = LDIFText()
    if restless[index].isAlive { records.delete(dn(restless[index])) } else { revive(index, &records) }
    restless[index].isAlive.toggle()
    return Step(ldif: records.text, kinds: [restless[index].isAlive ? .add : .delete])
  }

  private mutating func replaceByNewEntry() -> Step {
    guard let (index, entry) = livingEntry() else { return deleteOrRevive() }
    var records = LDIFText()
    records.delete(dn(entry))
    revive(index, &records)
    return Step(ldif: records.text, kinds: [.delete, .add])
  }

  private mutating func changeMembership() -> Step {
    let group = random.below(2) == 0 ? ownGroup : sharedGroup
    let member = random.pick(members)
    let isMember = memberships.remove("\(group) \(member)") != nil
    if !isMember { memberships.insert("\(group) \(member)") }
    var records = LDIFText()
    records.modify(group, isMember ? "delete" : "add", "member", [member])
    return Step(ldif: records.text, kinds: [.membership])
  }

  // MARK: Names and entries

  private static let children = ["uid=one", "uid=two", "uid=three", "uid=four", "uid=five"]
  private var ownGroup: String { "cn=team,\(area)" }
  private var members: [String] { (0..<12).map { "uid=w\(number)-member\($0),ou=members,\(area)" } }

  private func dn(_ entry: RestlessEntry) -> String { "cn=\(entry.name),ou=restless,\(area)" }
  private func dn(_ branch: Branch) -> String { "ou=\(branch.name),\(places[branch.place])" }

  private mutating func livingEntry() -> (Int, RestlessEntry)? {
    let living = restless.indices.filter { restless[$0].isAlive }
    guard !living.isEmpty else { return nil }
    let index = random.pick(living)
    return (index, restless[index])
  }

  private func revive(_ index: Int, _ records: inout LDIFText) {
    person(dn(restless[index]), "again \(counter)", &records)
  }

  private func person(
    _ dn: String, _ description: String, _ records: inout LDIFText, _ more: [(String, String)] = []
  ) {
    // slapd adds the RDN's value itself; a person named by uid needs a cn all the same.
    let names = dn.hasPrefix("cn=") ? [] : [("cn", "Person")]
    let attributes = names + [("sn", "Writer \(number)"), ("description", description)] + more
    records.add(dn, classes: ["inetOrgPerson"], attributes)
  }
}
