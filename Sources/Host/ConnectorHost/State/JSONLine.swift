import ConnectorCore
import ConnectorStore

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
