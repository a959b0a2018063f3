/// Turns entries into objects of the connector space: identity first, content only when it is needed.
package final class ObjectNormalizer {
  /// What can be told of an entry at the cost of one look at its bytes.
  package struct Identity {
    package var id: String
    package var hash: ContentHash
  }

  private let selection: AttributeSelection
  private let immutableID: ImmutableID?
  private let anchor: AnchorPolicy
  private let nonObjects: [EntryMark]
  private let key: ContentHashKey
  private var plans: AttributePlans
  private var writer = DocumentWriter()
  /// Normalises DNs as the server's schema says.
  package let dns: DNNormalizer

  package init(
    schema: Schema, selection: AttributeSelection, immutableID: ImmutableID?, anchor: AnchorPolicy,
    linked: [LinkedAttributes], nonObjects: [EntryMark] = [], key: ContentHashKey
  ) {
    self.selection = selection
    self.immutableID = immutableID
    self.anchor = anchor
    self.nonObjects = nonObjects
    self.key = key
    dns = DNNormalizer(schema: schema)
    let identity = Self.attributesByName(immutableID, anchor, nonObjects)
    let links = Set(linked.flatMap { [$0.forward, $0.backward] })
    plans = AttributePlans { name in
      let description = AttributeDescription(String(decoding: name, as: UTF8.self))
      let isHeld = selection.holds(description, identity: identity)
      return AttributePlan(
        name: name, schema: schema, isHeld: isHeld, isID: description == immutableID?.attribute, linked: links, key: key
      )
    }
  }

  /// The attributes that a search must ask for.
  package var requestedAttributes: [String] {
    selection.request(identity: Self.attributesByName(immutableID, anchor, nonObjects))
  }

  /// The sign by which an entry is no object; nil for an object.
  package func mark(of entry: Entry) -> EntryMark? {
    nonObjects.isEmpty ? nil : nonObjects.first { $0.marks(entry) }
  }

  /// The ID and fingerprint of an entry; nil when it lacks an ID attribute that it must have, or its DN cannot
  /// be read.
  package func identity(of entry: Entry) -> Identity? {
    var hash = entry.withDN { key.hash($0, domain: 0) }
    var id: String?
    var position = 0
    entry.forEachAttribute { name, values in
      let plan = plans.plan(name, at: position)
      position += 1
      if plan.isID, id == nil, values.count > 0 { id = immutableID?.text(of: values[0]) }
      guard plan.isHeld else { return }
      for value in values { hash = hash &+ key.hash(value, domain: plan.domain) }
    }
    if id == nil, immutableID?.mayBeMissing ?? true {
      id = entry.withDN { try? dns.key(utf8: $0) }.map(nameID(ofKey:))
    }
    return id.map { Identity(id: $0, hash: hash) }
  }

  /// The whole object.
  /// - Throws: `DNError` when the DN cannot be read; `NormalizingError` when the anchor is missing.
  package func object(of entry: Entry, _ identity: Identity) throws -> ConnectorObject {
    guard let anchor = anchor.anchor(of: entry) else { throw NormalizingError.noAnchor(entry.dn) }
    let treeKey = try entry.withDN { try dns.key(utf8: $0) }
    var references = Set<Int64>()
    var position = 0
    writer.begin()
    entry.forEachAttribute { name, values in
      let plan = plans.plan(name, at: position)
      position += 1
      guard plan.isHeld, values.count > 0 else { return }
      writer.add(plan, values)
      guard plan.isReference else { return }
      for value in values { if let reference = reference(to: value) { references.insert(reference) } }
    }
    return ConnectorObject(
      id: identity.id, anchor: anchor, dn: entry.dn, key: treeKey, document: writer.finish(),
      hash: identity.hash, references: Array(references))
  }

  /// Whether an ID is the normalised DN, so that it changes with a rename.
  package func isName(_ id: String) -> Bool {
    guard let immutableID else { return true }
    return immutableID.mayBeMissing && id.hasPrefix(Self.namePrefix)
  }

  /// The ID that an object gets from its tree key; where others have IDs of another kind, it cannot be taken for one.
  package func nameID(ofKey key: String) -> String { immutableID == nil ? key : Self.namePrefix + key }

  private static let namePrefix = "dn:"

  /// The fingerprint by which `referrers(of:)` finds who points to a tree key.
  package func reference(toKey key: String) -> Int64 {
    Int64(bitPattern: self.key.hash(key, domain: 2).low)
  }

  /// A content hash after the DN alone has changed.
  package func hash(_ hash: ContentHash, movedFrom old: String, to new: String) -> ContentHash {
    hash &- key.hash(old, domain: 0) &+ key.hash(new, domain: 0)
  }

  private func reference(to value: UnsafeBufferPointer<UInt8>) -> Int64? {
    (try? dns.key(utf8: value)).map { reference(toKey: $0) }
  }

  /// What is asked for beside the selection, and held only where that names it. The object classes are always asked for.
  private static func attributesByName(
    _ id: ImmutableID?, _ anchor: AnchorPolicy, _ marks: [EntryMark]
  ) -> [AttributeDescription] {
    [id?.attribute, anchor.attribute].compactMap(\.self) + marks.map(\.attribute).filter { $0 != "objectClass" }
  }
}

/// Why an entry cannot become an object.
package enum NormalizingError: Error, CustomStringConvertible {
  case noAnchor(String)

  package var description: String {
    switch self {
    case .noAnchor(let dn): "\(dn) has no value for the anchor attribute"
    }
  }
}
