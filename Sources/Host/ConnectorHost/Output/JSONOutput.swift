import Foundation

/// Facts as JSON with stable names: keys sorted, slashes as they are.
package enum JSONOutput {
  /// One document, indented for a person.
  package static func document(_ value: some Encodable) throws -> String {
    try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// One line of JSON Lines.
  package static func line(_ value: some Encodable) throws -> String {
    try encode(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func encode(_ value: some Encodable, _ form: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = form
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
