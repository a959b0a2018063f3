/// Counts in one full import which attributes objects lost altogether: an account that may no longer read an attribute
/// sees it vanish from every object, with success.
struct AttributeLosses {
  /// An attribute of the objects of a class.
  struct Subject: Hashable {
    var objectClass: String
    var attribute: String
  }

  /// Losses below this number are everyday changes, whatever their share.
  static let floor = 5

  private var rows: [Subject: [Int64]] = [:]

  /// The attributes, lower case, that a document has and its successor does not.
  static func lost(from old: AttributeDocument, to new: AttributeDocument) -> [String] {
    let kept = Set(new.slices().map { $0.description.lowercased() })
    return old.slices().map { $0.description.lowercased() }.filter { !kept.contains($0) }
  }

  mutating func note(_ attributes: [String], row: Int64, classes: [String]) {
    for objectClass in classes {
      for attribute in attributes {
        rows[Subject(objectClass: objectClass, attribute: attribute), default: []].append(row)
      }
    }
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The subjects that at least `share` percent of their objects lost; `total` tells how many had the attribute before.
  func excessive(share: Int, total: (Subject) throws -> Int) rethrows -> [(subject: Subject, rows: [Int64])] {
    try rows.filter { subject, rows in
      guard rows.count >= Self.floor else { return false }
      return rows.count * 100 >= max(1, try total(subject)) * share
    }.map { ($0.key, $0.value) }.sorted { $0.rows.count > $1.rows.count }
  }
}

extension ImportScope {
  /// Whether the configuration still asks for an attribute: one that it gave up is no loss.
  func asksFor(_ name: String) -> Bool {
    let name = AttributeDescription(name)
    guard selection.holds(name, identity: []) else { return false }
    let isOperational = schema.attributeType(name.type)?.isOperational ?? false
    return !isOperational || selection.includesOperational || !selection.attributes.isEmpty
  }
}
