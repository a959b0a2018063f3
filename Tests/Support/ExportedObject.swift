import Foundation

/// An object of the connector space as the executable printed it.
package struct ExportedObject: Sendable, Equatable {
  package var dn: String
  package var id: String
  package var anchor: String
  package var objectClasses: [String]
  /// Attribute description in lower case → values.
  package var attributes: [String: [[UInt8]]]

  package init(
    dn: String, id: String, anchor: String, objectClasses: [String] = [], attributes: [String: [[UInt8]]] = [:]
  ) {
    self.dn = dn
    self.id = id
    self.anchor = anchor
    self.objectClasses = objectClasses
    self.attributes = attributes
  }

  /// The values of `name` (any letter case) as text.
  package func strings(_ name: String) -> [String] {
    (attributes[name.lowercased()] ?? []).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads the JSON Lines of `objects --json`; a line without `dn`, such as the statement of the snapshot, is no object.
  /// - Throws: `SupportError` that names the line which is not what it should be.
  package static func parse(jsonLines: [UInt8]) throws -> [ExportedObject] {
    try JSONLines.decode(ObjectLine.self, from: jsonLines).compactMap { number, line in
      guard let dn = line.dn else { return nil }
      guard let id = line.id, let attributes = line.attributes, let classes = line.objectClasses else {
        throw SupportError("line \(number): \(dn) has no id, no objectClasses or no attributes")
      }
      return ExportedObject(
        dn: dn, id: id, anchor: line.anchor?.text ?? "", objectClasses: classes,
        attributes: try lowerCased(attributes, line: number).mapValues { $0.map(\.bytes) })
    }
  }
}

private struct ObjectLine: Decodable {
  let dn: String?
  let id: String?
  let anchor: JSONValue?
  let objectClasses: [String]?
  let attributes: [String: [JSONValue]]?
}

/// A value in JSON: a string, or `{"base64": …}`.
struct JSONValue: Decodable {
  let bytes: [UInt8]
  var text: String { String(decoding: bytes, as: UTF8.self) }

  private enum Key: CodingKey { case base64 }

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      bytes = Array(text.utf8)
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    guard let data = Data(base64Encoded: try container.decode(String.self, forKey: .base64)) else {
      throw DecodingError.dataCorruptedError(forKey: .base64, in: container, debugDescription: "not base64")
    }
    bytes = Array(data)
  }
}

enum JSONLines {
  /// Decodes every line that is not empty, with its number from 1.
  static func decode<Line: Decodable>(_ type: Line.Type, from bytes: [UInt8]) throws -> [(Int, Line)] {
    let decoder = JSONDecoder()
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    return try lines.enumerated().filter { !$1.isEmpty }.map { index, line in
      do {
        return (index + 1, try decoder.decode(type, from: Data(line)))
      } catch {
        let start = String(decoding: line.prefix(200), as: UTF8.self)
        throw SupportError("line \(index + 1) is not what it should be: \(start)\n\(error)")
      }
    }
  }
}

/// The same dictionary under lower-case names, which must still differ (RFC 4512 §2.5).
func lowerCased<Value>(_ attributes: [String: Value], line: Int) throws -> [String: Value] {
  try Dictionary(attributes.map { ($0.lowercased(), $1) }) { _, _ in
    throw SupportError("line \(line): one attribute appears twice, in different letter case")
  }
}
