import FoundationEssentials

extension PlannedValue: Decodable {
  private struct Binary: Decodable { var base64: Data }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      bytes = Array(text.utf8)
    } else {
      bytes = Array(try container.decode(Binary.self).base64)
    }
  }
}
