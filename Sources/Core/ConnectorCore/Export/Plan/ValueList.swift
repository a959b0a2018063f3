/// The values of one attribute, found by what their rule compares; in the order in which they came.
struct ValueList {
  let kind: AttributeKind
  private var slots: [[UInt8]?]
  /// Made when something is looked for: most attributes are only carried along.
  private var index: [[UInt8]: Int]?
  /// Whether bytes are compared, because the list holds two values that our rule takes for one.
  private var isExact = false

  init(_ kind: AttributeKind, _ values: [[UInt8]] = []) {
    self.kind = kind
    slots = values
    count = values.count
  }

  var values: [[UInt8]] { slots.compactMap(\.self) }
  private(set) var count: Int
  var isEmpty: Bool { count == 0 }

  /// The value that is equal by the rule, with its own bytes.
  mutating func equal(to value: [UInt8]) -> [UInt8]? {
    prepare()
    return index?[key(of: value)].flatMap { slots[$0] }
  }

  /// Whether the value is there, as good as it must be: a DN whatever its spelling, others to the byte.
  mutating func holds(_ value: [UInt8]) -> Bool {
    equal(to: value).map { kind.isLoose || $0 == value } ?? false
  }

  /// Puts a value in, in the place of one that is equal by the rule.
  mutating func insert(_ value: [UInt8]) {
    prepare()
    let key = key(of: value)
    if let slot = index?[key] {
      if !kind.isLoose { slots[slot] = value }
    } else {
      index?[key] = slots.count
      slots.append(value)
      count += 1
    }
  }

  /// Takes the value away that is equal by the rule; false where there is none.
  @discardableResult
  mutating func remove(_ value: [UInt8]) -> Bool {
    prepare()
    let key = key(of: value)
    guard let slot = index?.removeValue(forKey: key) else { return false }
    slots[slot] = nil
    count -= 1
    return true
  }

  /// Puts exactly these values in; a DN that is there already keeps its spelling.
  mutating func replace(with values: [[UInt8]]) {
    var old = self
    self = ValueList(kind)
    for value in values { insert(kind.isLoose ? old.equal(to: value) ?? value : value) }
  }

  /// Whether both hold the same values, in any order.
  mutating func isSame(as other: inout ValueList) -> Bool {
    let values = values
    return count == other.count && values.allSatisfy { other.holds($0) }
  }

  private func key(of value: [UInt8]) -> [UInt8] { isExact ? value : kind.compared(value) }

  private mutating func prepare() {
    guard index == nil else { return }
    fillIndex()
    guard let count = index?.count, count < slots.count else { return }
    isExact = true
    fillIndex()
  }

  private mutating func fillIndex() {
    var index: [[UInt8]: Int] = [:]
    index.reserveCapacity(slots.count)
    for (slot, value) in slots.enumerated() { if let value { index[key(of: value)] = slot } }
    self.index = index
  }
}
