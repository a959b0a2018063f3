/// An entry before and after a change, made ready to be compared.
struct EntryChange {
  /// An attribute with all its values.
  struct Attribute {
    /// As the entry spells it, options included.
    let name: String
    /// One for all spellings of the description.
    let key: String
    /// The type without options, and one key for all its spellings.
    let typeName: String
    let typeKey: String
    let type: AttributeType?
    var values: [[UInt8]]
  }

  let dn: DN
  private(set) var after: [Attribute]
  let before: [Attribute]?
  /// Attributes that were there and are no more.
  private(set) var removed: [Attribute] = []
  private var touched: Set<String> = []
  private var old: [String: Set<[UInt8]>] = [:]
  /// Types that are there without their values being known.
  private(set) var hidden: Set<String> = []

  init(
    dn: DN, after: [(AttributeDescription, [[UInt8]])], before: [(AttributeDescription, [[UInt8]])]?, schema: Schema
  ) {
    self.dn = dn
    self.after = Self.attributes(after, schema)
    self.before = before.map { Self.attributes($0, schema) }
    guard let earlier = self.before else { return }
    var counts: [String: Int] = [:]
    for attribute in earlier {
      old[attribute.key] = Set(attribute.values)
      counts[attribute.key] = attribute.values.count
    }
    for attribute in self.after
    where counts[attribute.key] != attribute.values.count || old[attribute.key] != Set(attribute.values) {
      touched.insert(attribute.key)
    }
    let present = Set(self.after.map(\.key))
    removed = earlier.filter { !present.contains($0.key) }
    touched.formUnion(removed.map(\.key))
  }

  /// Attributes with values, each once, in the order in which they come first.
  private static func attributes(_ list: [(AttributeDescription, [[UInt8]])], _ schema: Schema) -> [Attribute] {
    var index: [String: Int] = [:]
    var attributes: [Attribute] = []
    for (description, values) in list where !values.isEmpty {
      let typeName = description.type
      let type = schema.attributeType(typeName)
      let typeKey = schema.typeKey(typeName)
      let options = description.options.map { $0.lowercased() }.filter { $0 != "binary" }.sorted()
      let key = ([typeKey] + options).joined(separator: ";")
      if let position = index[key] {
        attributes[position].values += values
      } else {
        index[key] = attributes.count
        attributes.append(
          Attribute(
            name: description.string, key: key, typeName: typeName, typeKey: typeKey, type: type, values: values))
      }
    }
    return attributes
  }

  /// Makes a password present, under all its names.
  mutating func givePassword(_ names: [AttributeDescription], schema: Schema) {
    hidden.formUnion(names.map { schema.typeKey($0.type) })
  }

  /// Whether the entry is new, or the change touches the attribute.
  func isTouched(_ attribute: Attribute) -> Bool { isTouched(attribute.key) }

  func isTouched(_ key: String) -> Bool { before == nil || touched.contains(key) }

  /// The values that were not there before.
  func newValues(of attribute: Attribute) -> [[UInt8]] {
    guard let known = old[attribute.key] else { return attribute.values }
    return attribute.values.filter { !known.contains($0) }
  }

  /// The names of the classes.
  func classes(of attributes: [Attribute]) -> [String] {
    let values = attributes.first { $0.key == ClassRules.objectClassKey }?.values ?? []
    return values.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The types of attributes.
  func types(_ attributes: [Attribute]) -> Set<String> { Set(attributes.map(\.typeKey)) }
}
