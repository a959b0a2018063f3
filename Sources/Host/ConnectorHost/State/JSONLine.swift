import ConnectorCore
import ConnectorStore

/// A JSON line out of parts that are JSON already.
struct JSONLine {
  private var json: [UInt8] = [0x7B]

  /// Adds a member; `value` is JSON.
  mutating func add(_ name: String, json value: some Collection<UInt8>) {
    if json.count > 1 { json.append(0x2C) }
    json += JSONText.quote(name)
    json.append(0x3A)
    json += value
  }

  mutating func add(_ name: String, _ text: String) { add(name, json: JSONText.quote(text)) }
  mutating func add(_ name: String, _ number: Int64) { add(name, json: String(number).utf8) }

  /// The line, without its end.
  var text: String { String(decoding: json + [0x7D], as: UTF8.self) }
}

extension ObjectLine {
  /// The object, and where its snapshot stands in the feed, as one JSON line.
  func line(_ position: FeedPosition) -> String {
    var line = JSONLine()
    line.add("dn", dn)
    line.add("anchor", anchor)
    line.add("id", id)
    line.add("objectClasses", json: objectClasses)
    line.add("attributes", json: document.json)
    line.add("feed", position.feedID)
    line.add("sequence", position.sequence)
    return line.text
  }
}

extension ChangeRecord {
  /// The change as one JSON line.
  func line(feed: String) -> String {
    var line = JSONLine()
    line.add("feed", feed)
    line.add("sequence", sequence)
    line.add("transaction", transaction)
    line.add("change", kind.rawValue)
    line.add("id", id)
    line.add("anchor", anchor)
    line.add("dn", dn)
    if let oldID { line.add("oldId", oldID) }
    if let oldAnchor { line.add("oldAnchor", oldAnchor) }
    if let oldDN { line.add("oldDN", oldDN) }
    line.add("objectClasses", json: objectClasses)
    line.add("attributes", json: content)
    line.add("reason", reason)
    return line.text
  }
}
