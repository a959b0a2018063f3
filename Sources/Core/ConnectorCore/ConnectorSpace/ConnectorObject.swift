/// An object of the connector space: what the connector knows of one entry.
package struct ConnectorObject: Hashable, Sendable {
  /// The immutable ID, or the normalised DN where the product has none; unique within a partition.
  package var id: String
  /// What an identity system keys the object by.
  package var anchor: String
  /// The DN as the directory wrote it.
  package var dn: String
  /// The DN's tree key (`DNNormalizer`): root first, so that descendants are one range.
  package var key: String
  /// The attributes.
  package var document: AttributeDocument
  /// The fingerprint of DN and attributes.
  package var hash: ContentHash
  /// Fingerprints of the tree keys that the object's DN-valued attributes point to; each once.
  package var references: [Int64]

  package init(
    id: String, anchor: String, dn: String, key: String, document: AttributeDocument, hash: ContentHash,
    references: [Int64]
  ) {
    self.id = id
    self.anchor = anchor
    self.dn = dn
    self.key = key
    self.document = document
    self.hash = hash
    self.references = references
  }
}

/// The attributes of an object as one canonical JSON text.
///
/// `{"cn":["Ada"],"jpegPhoto":[{"base64":"/9j/…"}]}`: names in the order of their lower-case spelling, values in the order
/// of their JSON text, no white space. Two documents hold the same attributes exactly when they hold the same bytes, and so
/// do two attributes of them. It is the form that files, feeds and reports show, so nothing translates it.
package struct AttributeDocument: Hashable, Sendable {
  package var json: [UInt8]

  package init(json: [UInt8] = Array("{}".utf8)) { self.json = json }

  package var text: String { String(decoding: json, as: UTF8.self) }
}
