import ConnectorCore
import ConnectorTesting
import Foundation
import Testing

extension EngineBench {
  /// The objects that the directory's entries make, by DN; made anew, with nothing of a run.
  func truth() throws -> [String: String] {
    let normalizer = ObjectNormalizer(
      schema: scope.schema, selection: scope.selection, immutableID: scope.immutableID, anchor: scope.anchor,
      linked: scope.linked, key: .random())
    var truth: [String: String] = [:]
    let request = SearchRequest(base: Self.suffix, attributes: normalizer.requestedAttributes, pageSize: nil)
    for entry in try directory.entries(for: request) {
      guard let identity = normalizer.identity(of: entry) else { continue }
      let object = try normalizer.object(of: entry, identity)
      truth[object.dn] = "\(object.id) \(object.document.text)"
    }
    return truth
  }

  func held() throws -> [String: String] {
    Dictionary(
      try objects().map { ($0.dn, "\($0.id) \($0.document.text)") }, uniquingKeysWith: { "\($0) AND \($1)" })
  }

  /// What is wrong with the connector space and with the feed; empty where all three say the same.
  func problems() throws -> [String] {
    let (truth, held) = (try truth(), try held())
    var problems: [String] = []
    for dn in Set(truth.keys).union(held.keys).sorted() where truth[dn] != held[dn] {
      problems.append("\(dn): directory \(truth[dn] ?? "nothing"), connector space \(held[dn] ?? "nothing")")
    }
    var replay = FeedReplay()
    for change in try feed() { replay.apply(change) }
    problems += replay.problems
    if replay.objects != Dictionary(try objects().map { ($0.id, ReplayedObject($0)) }, uniquingKeysWith: { $1 }) {
      problems.append("the feed does not lead to the objects")
    }
    return problems
  }

  /// Runs deltas until nothing is left to do, and compares.
  func expectTruth(_ comment: String = "", at place: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<3 { try await delta() }
    #expect(try problems() == [], "\(comment)", sourceLocation: place)
    #expect(try pending().map { "\($0.cause) \($0.hint) \($0.problem)" } == [], "\(comment)", sourceLocation: place)
  }
}

/// An object as a consumer of the feed knows it.
struct ReplayedObject: Hashable {
  var dn: String
  var anchor: String
  var attributes: [String: Set<String>]

  init(dn: String, anchor: String, json: [UInt8]) {
    self.dn = dn
    self.anchor = anchor
    attributes = Self.values(json)
  }

  init(_ object: ConnectorObject) { self.init(dn: object.dn, anchor: object.anchor, json: object.document.json) }

  static func values(_ json: [UInt8]) -> [String: Set<String>] {
    let parsed = (try? JSONSerialization.jsonObject(with: Data(json))) as? [String: [Any]] ?? [:]
    return Dictionary(parsed.map { ($0.lowercased(), Set($1.map { "\($0)" })) }) { $1 }
  }
}

/// A consumer that starts with nothing and applies every record.
struct FeedReplay {
  var objects: [String: ReplayedObject] = [:]
  var problems: [String] = []

  mutating func apply(_ change: ChangeRecord) {
    let what = "\(change.sequence) \(change.kind.rawValue) \(change.dn)"
    switch change.kind {
    case .add:
      if objects[change.id] != nil { problems.append("\(what): the ID is alive") }
      objects[change.id] = ReplayedObject(dn: change.dn, anchor: change.anchor, json: change.content)
    case .delete:
      if objects.removeValue(forKey: change.id)?.dn != change.dn {
        problems.append("\(what): nobody has that ID and DN")
      }
    case .update, .rename: self.change(change, what)
    }
  }

  private mutating func change(_ change: ChangeRecord, _ what: String) {
    if change.oldID == change.id { problems.append("\(what): the old ID is the new one") }
    guard var object = objects.removeValue(forKey: change.oldID ?? change.id) else {
      return problems.append("\(what): no live object has the ID")
    }
    if object.dn != change.oldDN ?? change.dn { problems.append("\(what): the object was \(object.dn)") }
    if objects[change.id] != nil { problems.append("\(what): the new ID is alive") }
    (object.dn, object.anchor) = (change.dn, change.anchor)
    let parsed = (try? JSONSerialization.jsonObject(with: Data(change.content))) as? [String: [String: [Any]]] ?? [:]
    for (name, values) in parsed {
      let new = Set((values["new"] ?? []).map { "\($0)" })
      object.attributes[name.lowercased()] = new.isEmpty ? nil : new
    }
    objects[change.id] = object
  }
}
