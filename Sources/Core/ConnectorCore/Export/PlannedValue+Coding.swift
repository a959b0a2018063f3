import FoundationEssentials

extension PlannedValue: Codable {
  private struct Binary: Codable { var base64: Data }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      bytes = Array(text.utf8)
    } else {
      bytes = Array(try container.decode(Binary.self).base64)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let text { try container.encode(text) } else { try container.encode(Binary(base64: Data(bytes))) }
  }
}
