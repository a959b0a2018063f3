/// The attributes of an entry as they are or shall be.
struct AttributeModel {
  private var lists: [String: ValueList] = [:]
  private var spellings: [String: AttributeDescription] = [:]
  private var order: [String] = []

  init() {}

  init(_ entry: Entry, _ kinds: AttributeKinds) {
    for (name, values) in entry.attributes where !values.isEmpty {
      let kind = kinds[name]
      let more = lists[kind.key]?.values ?? []
      set(ValueList(kind, more + values), as: name)
    }
  }

  /// The values, in the order of adding; attributes without values are left out.
  var all: [(AttributeDescription, [[UInt8]])] {
    order.compactMap { key in
      guard let list = lists[key], !list.isEmpty, let name = spellings[key] else { return nil }
      return (name, list.values)
    }
  }

  /// The keys of attributes that have values.
  var keys: [String] { order.filter { !(lists[$0]?.isEmpty ?? true) } }

  func values(_ kind: AttributeKind) -> [[UInt8]] { lists[kind.key]?.values ?? [] }
  func count(_ kind: AttributeKind) -> Int { lists[kind.key]?.count ?? 0 }
  func isEmpty(_ kind: AttributeKind) -> Bool { lists[kind.key]?.isEmpty ?? true }
  func list(_ kind: AttributeKind) -> ValueList { lists[kind.key] ?? ValueList(kind) }
  func list(key: String) -> ValueList? { lists[key] }

  /// The description as the entry spells it, else as it is asked for.
  func spelling(_ key: String) -> AttributeDescription? { spellings[key] }

  /// Changes the values of one attribute in their place.
  mutating func change<R>(_ kind: AttributeKind, as name: AttributeDescription, _ body: (inout ValueList) -> R) -> R {
    if lists[kind.key] == nil { set(ValueList(kind), as: name) }
    return body(&lists[kind.key, default: ValueList(kind)])
  }

  mutating func set(_ list: ValueList, as name: AttributeDescription) {
    if lists.updateValue(list, forKey: list.kind.key) == nil {
      order.append(list.kind.key)
      spellings[list.kind.key] = name
    }
  }
}
