/// A JSON line out of parts that are JSON already.
package struct JSONLine {
  private var json: [UInt8] = [0x7B]

  package init() {}

  /// Adds a member; `value` is JSON.
  package mutating func add(_ name: String, json value: some Collection<UInt8>) {
    if json.count > 1 { json.append(0x2C) }
    json += JSONText.quote(name)
    json.append(0x3A)
    json += value
  }

  package mutating func add(_ name: String, _ text: String) { add(name, json: JSONText.quote(text)) }
  package mutating func add(_ name: String, _ number: Int64) { add(name, json: String(number).utf8) }

  /// Adds a list; each item appends its JSON.
  package mutating func add<Item>(_ name: String, list: [Item], _ append: (Item, inout [UInt8]) -> Void) {
    var array: [UInt8] = [0x5B]
    for item in list {
      if array.count > 1 { array.append(0x2C) }
      append(item, &array)
    }
    array.append(0x5D)
    add(name, json: array)
  }

  /// The line as bytes, without its end.
  package var bytes: [UInt8] { json + [0x7D] }
  /// The line, without its end.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}
