/// Writes documents one after the other, in buffers that it keeps.
struct DocumentWriter {
  private var plans: [AttributePlan] = []
  /// The JSON arrays of the attributes, one behind the other, and where each ends.
  private var arrays: [UInt8] = []
  private var ends: [Int] = []
  /// The order of the attributes of the last document, and whose it was: most entries look like the one before.
  private var order: [Int] = []
  private var orderedPlans: [AttributePlan] = []

  mutating func begin() {
    plans.removeAll(keepingCapacity: true)
    arrays.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Adds an attribute with at least one value.
  mutating func add(_ plan: AttributePlan, _ values: EntryValues) {
    plans.append(plan)
    arrays.append(0x5B)
    if values.count == 1 {
      Self.append(values[0], isBinary: plan.isBinary, to: &arrays)
    } else {
      appendSorted(values, isBinary: plan.isBinary)
    }
    arrays.append(0x5D)
    ends.append(arrays.count)
  }

  /// The document of what was added since `begin`.
  mutating func finish() -> AttributeDocument {
    sortPlans()
    var json: [UInt8] = []
    json.reserveCapacity(plans.reduce(arrays.count + 2) { $0 + $1.jsonKey.count + 1 })
    json.append(0x7B)
    for (rank, number) in order.enumerated() {
      if rank > 0 { json.append(0x2C) }
      json.append(contentsOf: plans[number].jsonKey)
      json.append(contentsOf: arrays[(number == 0 ? 0 : ends[number - 1])..<ends[number]])
    }
    json.append(0x7D)
    return AttributeDocument(json: json)
  }

  private mutating func sortPlans() {
    if plans.count == orderedPlans.count, zip(plans, orderedPlans).allSatisfy({ $0 === $1 }) { return }
    order = plans.indices.sorted { plans[$0].sortKey < plans[$1].sortKey }
    orderedPlans = plans
  }

  private mutating func appendSorted(_ values: EntryValues, isBinary: Bool) {
    var texts: [[UInt8]] = []
    texts.reserveCapacity(values.count)
    for value in values {
      var text: [UInt8] = []
      text.reserveCapacity(value.count + 2)
      Self.append(value, isBinary: isBinary, to: &text)
      texts.append(text)
    }
    texts.sort { $0.lexicographicallyPrecedes($1) }
    for (number, text) in texts.enumerated() {
      if number > 0 { arrays.append(0x2C) }
      arrays.append(contentsOf: text)
    }
  }

  /// Text where the syntax and the bytes allow it, base64 else.
  @inline(__always)
  private static func append(_ value: UnsafeBufferPointer<UInt8>, isBinary: Bool, to json: inout [UInt8]) {
    if isBinary || !isUTF8(value) {
      JSONText.appendBase64(value, to: &json)
    } else {
      JSONText.append(value, to: &json)
    }
  }

  @inline(__always)
  private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.allSatisfy({ $0 < 0x80 }) { return true }
    return String(validating: bytes, as: UTF8.self) != nil
  }
}
