/// What a consumer of the change feed would know: starts empty, applies every record, and notes where the feed
/// contradicts itself.
package struct FeedModel: Sendable {
  /// The live objects by ID.
  package private(set) var objects: [String: ExportedObject] = [:]
  /// What is wrong with the feed, in words; empty for a sound one.
  package private(set) var problems: [String] = []
  /// Records applied, by kind.
  package private(set) var counts: [String: Int] = [:]
  package private(set) var lastSequence = 0
  package private(set) var lastTransaction = 0
  private var feed: String?
  private var idsByDN: [String: Set<String>] = [:]
  private var touchedDNs: Set<String> = []

  package init() {}

  /// The objects, for ``Judge``.
  package var allObjects: [ExportedObject] { Array(objects.values) }

  /// Applies JSON Lines of `changes`, which must end with a whole transaction.
  /// - Throws: `SupportError` on a line that is no record; contradictions become ``problems`` instead.
  package mutating func apply(jsonLines: [UInt8]) throws {
    for (number, record) in try JSONLines.decode(FeedRecord.self, from: jsonLines) {
      checkPlace(record)
      let changes = try lowerCased(record.attributes ?? [:], line: number)
      counts[record.change.rawValue, default: 0] += 1
      switch record.change {
      case .add: add(record, changes)
      case .update, .rename: change(record, changes)
      case .delete: delete(record)
      }
    }
    endTransaction()
  }

  private mutating func checkPlace(_ record: FeedRecord) {
    if let feed, feed != record.feed { complain(record, "the feed ID changed from \(feed) to \(record.feed)") }
    feed = record.feed
    if record.sequence <= lastSequence { complain(record, "the sequence before it was \(lastSequence)") }
    lastSequence = record.sequence
    if record.transaction < lastTransaction { complain(record, "the transaction before it was \(lastTransaction)") }
    if record.transaction != lastTransaction { endTransaction() }
    lastTransaction = record.transaction
  }

  private mutating func add(_ record: FeedRecord, _ changes: [String: FeedRecord.AttributeChange]) {
    if let live = objects[record.id] { complain(record, "the ID is alive as \(live.dn)") }
    var object = ExportedObject(
      dn: record.dn, id: record.id, anchor: record.anchor?.text ?? "", objectClasses: record.objectClasses ?? [])
    for (name, change) in changes {
      guard case .values(let values) = change else {
        complain(record, "\(name): an add gives a list of values")
        continue
      }
      if values.isEmpty { complain(record, "\(name) is added without a value") }
      object.attributes[name] = values
    }
    put(object)
  }

  private mutating func change(_ record: FeedRecord, _ changes: [String: FeedRecord.AttributeChange]) {
    guard var object = objects[record.oldId ?? record.id] else { return complain(record, "no live object has the ID") }
    let before = object
    checkNames(record, object)
    checkID(record)
    if let old = record.oldId, let gone = objects.removeValue(forKey: old) {
      idsByDN[gone.dn.lowercased()]?.remove(old)
    }
    object.id = record.id
    object.dn = record.dn
    object.anchor = record.anchor?.text ?? object.anchor
    for (name, change) in changes {
      guard case .replaced(let old, let new) = change else {
        complain(record, "\(name): a change gives old and new values")
        continue
      }
      replace(name, old, new, in: &object, record)
    }
    if let classes = record.objectClasses { object.objectClasses = classes }
    if record.change == .update && object == before { complain(record, "it changes nothing") }
    put(object)
  }

  private mutating func checkNames(_ record: FeedRecord, _ object: ExportedObject) {
    let sameDN = record.dn.utf8.elementsEqual(object.dn.utf8)
    if record.change == .update && !sameDN { complain(record, "an update changes the DN \(object.dn)") }
    guard record.change == .rename else { return }
    if let oldDN = record.oldDN, oldDN.utf8.elementsEqual(object.dn.utf8) {
      if sameDN && record.oldId == nil { complain(record, "the new DN is the old one") }
    } else {
      complain(record, "oldDN is \(record.oldDN ?? "missing"), the object was \(object.dn)")
    }
    if let oldAnchor = record.oldAnchor, oldAnchor.text != object.anchor {
      complain(record, "oldAnchor is \(oldAnchor.text), the anchor was \(object.anchor)")
    }
  }

  /// Only a rename changes the ID, and not to one that is alive.
  private mutating func checkID(_ record: FeedRecord) {
    guard let old = record.oldId else { return }
    if record.change != .rename { complain(record, "an update changes the ID \(old)") }
    if old == record.id { complain(record, "the new ID is the old one") }
    if old != record.id, let live = objects[record.id] { complain(record, "the ID is alive as \(live.dn)") }
  }

  private mutating func replace(
    _ name: String, _ old: [[UInt8]], _ new: [[UInt8]], in object: inout ExportedObject, _ record: FeedRecord
  ) {
    let isClass = name == "objectclass" && object.attributes[name] == nil
    let held = isClass ? object.objectClasses.map { Array($0.utf8) } : object.attributes[name] ?? []
    if !sameValues(old, held) {
      complain(record, "\(name): old is \(old.prefix(5).map(readable)), the object had \(held.prefix(5).map(readable))")
    }
    if sameValues(old, new) { complain(record, "\(name): old and new are the same") }
    if isClass {
      object.objectClasses = new.map { String(decoding: $0, as: UTF8.self) }
    } else {
      object.attributes[name] = new.isEmpty ? nil : new
    }
  }

  private mutating func delete(_ record: FeedRecord) {
    guard let object = objects.removeValue(forKey: record.id) else {
      return complain(record, "no live object has the ID")
    }
    if !record.dn.utf8.elementsEqual(object.dn.utf8) { complain(record, "the object was \(object.dn)") }
    idsByDN[object.dn.lowercased()]?.remove(object.id)
  }

  private mutating func put(_ object: ExportedObject) {
    if let before = objects.updateValue(object, forKey: object.id) {
      idsByDN[before.dn.lowercased()]?.remove(before.id)
    }
    let key = object.dn.lowercased()
    idsByDN[key, default: []].insert(object.id)
    touchedDNs.insert(key)
  }

  /// At the end of a transaction no two live objects may share a DN; within one they may, for a moment.
  private mutating func endTransaction() {
    for dn in touchedDNs.sorted() where (idsByDN[dn]?.count ?? 0) > 1 {
      problems.append("after transaction \(lastTransaction) two live objects share the DN \(dn)")
    }
    touchedDNs.removeAll(keepingCapacity: true)
  }

  private mutating func complain(_ record: FeedRecord, _ what: String) {
    problems.append("sequence \(record.sequence), \(record.change.rawValue) of \(record.dn) (\(record.id)): \(what)")
  }
}
