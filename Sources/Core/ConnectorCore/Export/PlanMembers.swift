/// Why bytes are not a plan that can be carried out; holds no value of the file.
package enum PlanFault: Error, Hashable, Sendable {
  /// It is something else.
  case noPlan
  /// It is a plan of another version of the form.
  case format(Int)
  /// It is a plan with something wrong at this place.
  case damaged(at: String)
}

/// The members of an object in a plan's JSON, each read as what it must be.
struct PlanMembers {
  private let members: [JSONValue.Member]
  private let place: String

  init(_ value: JSONValue, at place: String) throws(PlanFault) {
    guard case .object(let members) = value else { throw .damaged(at: place) }
    self.members = members
    self.place = place
  }

  subscript(_ name: String) -> JSONValue? {
    for member in members where member.name == name {
      if case .null = member.value { return nil }
      return member.value
    }
    return nil
  }

  func optionalText(_ name: String) throws(PlanFault) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let bytes) = value else { throw fault(name) }
    return String(decoding: bytes, as: UTF8.self)
  }

  func text(_ name: String) throws(PlanFault) -> String {
    guard let text = try optionalText(name) else { throw fault(name) }
    return text
  }

  func optionalNumber(_ name: String) throws(PlanFault) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = Self.number(value) else { throw fault(name) }
    return number
  }

  func number(_ name: String) throws(PlanFault) -> Int {
    guard let number = try optionalNumber(name) else { throw fault(name) }
    return number
  }

  func flag(_ name: String) throws(PlanFault) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let flag) = value else { throw fault(name) }
    return flag
  }

  func word<Word: RawRepresentable<String>>(_ name: String) throws(PlanFault) -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw fault(name) }
    return word
  }

  func numbers(_ name: String) throws(PlanFault) -> [Int] {
    try list(name) { (value, place) throws(PlanFault) in
      guard let number = Self.number(value) else { throw .damaged(at: place) }
      return number
    }
  }

  func values(_ name: String) throws(PlanFault) -> [PlannedValue] { try list(name, PlannedValue.init) }

  /// The items of a list, each read with its place, which counts from 1.
  func list<Item>(_ name: String, _ read: (JSONValue, String) throws(PlanFault) -> Item) throws(PlanFault) -> [Item] {
    guard case .array(let values) = self[name] else { throw fault(name) }
    var items: [Item] = []
    items.reserveCapacity(values.count)
    for value in values { items.append(try read(value, "\(place)\(name) \(items.count + 1) ")) }
    return items
  }

  /// What stands under a name, read where it is there.
  func optional<Item>(_ name: String, _ read: (JSONValue, String) throws(PlanFault) -> Item) throws(PlanFault) -> Item?
  {
    guard let value = self[name] else { return nil }
    return try read(value, "\(place)\(name) ")
  }

  func fault(_ name: String) -> PlanFault { .damaged(at: place + name) }

  private static func number(_ value: JSONValue) -> Int? {
    guard case .number(let digits) = value else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
