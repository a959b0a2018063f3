/// Why a line, or an object, is not in the plan.
struct LineProblem: Error {
  var summary: String
  var remedy: String?

  init(_ summary: String, remedy: String? = nil) {
    self.summary = summary
    self.remedy = remedy
  }
}

/// A DN within one of the partitions.
struct PlanName {
  let text: String
  let key: String
  /// Which partition, from 0.
  let partition: Int
  /// The levels below the partition's own entry, the topmost first: their keys and their texts.
  let levels: [(key: String, text: String)]
  /// How the DN ends: the partition, as it is spelled here.
  let root: String
}

/// One level of a DN.
struct PlanRDN {
  let text: String
  let key: String
  let assertions: [RDN.Assertion]

  /// Whether both are the same to the byte, but for how the types are spelled.
  func isSpelled(like other: PlanRDN) -> Bool {
    let values = { (rdn: PlanRDN) in rdn.assertions.map(\.value).sorted { $0.lexicographicallyPrecedes($1) } }
    return key.hasBytes(of: other.key) && values(self) == values(other)
  }
}

/// Reads DNs and says where they lie.
struct PlanNames {
  private let dns: DNNormalizer
  private let partitions: [(index: Int, key: String, depth: Int, test: ScopeTest)]

  init(_ scopes: [ImportScope], dns: DNNormalizer) {
    self.dns = dns
    // The nearest partition first: one may lie within another.
    partitions = scopes.enumerated().map { index, scope in
      let key = (try? dns.key(of: scope.partition.string)) ?? scope.partition.key
      return (index, key, scope.partition.rdns.count, ScopeTest(scope, dns: dns))
    }
    .sorted { $0.key.utf8.count > $1.key.utf8.count }
  }

  /// Reads a DN; throws for text that is none, and for a DN outside of all partitions.
  func name(_ dn: String) throws(LineProblem) -> PlanName {
    let key: String
    do { key = try dns.key(of: dn) } catch { throw LineProblem(error.description) }
    guard let place = partitions.first(where: { ScopeTest.isAtOrBelow(key, $0.key) }) else {
      throw LineProblem(
        "\(dn) lies in none of the selected partitions",
        remedy: "Only what is imported can be exported to: add its partition to partitions, or leave the line out.")
    }
    let keys = key.split(separator: ",").dropFirst(place.depth).map(String.init)
    let texts = DN.components(of: dn)
    guard texts.count == keys.count + place.depth else { throw LineProblem("“\(dn)” is not a DN") }
    let own = texts.prefix(keys.count).reversed().map(String.init)
    return PlanName(
      text: dn, key: key, partition: place.index, levels: Array(zip(keys, own)).map { (key: $0, text: $1) },
      root: texts.suffix(place.depth).joined(separator: ","))
  }

  /// Whether the entry with this key lies in the selected containers of its partition.
  func isSelected(key: String, partition: Int) -> Bool {
    partitions.first { $0.index == partition }?.test.contains(key: key) ?? false
  }

  /// Whether imports take an entry of these classes.
  func selects(classes: [String], partition: Int) -> Bool {
    partitions.first { $0.index == partition }?.test.selects(classes: classes) ?? true
  }

  /// The tree key; nil for what is no DN.
  func key(_ dn: String) -> String? { try? dns.key(of: dn) }

  /// The partition of a tree key; nil outside of all.
  func partition(ofKey key: String) -> (index: Int, levels: [String])? {
    guard let place = partitions.first(where: { ScopeTest.isAtOrBelow(key, $0.key) }) else { return nil }
    return (place.index, key.split(separator: ",").dropFirst(place.depth).map(String.init))
  }

  /// Reads one RDN.
  func rdn(_ text: String) throws(LineProblem) -> PlanRDN {
    do {
      let rdn = try RDN(text)
      return PlanRDN(text: text, key: try dns.key(of: text), assertions: rdn.assertions)
    } catch { throw LineProblem(error.description) }
  }
}
