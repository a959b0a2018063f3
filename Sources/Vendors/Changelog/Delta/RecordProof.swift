import ConnectorCore

/// What tells a record from any other that may come under its number: a log that was restored, and grew again, has
/// another record there.
struct RecordProof: Hashable, Sendable, Codable {
  private var facts: [String: String] = [:]

  /// Nothing was seen, so anything may be there.
  init() {}

  /// Takes what the record shows; the IDs are the record's own, not those of the entry changed.
  init(_ record: Entry) {
    for name in Self.attributes + ["targetDN", "changeType"] {
      facts[name.string.lowercased()] = record.string(name)
    }
  }

  static let attributes: [AttributeDescription] = [
    "changeTime", "replicationCSN", "entryUUID", "nsUniqueId", "createTimestamp",
  ]

  var isEmpty: Bool { facts.isEmpty }

  /// The first fact in which another record differs, in words; nil where all that both show is the same.
  func difference(from other: RecordProof) -> String? {
    for (name, mine) in facts.sorted(by: { $0.key < $1.key }) {
      if let now = other.facts[name], now != mine { return "\(name) was “\(mine)”, and is “\(now)”" }
    }
    return nil
  }
}
