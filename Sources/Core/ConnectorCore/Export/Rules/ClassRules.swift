import Synchronization

/// What sets of object classes require and allow; entries of a directory have few different sets.
final class ClassRules: Sendable {
  /// objectClass, whatever the schema says (RFC 4512 §3.3).
  static let objectClassKey = "2.5.4.0"
  private static let extensible: Set<String> = ["extensibleobject", "1.3.6.1.4.1.1466.101.120.111"]

  /// The classes of an entry together.
  struct ClassSet: Sendable {
    /// Whether all classes and their superiors are known, and one says what the entry is: only then the schema can say
    /// what is not allowed.
    var isWhole: Bool { unknown.isEmpty && !leaves.isEmpty && !lacksSuperiors }
    /// The classes that the schema has, in the order of the entry.
    var known: [ObjectClass] = []
    var unknown: [String] = []
    /// Structural classes that are no superior of another one of the entry.
    var leaves: [ObjectClass] = []
    /// Required attributes: a key, and the name with the class that requires it.
    var required: [(key: String, name: String, by: String)] = []
    var requiredKeys: Set<String> = []
    var allowed: Set<String> = []
    /// Whether a superior of the classes is missing in the schema, so that nobody knows what it allows.
    var lacksSuperiors = false
    /// Whether every attribute is allowed (RFC 4512 §4.3).
    var isExtensible = false
  }

  private let schema: Schema
  /// The first auxiliary class that allows an attribute, by the attribute's key.
  private let auxiliaries: [String: String]
  private let sets = Mutex<[String: ClassSet]>([:])
  /// A bound, for names of classes come from outside.
  private static let maximumSets = 1000

  init(schema: Schema) {
    self.schema = schema
    var auxiliaries: [String: String] = [:]
    for objectClass in schema.objectClasses where objectClass.kind == .auxiliary {
      for name in objectClass.must + objectClass.may {
        let key = schema.typeKey(name)
        auxiliaries[key] = auxiliaries[key] ?? objectClass.name
      }
    }
    self.auxiliaries = auxiliaries
  }

  /// An auxiliary class that allows the attribute by itself.
  func auxiliary(allowing key: String) -> String? { auxiliaries[key] }

  func set(of names: [String]) -> ClassSet {
    let key = names.joined(separator: "\u{0}")
    if let known = sets.withLock({ $0[key] }) { return known }
    let made = make(names)
    sets.withLock { sets in
      if sets.count >= Self.maximumSets { sets.removeAll() }
      sets[key] = made
    }
    return made
  }

  private func make(_ names: [String]) -> ClassSet {
    var set = ClassSet()
    for name in names {
      if let objectClass = schema.objectClass(name) { set.known.append(objectClass) } else { set.unknown.append(name) }
    }
    set.isExtensible =
      names.contains { Self.extensible.contains($0.lowercased()) }
      || set.known.contains { Self.extensible.contains($0.oid.lowercased()) }
    set.leaves = leaves(of: set.known)
    var seen: Set<String> = []
    for objectClass in set.known.flatMap({ schema.superclassChain(of: $0) })
    where seen.insert(objectClass.oid.lowercased()).inserted {
      add(objectClass, to: &set)
      if objectClass.superiors.contains(where: { !Self.isTop($0) && schema.objectClass($0) == nil }) {
        set.lacksSuperiors = true
      }
      addRule(of: objectClass, to: &set)
    }
    return set
  }

  /// Adds what content rules allow: the class's own, and those of the auxiliary classes that it brings. What they
  /// require is left to the server: those who publish such rules fill in much of it themselves.
  private func addRule(of objectClass: ObjectClass, to set: inout ClassSet) {
    var waiting = [objectClass]
    var seen: Set<String> = [objectClass.oid.lowercased()]
    while let next = waiting.popLast() {
      guard let rule = schema.contentRules[next.oid.lowercased()] else { continue }
      let auxiliaries = rule.auxiliaries.compactMap { schema.objectClass($0) }
        .flatMap { schema.superclassChain(of: $0) }
      for name in rule.must + rule.may + auxiliaries.flatMap({ $0.must + $0.may }) {
        set.allowed.insert(schema.typeKey(name))
      }
      waiting += auxiliaries.filter { seen.insert($0.oid.lowercased()).inserted }
    }
  }

  private func add(_ objectClass: ObjectClass, to set: inout ClassSet) {
    for name in objectClass.must {
      let key = schema.typeKey(name)
      set.allowed.insert(key)
      // What top requires, the server gives to every entry.
      guard !objectClass.isTop, set.requiredKeys.insert(key).inserted else { continue }
      set.required.append((key, name, objectClass.name))
    }
    for name in objectClass.may { set.allowed.insert(schema.typeKey(name)) }
  }

  private func leaves(of classes: [ObjectClass]) -> [ObjectClass] {
    let structural = classes.filter { $0.kind == .structural }
    var superiors: Set<String> = []
    var seen: Set<String> = []
    for objectClass in structural {
      superiors.formUnion(schema.superclassChain(of: objectClass).dropFirst().map { $0.oid.lowercased() })
    }
    return structural.filter {
      let oid = $0.oid.lowercased()
      return !superiors.contains(oid) && seen.insert(oid).inserted
    }
  }

  fileprivate static func isTop(_ name: String) -> Bool { name == "2.5.6.0" || name.lowercased() == "top" }
}

extension ObjectClass {
  fileprivate var isTop: Bool { ([oid] + names).contains(where: ClassRules.isTop) }
}
