/// Decides on an entry as it stands whether it belongs to a partition's imports.
struct ScopeTest {
  private let partition: String
  private let include: [String]
  private let exclude: [String]
  private let classes: Set<String>

  init(_ scope: ImportScope, dns: DNNormalizer) {
    func keys(_ names: [DN]) -> [String] { names.compactMap { try? dns.key(of: $0.string) } }
    partition = (try? dns.key(of: scope.partition.string)) ?? scope.partition.key
    include = keys(scope.include)
    exclude = keys(scope.exclude)
    classes = Self.withSubclasses(scope.objectClasses, scope.schema)
  }

  /// Whether the DN with this tree key lies in the partition's selected containers.
  func contains(key: String) -> Bool {
    guard Self.isAtOrBelow(key, partition) else { return false }
    guard include.isEmpty || include.contains(where: { Self.isAtOrBelow(key, $0) }) else { return false }
    return !exclude.contains { Self.isAtOrBelow(key, $0) }
  }

  /// Whether one of these object classes is selected.
  func selects(classes found: [String]) -> Bool {
    classes.isEmpty || found.contains { classes.contains($0.lowercased()) }
  }

  /// Whether everything that a search of the partition answers lies in the selected containers.
  var isWholePartition: Bool { include.isEmpty && exclude.isEmpty }
  /// Whether every object class is selected.
  var selectsAllClasses: Bool { classes.isEmpty }

  /// Whether a selected container lies below the DN with this tree key.
  func hasContainers(below key: String) -> Bool {
    include.contains { Self.isAtOrBelow($0, key) }
  }

  static func isAtOrBelow(_ key: String, _ container: String) -> Bool {
    container.isEmpty || key == container || key.hasPrefix(container + ",")
  }

  /// The classes and everything derived from them: an entry of a subclass is an entry of the class (RFC 4512 §2.4).
  private static func withSubclasses(_ names: [String], _ schema: Schema) -> Set<String> {
    let wanted = Set(names.map { $0.lowercased() })
    guard !wanted.isEmpty else { return [] }
    var all = wanted
    for objectClass in schema.objectClasses {
      let chain = schema.superclassChain(of: objectClass).flatMap(\.names).map { $0.lowercased() }
      if !wanted.isDisjoint(with: chain) { all.formUnion(objectClass.names.map { $0.lowercased() }) }
    }
    return all
  }
}

extension ImportScope {
  /// The bases that a full import searches; none lies below another.
  var searchBases: [String] {
    guard searchesOnlyContainers, !include.isEmpty else { return [partition.string] }
    return include.filter { candidate in
      !include.contains { $0 != candidate && candidate.isDescendant(of: $0) }
    }.map(\.string)
  }

  /// The filter of a full import; an OR of the object classes where several are selected.
  var filter: Filter {
    let filters = objectClasses.map { Filter.equal("objectClass", $0) }
    return filters.isEmpty ? .all : filters.count == 1 ? filters[0] : .or(filters)
  }
}
