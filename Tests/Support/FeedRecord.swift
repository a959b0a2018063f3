/// One line of the change feed.
struct FeedRecord: Decodable {
  enum Change: String, Decodable { case add, update, rename, delete }

  /// All values of an added object's attribute, or the values of a changed one before and after.
  enum AttributeChange: Decodable {
    case values([[UInt8]])
    case replaced(old: [[UInt8]], new: [[UInt8]])

    private enum Key: CodingKey { case old, new }

    init(from decoder: any Decoder) throws {
      if let values = try? decoder.singleValueContainer().decode([JSONValue].self) {
        self = .values(values.map(\.bytes))
        return
      }
      let container = try decoder.container(keyedBy: Key.self)
      self = .replaced(
        old: try container.decode([JSONValue].self, forKey: .old).map(\.bytes),
        new: try container.decode([JSONValue].self, forKey: .new).map(\.bytes))
    }
  }

  let feed: String
  let sequence: Int
  let transaction: Int
  let change: Change
  let id: String
  let oldId: String?
  let anchor: JSONValue?
  let oldAnchor: JSONValue?
  let dn: String
  let oldDN: String?
  let objectClasses: [String]?
  let attributes: [String: AttributeChange]?
}
